"""Bytes that readers understand, and pieces that such bytes are made of: good starts for bad bytes."""

from __future__ import annotations

import io
import zipfile

CSV = (
    b"id,at,day,score,count,passed,any,free\r\n"
    b'T1,2024-10-12 10:49:54,2024-10-12,92.50%,3,TRUE,"a ""b"", c\n d",x\r\n'
    b'"=""T2""",1728730194,,N/A,-1,no,\xc3\xa9\xf0\x9f\x98\x80,\r\n'
)
ROW = (
    b'{"id":"T1","at":"2024-10-12T10:49:54.5Z","day":"2024-10-12","score":92.50,"count":3,"passed":true,"any":[1,{}],'
    b'"free":{"a":"\\u00e9"},"person":{"name":"Zo\xc3\xab","scores":[1,2.5e3,null]},"tags":["a",null],"new":-0.0}'
)
LIST = b'{"results":[' + ROW + b',\n{"ID":"T2","at":1728730194}],"total":2,"next":"/things?page=2","more":false}'
TOKEN = b'{"access_token":"a.eyJleHAiOjE3Mjg3MzAxOTR9.c","expires_in":3600}'
JOB = (
    b'{"jobStatus":{"status":"SUCCEEDED","result":{"url":"https://files.example/x","errorMessage":"m@example.org"}},'
    b'"jobs":[{"status":"RUNNING"}],"jobId":"j","exportId":7,"status":"complete","dataUrl":"https://files.example/y",'
    b'"scores":[{"id":1}]}'
)
STATE = (
    b'{"bookmarks":{"s":{"replication_key":"at","replication_key_value":"2024-10-12T10:49:54+00:00","backfill":'
    b'{"start_date":"2024-01-01T00:00:00+00:00","finished_to":null},"partitions":[{"progress_markers":{}}]}}}'
)


def _zipped(*methods: int) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for number, method in enumerate(methods):
            archive.writestr(f"folder/{'scores' if number == 0 else 'others'}.csv", CSV, method)
    return buffer.getvalue()


SEEDS: dict[str, tuple[bytes, ...]] = {
    "csv": (CSV, b"\xef\xbb\xbf" + CSV, b"id\n", CSV.replace(b'"', b"")),
    "zip": (
        _zipped(zipfile.ZIP_DEFLATED),
        _zipped(zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED),
        _zipped(zipfile.ZIP_BZIP2),
        _zipped(zipfile.ZIP_LZMA),
    ),
    "list": (LIST, b"[" + ROW + b"]", b"[]", b'{"data":[],"total":0}'),
    "row": (ROW, ROW.replace(b",", b",\r\n ")),
    "body": (
        LIST,
        b'"\\ud83d\\ude00\\ud800\\u0000"',
        b"[NaN,-Infinity,1e999999999999999999999,12345678901234567890123]",
    ),
    "next-page": (
        b"3",
        b"/things?page=2&cursor=a%2Bb",
        b"https://api.example:443/v1/things?page=3#top",
        b"http://[::1]/?a=1",
    ),
    "header": (
        b"120",
        b"Mon, 15 Jun 2026 06:10:00 GMT",
        b"2026-06-15T08:10:00+02:00",
        b"Monday, 15-Jun-26 06:10:00 GMT",
    ),
    "address": (
        b"https://files.example/x?a=1",
        b"http://127.0.0.1:8000/",
        b"https://u:p@[::1]:443/",
        b"https://1.2.3.4/",
    ),
    "cell": (
        b"2024-10-12 10:49:54.123+05:30",
        b"1728730194123",
        b"92.50%",
        b"-1.5e3",
        b"2024-10-12T00:00:00Z",
        b"TRUE",
    ),
    "state": (STATE, b"{}", b'{"bookmarks":{}}'),
    "job": (JOB, b'"j-1"', b'{"jobStatus":{"status":"FAILED"}}'),
    "token": (TOKEN, b"a.eyJleHAiOjE3Mjg3MzAxOTR9.c", b'"3600"'),
}

PIECES: tuple[bytes, ...] = (
    *(b",", b'"', b'""', b"\n", b"\r", b"\r\n", b"\0", b"\t", b" ", b'="1"', b"\xef\xbb\xbf", b"\xff", b"\xed\xa0\x80"),
    *(
        b"{",
        b"}",
        b"[",
        b"]",
        b":",
        b"null",
        b"true",
        b"NaN",
        b"-",
        b".",
        b"+",
        b"e",
        b"E5",
        b"\\",
        b"\\u0000",
        b"\\ud800",
    ),
    *(b"\\uDFFF", b"\\x", b"\x1f", b"\x7f", b"\xc2\x85", b"\xe2\x80\xa8", b"\xf0\x9f\x98\x80"),
    *(
        b'"id":',
        b'"at":',
        b'"day":',
        b'"score":',
        b'"count":',
        b'"any":',
        b'"free":',
        b'"person":',
        b'"tags":',
        b'"x":',
    ),
    *(b'"results":', b'"next":', b'"total":', b'"more":', b'"expires_in":', b'"status":', b'"jobs":', b'"bookmarks":'),
    *(b"9223372036854775808", b"1e400", b"1e-400", b"1" * 25, b"7" * 4301, b"0001", b"9999", b"99999999999999999999"),
    *(b"0", b"1", b"9", "\u0661".encode(), "\uff11".encode()),
    *(b"+14:00", b"-99:99", b"GMT", b"Z", b"inf", b"_", b"%", b"http://", b"//", b"@", b"?a=", b"[::", b":0", b"#"),
    *(b"PK\x01\x02", b"PK\x03\x04", b"PK\x05\x06", b"PK\x06\x06", b"PK\x06\x07", b"\xff" * 4, b"\xff" * 8, b"\0" * 4),
    *(b"[" * 990, b'{"a":' * 480, b"[" * 3000),
)
