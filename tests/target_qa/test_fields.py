from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tap_qa.records.convert import InvalidValueError
from target_qa.resources import fields
from target_qa.resources.idempotency_key import idempotency_key

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
        (fields.text_list, 5),
        (fields.text_list, "[broken"),
        (fields.text_list, [{"id": 1}]),
        (fields.text_list, '{billing,"a, b"}'),
        (fields.text_list, '"billing, refund'),
        (fields.comma_separated, ["billing, refund", "vip"]),
        (fields.comma_separated, '"billing, refund",vip'),
        (fields.path_id, "."),
        (fields.path_id, " .. "),
        (fields.json_object, "a note"),
        (fields.json_object, [1]),
    ],
)
def test_what_does_not_fit_is_refused(convert: Callable[[object], object], value: object) -> None:
    with pytest.raises(InvalidValueError):
        convert(value)


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        (123, "123"),
        (123.0, "123"),
        (Decimal("124.0"), "124"),
        (Decimal("1.5"), "1.5"),
        (Decimal("1E+3"), "1000"),
        (Decimal("1E+999999"), "1E+999999"),
        ("126.0", "126.0"),
        ("007", "007"),
        (" ", None),
    ],
)
def test_whole_numbers_are_written_without_a_fraction(given: object, sent: str | None) -> None:
    assert fields.path_id(given) == sent


def test_lists_may_be_written_as_csv() -> None:
    assert fields.text_list('"billing, refund", vip') == ["billing, refund", "vip"]
    assert fields.comma_separated("billing, vip") == "billing,vip"


@given(JSON)
def test_any_value_becomes_a_field_or_is_refused(value: object) -> None:
    for convert in (
        fields.instant,
        fields.number,
        fields.text,
        fields.path_id,
        fields.text_list,
        fields.comma_separated,
        fields.json_object,
        fields.json_value,
    ):
        try:
            convert(value)
        except InvalidValueError:  # noqa: PERF203 - a refusal is one of the two good ends
            continue


@given(st.dictionaries(st.text(), JSON, max_size=5))
def test_a_mark_does_not_depend_on_the_order_of_fields(values: dict[str, object]) -> None:
    backwards = dict(reversed(values.items()))
    assert idempotency_key("s", {}, values) == idempotency_key("s", {}, backwards)


def test_marks_differ_where_records_do() -> None:
    marks = [
        idempotency_key("s", {"id": 1}, {"a": 1}),
        idempotency_key("s", {"id": 2}, {"a": 1}),
        idempotency_key("s", {"id": 1}, {"a": 2}),
        idempotency_key("s", {"id": 1}, {"a": "1"}),
        idempotency_key("s", {"id": 1}, {"a": True}),
        idempotency_key("s", {"id": "1"}, {"a": 1}),
        idempotency_key("t", {"id": 1}, {"a": 1}),
        idempotency_key("s", {"id": 10**30 + 1}, {"a": 1}),
        idempotency_key("s", {"id": 10**30 + 2}, {"a": 1}),
        idempotency_key("s", {"id": 1}, {"a": 10}),
        idempotency_key("s", {"id": 1}, {"a": -1}),
        idempotency_key("s", {"id": 1}, {"a": Decimal("0.1")}),
    ]
    assert len(set(marks)) == len(marks)


def test_marks_are_the_same_in_every_version() -> None:
    """What was sent by an older version must be known again: this value may never change."""
    values = {"a": "é", "b": Decimal("8.50"), "c": [1, None, True], "d": {"z": 1, "y": 2.0}}
    assert idempotency_key("canary_speech_scores", {"id": 7}, values) == "721ce52a11d1c3ebc81710c2f58bb61b"
    assert (
        idempotency_key("canary_speech_scores", {"id": 7}, {**values, "b": 8.5}) == "721ce52a11d1c3ebc81710c2f58bb61b"
    )
