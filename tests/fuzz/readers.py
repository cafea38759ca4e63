"""What reads bytes of others, each as a function that takes any bytes at all.

A reader may refuse them by an error that was foreseen. Else all that it makes of them has to be fit to go out: lines
of JSON in UTF-8, one for each row. Whatever else it raises is a bug.
"""

from __future__ import annotations

import contextlib
import io
import json
import re
from datetime import datetime, timezone
from decimal import Decimal
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Any

from tap_qa import json_codec as body
from tap_qa.config.input_files import checked_state
from tap_qa.errors import TapQAError
from tap_qa.files.archive import Archive, Limits
from tap_qa.files.csv_shape import TableShape
from tap_qa.files.csv_table import Table, TableSource
from tap_qa.files.download import Download
from tap_qa.http import auth, rate_limit_headers
from tap_qa.http import backoff as waits
from tap_qa.http.attempt_errors import TransientError
from tap_qa.http.request import Response
from tap_qa.http.url_policy import DownloadPolicy
from tap_qa.jobs.responses import job_id
from tap_qa.pagination.consistency import read_consistently
from tap_qa.pagination.distinct_keys import KeyReader
from tap_qa.pagination.envelope import EnvelopeSpec, parse_list_response
from tap_qa.pagination.next_page import next_page_params
from tap_qa.pagination.page import Page
from tap_qa.records.chunks import RawRows
from tap_qa.records.conform import RecordConformer
from tap_qa.records.convert import InvalidValueError, to_boolean, to_date, to_fraction, to_integer
from tap_qa.records.decoder import RowDecoder
from tap_qa.records.drift_log import SchemaDriftLog
from tap_qa.records.row_key import Columns
from tap_qa.records.timestamps import TimestampParser, parse_instant
from tap_qa.singer.record_messages import Envelope, record_lines
from tap_qa.state import bookmarks
from tap_qa.vendors.canary_speech import client as canary_speech
from tap_qa.vendors.canary_speech.scores import read_scores
from tap_qa.vendors.cxone import auth as cxone_tokens
from tap_qa.vendors.cxone import jobs as cxone
from tap_qa.vendors.maestroqa import jobs as maestroqa

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

NOW = datetime(2026, 6, 15, 6, tzinfo=timezone.utc)
FORM = EnvelopeSpec(rows=("results", "data"), next=("next",), more="more", total=("total",))
_STAMP = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?\+00:00")
_SURROGATES = re.compile("[\ud800-\udfff]")
_MAX_DIGITS = 4300  # more of them Python's own reader of JSON refuses


class TooDeepToTellError(Exception):
    """What was sent is nested more deeply than this test can read."""


FORESEEN = (TapQAError, TransientError, TooDeepToTellError)


