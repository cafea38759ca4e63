"""What is valid comes out as it went in, however it was written."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import re
import zipfile
from decimal import Decimal
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tap_qa.records.row_key import strip_excel_guard
from tests.fuzz.readers import FORESEEN, read_rows, read_table

TEXTS = st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from('",\r\n\0=;\t \ufeff'), max_size=10)
NUMBERS = st.integers() | st.integers(-(10**300), 10**300) | st.floats(allow_nan=False, allow_infinity=False)
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | st.text(max_size=8) | st.text(st.characters(categories=["Cs"]), max_size=2),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=8,
)


@given(
    rows=st.lists(st.tuples(TEXTS, TEXTS), max_size=8),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]),
    line_end=st.sampled_from(["\n", "\r\n", "\r"]),
    mark=st.booleans(),
    zipped=st.booleans(),
)
def test_what_csv_writes_is_read_back(
    *, rows: list[tuple[str, str]], quoting: Literal[0, 1, 2], line_end: str, mark: bool, zipped: bool
) -> None:
    rows = [tuple(cell.replace("\0", "") for cell in row) for row in rows]  # type: ignore[misc] # still pairs
    if quoting == csv.QUOTE_MINIMAL:
        line_end = "\r\n"  # with any other, csv leaves the other half of it bare in cells, which nobody can read back
    text = io.StringIO(newline="")
    csv.writer(text, quoting=quoting, lineterminator=line_end).writerows([("id", "New"), *rows])
    content = (b"\xef\xbb\xbf" if mark else b"") + text.getvalue().encode()
    if zipped:
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr("scores.csv", content)
        content = file.getvalue()
    found = [(record["id"], (record["_unmapped"] or {}).get("New")) for record in read_table(content, alone=not zipped)]
    filled = [row for row in rows if any(row)]  # a row of nothing is none
    assert found == [(strip_excel_guard(one) or None, other or None) for one, other in filled]


def _mended(value: Any) -> Any:  # noqa: ANN401
    if isinstance(value, str):
        return re.sub("[\ud800-\udfff]", "\ufffd", value.replace("\0", ""))
    if isinstance(value, list):
        return [_mended(item) for item in value]
    if isinstance(value, dict):
        return {_mended(name): _mended(item) for name, item in value.items()}
    return value


@given(
    value=VALUES, free=st.dictionaries(st.text(max_size=4), VALUES, max_size=3), indent=st.sampled_from([None, 0, 2])
)
def test_any_json_value_keeps_its_digits_and_characters(
    value: object, free: dict[str, Any], indent: int | None
) -> None:
    text = json.dumps([{"id": "T1", "any": value, "free": free, "brand new": value}], indent=indent)
    [expected] = json.loads(text, parse_int=Decimal, parse_float=Decimal)
    [record] = read_rows(text.encode())
    assert record["any"] == _mended(expected["any"])
    assert record["free"] == _mended(expected["free"])
    assert record["_unmapped"] == {"brand new": _mended(expected["brand new"])}


@pytest.mark.parametrize("cell", ['"a","id":"b"', '"\\u0000a","id":"b"', 'null,"id":"b"', '"a","at":"odd","id":"b"'])
def test_of_a_name_that_comes_twice_the_last_one_counts(cell: str) -> None:
    [record] = read_rows(f'[{{"id":{cell}}}]'.encode())
    assert record["id"] == "b"


@pytest.mark.parametrize("depth", [10, 100, 500])
@pytest.mark.parametrize("name", ["any", "free", "brand new"])
def test_deep_values_arrive(depth: int, name: str) -> None:
    value = '{"a":' * depth + "1" + "}" * depth
    [record] = read_rows(f'[{{"id":"T1","{name}":{value}}}]'.encode())
    assert json.dumps(record, default=str).count('{"a":') == depth


@pytest.mark.parametrize("depth", [*range(880, 1010, 10), 5000, 100_000])
def test_values_too_deep_for_python_are_told_or_arrive(depth: int) -> None:
    for value in ("[" * depth + "]" * depth, '{"a":' * depth + "1" + "}" * depth):
        with contextlib.suppress(*FORESEEN):
            [record] = read_rows(f'[{{"id":"T1","any":{value}}}]'.encode())
            assert record["id"] == "T1"


def test_a_cell_and_a_text_of_megabytes_arrive_whole() -> None:
    text = "x" * (2 << 20)
    [record] = read_table(f"id,any\nT1,{text}\n".encode())
    assert record["any"] == text
    [record] = read_rows(json.dumps([{"id": text, "any": {"a": text}}]).encode())
    assert (record["id"], record["any"]) == (text, {"a": text})
