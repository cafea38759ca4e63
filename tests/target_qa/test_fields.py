from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tap_qa.values import MisfitError
from target_qa import fields
from target_qa.marks import mark_of

if TYPE_CHECKING:
    from collections.abc import Callable

JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.decimals(allow_nan=False, allow_infinity=False), st.text()),
    lambda inner: st.one_of(st.lists(inner), st.dictionaries(st.text(), inner)),
    max_leaves=8,
)


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        ("2020-01-01T12:00:00Z", "2020-01-01T12:00:00Z"),
        ("2020-01-01T14:00:00+02:00", "2020-01-01T12:00:00Z"),
        ("2020-01-01 12:00:00", "2020-01-01T12:00:00Z"),
        ("2020-01-01T12:00:00.25", "2020-01-01T12:00:00.250Z"),
        ("2020-01-01T12:00:00.000400Z", "2020-01-01T12:00:00Z"),
        ("2020-01-01", "2020-01-01T00:00:00Z"),
        (datetime(2020, 1, 1, 12, tzinfo=timezone(timedelta(hours=2))), "2020-01-01T10:00:00Z"),
        (date(2020, 1, 1), "2020-01-01T00:00:00Z"),
        ("", None),
    ],
)
def test_instants_are_sent_in_utc(given: object, sent: str | None) -> None:
    assert fields.instant(given) == sent


@pytest.mark.parametrize(
    ("convert", "value"),
    [
        (fields.instant, "12 May"),
        (fields.instant, 1700000000),
        (fields.number, "many"),
        (fields.number, True),
        (fields.text, ["a"]),
        (fields.texts, 5),
        (fields.texts, "[broken"),
        (fields.texts, [{"id": 1}]),
        (fields.json_object, "a note"),
        (fields.json_object, [1]),
    ],
)
def test_what_does_not_fit_is_refused(convert: Callable[[object], object], value: object) -> None:
    with pytest.raises(MisfitError):
        convert(value)


@pytest.mark.parametrize("value", [False, 0, "0", "f", "False", "NO", " ", ""])
def test_marks_that_are_not_set(value: object) -> None:
    assert not fields.mark_set(value)


@given(JSON)
def test_any_value_becomes_a_field_or_is_refused(value: object) -> None:
    for convert in (fields.instant, fields.number, fields.text, fields.texts, fields.json_object, fields.json_value):
        try:
            convert(value)
        except MisfitError:  # noqa: PERF203 - a refusal is one of the two good ends
            continue


@given(st.dictionaries(st.text(), JSON))
def test_a_mark_does_not_depend_on_the_order_of_fields(values: dict[str, object]) -> None:
    backwards = dict(reversed(values.items()))
    assert mark_of("s", {}, values) == mark_of("s", {}, backwards)


def test_marks_differ_where_records_do() -> None:
    marks = [
        mark_of("s", {"id": 1}, {"a": 1}),
        mark_of("s", {"id": 2}, {"a": 1}),
        mark_of("s", {"id": 1}, {"a": 2}),
        mark_of("s", {"id": 1}, {"a": "1"}),
        mark_of("s", {"id": 1}, {"a": True}),
        mark_of("s", {"id": "1"}, {"a": 1}),
        mark_of("t", {"id": 1}, {"a": 1}),
        mark_of("s", {"id": 10**30 + 1}, {"a": 1}),
        mark_of("s", {"id": 10**30 + 2}, {"a": 1}),
        mark_of("s", {"id": 1}, {"a": 10}),
        mark_of("s", {"id": 1}, {"a": -1}),
        mark_of("s", {"id": 1}, {"a": Decimal("0.1")}),
    ]
    assert len(set(marks)) == len(marks)


def test_marks_are_the_same_in_every_version() -> None:
    """What was sent by an older version must be known again: this value may never change."""
    values = {"a": "é", "b": Decimal("8.50"), "c": [1, None, True], "d": {"z": 1, "y": 2.0}}
    assert mark_of("canary_speech_scores", {"id": 7}, values) == "721ce52a11d1c3ebc81710c2f58bb61b"
    assert mark_of("canary_speech_scores", {"id": 7}, {**values, "b": 8.5}) == "721ce52a11d1c3ebc81710c2f58bb61b"
