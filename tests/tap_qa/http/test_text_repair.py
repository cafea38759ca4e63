"""Texts that JSON does not allow."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tap_qa.http.attempt_errors import BrokenTextError, UnreadableResponseError
from tap_qa.http.request import Response
from tap_qa.http.response import decode_json
from tap_qa.http.text_repair import repair, repairs


@pytest.mark.parametrize(
    ("body", "value", "texts"),
    [
        (b'{"a": "x\ty"}', {"a": "x\ufffdy"}, 1),
        (b'{\t"a"\n:\r"x\r\ny"}', {"a": "x\ufffd\ufffdy"}, 1),
        (b'{"a\x00": "\\"\x1f\\\\"}', {"a\ufffd": '"\ufffd\\'}, 2),
        (b'["x\xff", "y\xc3", "z"]', ["x\ufffd", "y\ufffd", "z"], 2),
        ('["\u2028 ü", 1]'.encode(), ["\u2028 ü", 1], 0),
    ],
)
def test_only_what_json_forbids_in_texts_is_replaced(body: bytes, value: object, texts: int) -> None:
    response = Response(200, {}, body, may_replace_bytes=True)
    assert decode_json(response) == value
    assert len(response.repaired_texts) == texts


@pytest.mark.parametrize(
    ("body", "value", "texts"),
    [
        (rb'{"a": "C:\Users\x", "b": 1}', {"a": "C:\ufffdUsers\ufffdx", "b": 1}, 1),
        (rb'["\u12", "\u00e9", "it\'s"]', ["\ufffdu12", "é", "it\ufffd's"], 2),
        (rb'[{"a": "C:\dir\", "b": "x"}]', [{"a": "C:\ufffddir\ufffd", "b": "x"}], 1),
        (rb'[{"a": "C:\dir\"}, 5]', [{"a": "C:\ufffddir\ufffd"}, 5], 1),
        (b'{"a": "he said "no", then left", "b": "x"}', {"a": "he said \ufffdno\ufffd, then left", "b": "x"}, 1),
        (b'{"a": "ends "", "b": ""starts", "c": ""}', {"a": "ends \ufffd", "b": "\ufffdstarts", "c": ""}, 2),
        (
            b'{"a": ["x "y"", "z"], "b": {"c": "is "d": e"}}',
            {"a": ["x \ufffdy\ufffd", "z"], "b": {"c": "is \ufffdd\ufffd: e"}},
            2,
        ),
        (b'{"a "b"": "\xff"c""}', {"a \ufffdb\ufffd": "\ufffd\ufffdc\ufffd"}, 2),
        (rb'["\"\"", "{\"a\": {\"b\": 1}}", " "q" "]', ['""', '{"a": {"b": 1}}', " \ufffdq\ufffd "], 1),
    ],
)
def test_marks_that_lack_their_escape_cost_no_more_than_themselves(body: bytes, value: object, texts: int) -> None:
    response = Response(200, {}, body, may_replace_bytes=True)
    assert decode_json(response) == value
    assert len(response.repaired_texts) == texts


@given(st.lists(st.text('ab ,."\n'), min_size=1, max_size=4))
def test_no_text_spills_over_into_another_field(notes: list[str]) -> None:
    rows = ",".join(f'{{"id": {number}, "note": "{note}", "more": "x"}}' for number, note in enumerate(notes))
    response = Response(200, {}, f'{{"rows": [{rows}], "total": {len(notes)}}}'.encode())
    written = [note.replace('"', "\ufffd").replace("\n", "\ufffd") for note in notes]
    assert decode_json(response) == {
        "rows": [{"id": number, "note": note, "more": "x"} for number, note in enumerate(written)],
        "total": len(notes),
    }


@pytest.mark.parametrize(
    "body", [b'{"a": "b', b'{"a": "b"', b'<p class="a">"b"</p>', b'{"a" "b"}', b'{"a": "b" "c": 1}']
)
def test_what_is_no_json_beside_its_texts_stays_an_error(body: bytes) -> None:
    with pytest.raises(UnreadableResponseError):
        decode_json(Response(200, {}, body))


def test_bytes_that_are_no_utf8_are_not_replaced_at_first() -> None:
    with pytest.raises(BrokenTextError, match="byte 2 is not UTF-8"):
        decode_json(Response(200, {}, b'["\xff"]'))
    with pytest.raises(UnreadableResponseError):
        decode_json(Response(200, {}, b'[\xff"x"]', may_replace_bytes=True))


@given(st.recursive(st.text() | st.integers(), st.lists), st.booleans())
def test_what_json_allows_stays_as_it_is(value: object, ascii_only: bool) -> None:  # noqa: FBT001 - drawn
    body = json.dumps(value, ensure_ascii=ascii_only).encode("utf-8", "surrogatepass")
    try:
        body.decode()
    except UnicodeDecodeError:
        return
    assert repair(body).body == body


@given(st.binary(max_size=60))
def test_a_repaired_body_is_repaired_already(body: bytes) -> None:
    once = repair(body)
    assert repair(once.body) == type(once)(once.body, frozenset(), replaced_bytes=False)


@pytest.mark.parametrize(
    "text",
    [
        b'"' + b'\\"' * 50_000,
        b'"' * 50_001,
        b'"' + b"\\" * 50_001,
        b'" ' * 50_000,
        b'",""' * 25_000,
        b'"' + b" " * 100_000,
    ],
)
def test_no_body_takes_long(text: bytes) -> None:
    started = time.process_time()
    for body in (text, b"[" + text, b'{"a": ' + text, b"[" * 50_000 + text):
        assert list(repairs(body))
    assert time.process_time() - started < 4
