"""What counts as the same value, and what a table lacks."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from qa_loaders.checks import key_of
from qa_loaders.comparison import compare, difference
from qa_loaders.stores import JSON_NULL, UNREADABLE

if TYPE_CHECKING:
    from qa_loaders.checks import Row

TEXT, INTEGER, NUMBER, FLAG, OBJECT, LIST = (
    {"type": [kind, "null"]} for kind in ("string", "integer", "number", "boolean", "object", "array")
)
INSTANT, DAY = ({**TEXT, "format": form} for form in ("date-time", "date"))


@pytest.mark.parametrize(
    ("declared", "sent", "stored"),
    [
        (TEXT, "00124", "00124"),
        (TEXT, "12345_67", "12345_67"),
        (TEXT, "No", "No"),
        (INTEGER, 9007199254740993, "9007199254740993"),
        (NUMBER, Decimal("88.1"), 88.1),
        (NUMBER, 90, Decimal("90.0")),
        (FLAG, True, 1),
        (FLAG, False, "False"),
        (DAY, "2026-10-25", date(2026, 10, 25)),
        (INSTANT, "2026-10-25T00:30:00+00:00", datetime(2026, 10, 25, 0, 30)),  # noqa: DTZ001 - as a store gives it
        (INSTANT, "2026-10-25T00:30:00+00:00", "2026-10-25T02:30:00+02:00"),
        (INSTANT, "2026-10-25T00:30:00+00:00", datetime(2026, 10, 25, 2, 30, tzinfo=timezone(timedelta(hours=2)))),
        (OBJECT, {"a": Decimal("1.5"), "b": None}, '{"a": 1.5}'),
        (LIST, [1, Decimal("0.5")], [1.0, 0.5]),
        (TEXT, None, None),
        (OBJECT, None, JSON_NULL),
    ],
)
def test_the_same_value_in_another_form_is_no_difference(
    declared: dict[str, Any], sent: object, stored: object
) -> None:
    assert difference(sent, {"column": stored}, "column", declared) is None


@pytest.mark.parametrize(
    ("declared", "sent", "stored", "reported"),
    [
        (TEXT, "00124", 124, "`00124` is `124`"),
        (TEXT, "No", False, "`No` is `false`"),
        (TEXT, "a\n\nb", "a\nb", "`a\\n\\nb` is `a\\nb`"),
        (TEXT, "", None, "the empty text is null"),
        (TEXT, None, "", "null is the empty text"),
        (TEXT, "87,5", "87.5", "`87,5` is `87.5`"),
        (INTEGER, 9007199254740993, 9007199254740992.0, "`9007199254740993` is `9007199254740992.0`"),
        (NUMBER, Decimal("82.5"), 83, "`82.5` is `83`"),
        (NUMBER, 1, True, "`1` is `true`"),
        (FLAG, True, "yes", "`true` is `yes`"),
        (DAY, "2026-10-25", "2026-10-25T00:00:00", "`2026-10-25` is `2026-10-25T00:00:00`"),
        (INSTANT, "2026-07-01T12:00Z", "2026-07-01 13:00:00", "`2026-07-01T12:00Z` is `2026-07-01 13:00:00`"),
        (OBJECT, {"a": Decimal("1.5")}, "{'a': Decimal('1.5')}", "`{\"a\": \"1.5\"}` is `{'a': Decimal('1.5')}`"),
        (LIST, [1, 2], [2, 1], "`[1, 2]` is `[2, 1]`"),
        (NUMBER, None, 0, "null is `0`"),
    ],
)  # fmt: skip
def test_another_value_is_reported(declared: dict[str, Any], sent: object, stored: object, reported: str) -> None:
    assert difference(sent, {"column": stored}, "column", declared) == reported


def test_a_json_null_is_no_sql_null_where_that_is_the_question() -> None:
    reported = difference(None, {"column": JSON_NULL}, "column", OBJECT, strict_nulls=True)
    assert reported == "null is JSON `null`, not SQL null"


def test_a_column_that_is_not_there_is_reported() -> None:
    assert difference("a", {"other": 1}, "column", TEXT) == "there is no such column"
    assert difference({"a": 1}, {"column__a": 1}, "column", OBJECT) == "split into several columns"
    assert difference(None, {"other": 1}, "column", TEXT) is None


SCHEMA = {"key_properties": ["id"], "schema": {"properties": {"id": {"type": "integer"}, "score": NUMBER}}}
SENT = {key_of(row, ["id"]): row for row in ({"id": 1, "score": 60}, {"id": 2, "score": 70})}
FIRST, SECOND = SENT.values()


@pytest.mark.parametrize(
    ("rows", "appends", "verdict", "detail"),
    [
        ([FIRST, SECOND], False, "ok", ""),
        ([FIRST], False, "loses", "1 missing"),
        ([FIRST, SECOND, SECOND], False, "doubles", "1 rows more than keys"),
        ([{"id": 1, "score": 1}, FIRST, SECOND], True, "ok", ""),
        ([FIRST, {"id": 1, "score": 1}, SECOND], True, "differs", "`score`: `60` is `1`"),
        ([FIRST, SECOND, {"id": 3, "score": 1}], False, "keeps", "1 of no key"),
        ([FIRST, SECOND, {"id": 3, "_sdc_deleted_at": "2026-01-01"}], False, "ok", ""),
        ([FIRST, SECOND, UNREADABLE], True, "keeps", "1 of no key"),
        ([], False, "loses", "2 missing"),
    ],
)
def test_rows_are_counted(rows: list[Row], appends: bool, verdict: str, detail: str) -> None:  # noqa: FBT001
    found = compare(rows, SENT, SCHEMA, appends=appends)
    assert (found.verdict, found.detail) == (verdict, detail)


def test_keys_that_join_to_one_text_are_two_keys() -> None:
    names = ["section", "question"]
    assert key_of({"section": "a,b", "question": "c"}, names) != key_of({"section": "a", "question": "b,c"}, names)
