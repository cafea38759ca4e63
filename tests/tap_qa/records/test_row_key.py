"""Keys never change: neither with the file's form nor with the tap's version."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tap_qa.records.row_key import (
    Cells,
    Columns,
    canonical_instant,
    canonical_text,
    column_digests,
    digest,
    key,
    strip_excel_guard,
)

if TYPE_CHECKING:
    import random

# Stored tables hold keys like these. A test that fails here is never repaired by a new value.
GOLDEN = [
    (
        ["T-1", "A-1", "R-1", "eva@example.com", "grading", "2024-10-12T10:49:54", ""],
        0,
        "db6c0941dca7b9aacc36a5360c771156",
    ),
    ([""], 0, "0b00406f2d64605d0d85a6a98df2d425"),
    (["é\u4e2d\U0001f600"], 0, "fb07b3ab829172a0ca172eb75fc811d6"),
    (["a,b", "c"], 1, "9728265a82610fb73df01f17ebd5d3e5"),
    (["20873a3f-b951-4481-b83b-f6fa1ebe0759"], 2, "4bffc96ad638f304654893264863eee5"),
]


@pytest.mark.parametrize(("values", "ordinal", "expected"), GOLDEN)
def test_keys_are_frozen(values: list[str], ordinal: int, expected: str) -> None:
    assert key(values, ordinal) == expected


@pytest.mark.parametrize(
    "cell",
    [
        "2020-06-25 12:34:56",
        '="2020-06-25 12:34:56"',
        '="2020-06-25 12:34:56.789"',
        "2020-06-25T12:34:56Z",
        "2020-06-25T12:34:56.789000+00:00",
        " 2020-06-25 14:34:56+02:00 ",
    ],
)
def test_one_instant_has_one_form(cell: str) -> None:
    assert canonical_instant(cell) == "2020-06-25T12:34:56"


@pytest.mark.parametrize(
    ("cell", "form"),
    [("", ""), ("  ", ""), ("not a date", "not a date"), ("2020-13-45 00:00:00", "2020-13-45 00:00:00")],
)
def test_what_is_no_instant_still_tells_rows_apart(cell: str, form: str) -> None:
    assert canonical_instant(cell) == form


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ('="123"', "123"),
        ('="a""b"', 'a"b'),
        ('=""', ""),
        ('="a"&"b"', '="a"&"b"'),
        ("=1+1", "=1+1"),
        ('="', '="'),
        ('="open', '="open'),
        ("", ""),
    ],
)
def test_the_guard_goes_only_when_it_encloses_all(cell: str, text: str) -> None:
    assert strip_excel_guard(cell) == text


def test_blanks_around_a_text_do_not_count() -> None:
    assert canonical_text(' =" 7 " ') == canonical_text("7") == "7"


@given(st.lists(st.text(), min_size=1, max_size=5), st.lists(st.text(), min_size=1, max_size=5), st.integers(0, 3))
def test_different_values_have_different_keys(one: list[str], other: list[str], ordinal: int) -> None:
    assert (key(one, ordinal) == key(other, ordinal)) == (one == other)
    assert key(one, ordinal) != key(one, ordinal + 1)


IDENTITY = Columns(("ticket", "graded"), optional=("target",))
FORMATS = {"graded": "date-time"}


def key_of(row: dict[str, str], order: list[str]) -> str:
    cells = Cells({name: place for place, name in enumerate(order)}, FORMATS, frozenset({"unknown", "n/a"}))
    return key(IDENTITY.reader(cells)([row[name] for name in order]))


@given(st.randoms(use_true_random=False))
def test_neither_the_order_of_columns_nor_other_columns_matter(draw: random.Random) -> None:
    row = {"ticket": "7", "graded": "2024-01-01 00:00:00", "target": "", "score": str(draw.random())}
    order = list(row)
    draw.shuffle(order)
    without_target = [name for name in order if name != "target"]
    assert key_of(row, order) == key_of(row, without_target) == key(["7", "2024-01-01T00:00:00", ""])


def test_words_for_null_are_null() -> None:
    order = ["ticket", "graded", "target"]
    unknown = key_of({"ticket": "Unknown", "graded": "Unknown", "target": "N/A"}, order)
    assert unknown == key_of({"ticket": "", "graded": "", "target": ""}, order) == key(["", "", ""])


def test_a_file_without_an_identifying_column_is_told() -> None:
    assert IDENTITY.missing({"graded", "score"}) == ["ticket"]
    assert IDENTITY.missing({"graded", "ticket"}) == []


TEXTS = ["", " ", "a", " a ", '="a"', '=" a "', '="a', "N/A", "n/a", "é", "odd"]
STAMPS = ["2024-10-12 10:49:54", "2024-10-12T10:49:54Z", '="2024-10-12 10:49:54"', "2024-10-12", "1728730194"]
KEY_CELLS = st.sampled_from([*TEXTS, *STAMPS, "2024-10-12 10:49:54.5", " 2024-10-12 10:49:54", "2024-99-99"])


@given(st.lists(st.tuples(KEY_CELLS, KEY_CELLS, KEY_CELLS), min_size=1, max_size=20), st.booleans())
def test_keys_of_a_column_at_a_time_are_those_of_rows(rows: list[tuple[str, str, str]], nulls: bool) -> None:  # noqa: FBT001
    cells = Cells({"a": 0, "at": 1, "b": 2}, {"at": "date-time"}, frozenset({"n/a"}) if nulls else frozenset())
    identity = Columns(("a", "at"), optional=("missing", "b"))
    values = identity.reader(cells)
    digests = column_digests(identity, cells)
    for _ in range(2):
        assert digests(list(zip(*rows, strict=True))) == [digest(values(row)) for row in rows]
