"""RECORD messages: the bytes that the SDK's own messages would have."""

from __future__ import annotations

from datetime import datetime, timezone
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from singer_sdk.singerlib import RecordMessage

from tap_qa.singer.record_messages import Envelope, record_lines

NOW = datetime(2026, 1, 2, 3, 4, 5, 678900, tzinfo=timezone.utc)
encode = msgspec.json.Encoder(decimal_format="number").encode
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.text() | st.just(Decimal("0.10")),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@given(st.lists(st.dictionaries(st.text(), values, max_size=4), max_size=300), st.none() | st.integers(0, 2**40))
def test_lines_are_those_of_single_messages(records: list[dict[str, Any]], version: int | None) -> None:
    noted: list[tuple[Any, bytes]] = []

    def note(some: Any, lines: Any) -> None:  # noqa: ANN401
        noted.extend(zip(some, lines, strict=True))

    made = b"".join(record_lines(records, Envelope('a "b"', version=version, time_extracted=NOW), note=note))
    single = [
        encode(RecordMessage('a "b"', record, version=version, time_extracted=NOW).to_dict()) for record in records
    ]
    assert made == b"".join(line + b"\n" for line in single)
    assert noted == [(record, encode(record)) for record in records]


@pytest.mark.parametrize("text", ['"record":{}', "\u2028\x85\x1c\n\r\n\r", "\x01"])
def test_no_text_looks_like_an_envelope_or_the_end_of_a_line(text: str) -> None:
    records = [{text: text}, msgspec.defstruct("R", [("a", Any)])(msgspec.Raw(encode([text])))]
    lines = b"".join(record_lines(records, Envelope(text, version=None, time_extracted=NOW))).split(b"\n")
    assert [msgspec.json.decode(line)["record"] for line in lines[:-1]] == [{text: text}, {"a": [text]}]
    assert {msgspec.json.decode(line)["stream"] for line in lines[:-1]} == {text}
    assert lines[-1] == b""