def _of(*types: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401
    return {"type": [*types, "null"], **more}


SCHEMA: dict[str, Any] = {
    "properties": {
        "_row_key": _of("string"),
        "id": _of("string"),
        "at": _of("string", format="date-time"),
        "day": _of("string", format="date"),
        "score": _of("number"),
        "count": _of("integer"),
        "passed": _of("boolean"),
        "any": {},
        "free": _of("object"),
        "person": _of("object", properties={"name": _of("string"), "scores": _of("array", items=_of("number"))}),
        "tags": _of("array", items=_of("string")),
        "_unmapped": _of("object"),
    }
}
ROWS = {"properties": {name: column for name, column in SCHEMA["properties"].items() if name != "_row_key"}}
RULE = DownloadPolicy(loopback_allowed=True, resolve=lambda _host: ["192.0.2.1"])


def _refuse_constant(name: str) -> Any:  # noqa: ANN401
    msg = f"{name} is no JSON"
    raise AssertionError(msg)


def _integer(text: str) -> Decimal:
    assert len(text) <= _MAX_DIGITS
    return Decimal(text)


def _fraction(text: str) -> Decimal | str:
    try:
        return Decimal(text)
    except ArithmeticError:
        return text


def sent(records: Iterable[Any]) -> list[dict[str, Any]]:
    """Write records as they go out and read them back, strictly; numbers keep their digits."""
    pieces = list(record_lines(records, Envelope("s", version=None, time_extracted=NOW)))
    found = []
    for line in b"".join(pieces).decode("utf-8").split("\n")[:-1]:
        try:
            message = json.loads(line, parse_constant=_refuse_constant, parse_int=_integer, parse_float=_fraction)
        except RecursionError:
            raise TooDeepToTellError from None
        assert message["type"] == "RECORD"
        assert not _SURROGATES.search(json.dumps(message, ensure_ascii=False, default=str))
        assert r"\u0000" not in line
        stamp = message["record"]["at"]
        assert stamp is None or _STAMP.fullmatch(stamp), stamp
        found.append(message["record"])
    assert b"".join(pieces).count(b"\n") == len(found)
    return found


def read_table(content: bytes, *, alone: bool = True) -> list[dict[str, Any]]:
    """Read a file, zip or CSV."""
    file = TemporaryFile()  # noqa: SIM115 - handed on
    file.write(content)
    file.seek(0)
    limits = Limits(members=20, bytes=4 << 20, ratio_free_bytes=1 << 20)
    archive = Archive("s", Download(file, len(content)), limits)
    try:
        shape = TableShape("s", SCHEMA, Columns(("id",), tiebreak_columns=("at",)), notes=SchemaDriftLog("s"))
        table = Table(TableSource(archive.member(["scores"], alone=alone), "scores"), shape)
        found = sent(record for batch in table.records({}) for record in batch)
        assert len(found) == table.rows
        table.close()
        return found
    finally:
        archive.close()


def read_rows(content: bytes) -> list[dict[str, Any]]:
    """Read an answer with a list, page by page, and make records of its rows."""
    found = parse_list_response(Response(200, {}, content), FORM)
    if found.next is not None:
        next_page_params(found.next, {"limit": 10})
    keys = KeyReader(("id",), {"ID": "id"})
    parts = read_consistently("s", lambda: iter([Page(found.array, found.total)]), keys=keys.read_keys, closed=True)
    shape = RecordConformer("s", ROWS, keys=(), renames={"ID": "id"})
    typed = RowDecoder(shape)
    return sent(record for part in parts for record in RawRows(part).records(shape, typed))


def _read_body(content: bytes) -> None:
    try:
        value = body.decode(content)
    except body.BodyError:
        return
    assert body.decode(body.encode(value)) == value
    text = bytes(body.encode(value)).decode("utf-8")
    assert "\n" not in text
    json.loads(text, parse_constant=_refuse_constant, parse_int=_integer, parse_float=_fraction)


def _text(content: bytes) -> str:
    return content.decode("utf-8", "replace")


def _read_onward(content: bytes) -> None:
    next_page_params(_text(content), {"limit": 10})


def _read_header(content: bytes) -> None:
    text = content.decode("latin-1")  # as http.client reads headers
    headers = dict.fromkeys(("Retry-After", "X-RateLimit-Reset", "X-RateLimit-Remaining", "RateLimit"), text)
    for wait in (
        waits.seconds_until(text, now=NOW),
        rate_limit_headers.demanded_wait(headers, now=NOW),
        rate_limit_headers.quota_reset_delay(headers, now=NOW),
    ):
        assert wait is None or wait >= 0
    date = waits.http_date(text)
    assert date is None or date.tzinfo is not None
    rate_limit_headers.is_quota_low(headers, now=NOW)


def _read_address(content: bytes) -> None:
    RULE.violation(_text(content))


def _read_cell(content: bytes) -> None:
    text = _text(content)
    instants = TimestampParser()
    for _ in range(2):  # the second time it is known
        with contextlib.suppress(InvalidValueError):
            stamp = instants(text)
            assert stamp is None or _STAMP.fullmatch(stamp), stamp
            assert stamp is None or parse_instant(stamp)
    for convert in (to_boolean, to_integer, to_fraction, to_date):
        with contextlib.suppress(InvalidValueError):
            json.loads(bytes(body.encode(convert(text))))


def _read_state(content: bytes) -> None:
    file = checked_state(io.StringIO(_text(content)))
    assert file is not None
    state = bookmarks.validate_state(json.load(file))
    for stream, bookmark in state.get("bookmarks", {}).items():
        bookmarks.Bookmark(stream, "at", bookmark).value()


def _read_job(content: bytes) -> None:
    answer = Response(200, {}, content)
    parsers: tuple[Callable[[Response], Any], ...] = (
        *(cxone.read_id, cxone.read_status, cxone._any_running),  # noqa: SLF001 - the only ones that read such answers
        *(job_id, maestroqa.read_status),
        read_scores,
    )
    for parse in parsers:
        with contextlib.suppress(*FORESEEN):
            parse(answer)


def _read_token(content: bytes) -> None:
    with contextlib.suppress(*FORESEEN):
        token = cxone_tokens._token(Response(200, {}, content))  # noqa: SLF001
        assert token.lifetime_seconds > 0
    with contextlib.suppress(body.BodyError):
        found = body.decode(content)
        auth.lifetime_seconds(found.get("expires_in") if isinstance(found, dict) else found, usual=60.0)
    canary_speech.lifetime_seconds(_text(content), now=NOW)


READERS: dict[str, Callable[[bytes], object]] = {
    "csv": read_table,
    "zip": lambda content: read_table(content, alone=False),
    "list": read_rows,
    "row": lambda content: read_rows(b"[" + content + b"]"),
    "body": _read_body,
    "next-page": _read_onward,
    "header": _read_header,
    "address": _read_address,
    "cell": _read_cell,
    "state": _read_state,
    "job": _read_job,
    "token": _read_token,
}


def run(reader: str, content: bytes) -> None:
    """Have a reader read; what it raises now was not foreseen."""
    with contextlib.suppress(*FORESEEN):
        READERS[reader](content)
