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
from tap_qa.http.text_repair import repair


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


@pytest.mark.parametrize("body", [b'"' + b'\\"' * 200_000, b'"' * 200_001, b'"' + b"\\" * 200_001])
def test_no_body_takes_long(body: bytes) -> None:
    started = time.process_time()
    repair(body)
    assert time.process_time() - started < 2
