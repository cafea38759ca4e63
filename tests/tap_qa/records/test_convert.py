"""Single values: every type, every zone, exact numbers."""

from __future__ import annotations

import contextlib
import json
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tap_qa.records.convert import InvalidValueError, to_boolean, to_date, to_fraction, to_integer, to_number, to_text
from tap_qa.records.timestamps import TimestampParser, parse_instant

ZONES = (
    "UTC",
    "Europe/Dublin",
    "America/New_York",
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Africa/Casablanca",
    "Pacific/Apia",
    "America/St_Johns",
)
recent = st.datetimes(datetime(1975, 1, 1), datetime(2100, 1, 1))  # noqa: DTZ001 - naive, as vendors write them
zones = st.sampled_from(ZONES)


def utc(stamp: Any, zone: str = "UTC") -> str | None:  # noqa: ANN401
    return TimestampParser(ZoneInfo(zone))(stamp)


@given(recent, zones)
def test_naive_stamps_are_of_the_given_zone(naive: datetime, zone: str) -> None:
    written = utc(naive.isoformat(" "), zone)
    assert written is not None
    expected = naive.replace(tzinfo=ZoneInfo(zone)).astimezone(timezone.utc)
    assert datetime.fromisoformat(written) == expected
    assert written.endswith("+00:00")
    assert parse_instant(written) == expected


SUFFIXES = st.sampled_from(["", "", "Z", "z", "+02:00", "-0930", "+05", " UTC", ".5", ".123Z", " ", "x", "+99:99"])


@given(
    st.lists(st.tuples(recent, SUFFIXES) | st.none() | st.just("odd"), max_size=30),
    st.lists(SUFFIXES, max_size=30),
    zones,
)
def test_many_timestamps_are_converted_as_single_ones(rows: list[Any], suffixes: list[str], zone: str) -> None:
    def text(row: Any, suffix: str) -> Any:  # noqa: ANN401
        return row if row is None or isinstance(row, str) else row[0].isoformat(" ", "seconds") + suffix

    def converted(cell: str) -> Any:  # noqa: ANN401
        try:
            return many(cell)
        except InvalidValueError:
            return InvalidValueError

    many = TimestampParser(ZoneInfo(zone))
    for chosen in (["Z"], [""], [*suffixes, ""]):
        cells = [text(row, chosen[number % len(chosen)]) for number, row in enumerate(rows)]
        cells += [text(row, row[1]) for row in rows if isinstance(row, tuple)] + [""]
        for _ in range(2):  # the second time from what the first has learned
            found = many.cells(cells, otherwise=converted)
        single = TimestampParser(ZoneInfo(zone))
        for cell, value in zip(cells, found, strict=True):
            if not cell:
                assert value is None
            elif value is InvalidValueError:
                with pytest.raises(InvalidValueError):
                    single(cell)
            else:
                assert value == single(cell)


@given(recent, st.integers(-14 * 60, 14 * 60), zones)
def test_an_offset_in_the_stamp_counts_more_than_the_zone(naive: datetime, minutes: int, zone: str) -> None:
    aware = naive.replace(tzinfo=timezone(timedelta(minutes=minutes)))
    written = utc(aware.isoformat(), zone)
    assert written is not None
    assert datetime.fromisoformat(written) == aware


@pytest.mark.parametrize(
    ("stamp", "zone", "expected"),
    [
        ("1900-01-01 00:00:00", "Europe/Dublin", "1900-01-01T00:25:21+00:00"),
        ("1900-01-01 00:00:50.25", "Europe/Dublin", "1900-01-01T00:26:11.25+00:00"),
        ("1900-01-01", "Asia/Kolkata", "1899-12-31T18:38:50+00:00"),
        ("1880-06-01 12:00:30", "America/New_York", "1880-06-01T16:56:32+00:00"),
        ("0001-01-01 00:00:00", "UTC", "0001-01-01T00:00:00+00:00"),
        (253_402_300_799, "UTC", "9999-12-31T23:59:59+00:00"),
        ("253402300799000", "UTC", "9999-12-31T23:59:59+00:00"),
        ("2024-10-12 10:49:54", "UTC", "2024-10-12T10:49:54+00:00"),
        ("2024-10-12T10:49:54Z", "Asia/Kolkata", "2024-10-12T10:49:54+00:00"),
        ("2024-10-12T10:49:54.123456789Z", "UTC", "2024-10-12T10:49:54.123456+00:00"),
        ("2024-10-12 10:49:54 UTC", "Asia/Kolkata", "2024-10-12T10:49:54+00:00"),
        ("2024-10-12T10:49:54+0530", "UTC", "2024-10-12T05:19:54+00:00"),
        ("2024-10-12T10:49:54-09", "UTC", "2024-10-12T19:49:54+00:00"),
        ("2024-10-12 10:49", "Asia/Kolkata", "2024-10-12T05:19:00+00:00"),
        ("2024-10-12", "America/New_York", "2024-10-12T04:00:00+00:00"),
        (" 2024-10-12 10:49:54 ", "UTC", "2024-10-12T10:49:54+00:00"),
        ("2024-07-01 00:00:00", "Asia/Kathmandu", "2024-06-30T18:15:00+00:00"),
        # The hour that comes twice is taken for its first pass, the hour that never is for summer time's start.
        ("2024-11-03 01:30:00", "America/New_York", "2024-11-03T05:30:00+00:00"),
        ("2024-03-10 02:30:00", "America/New_York", "2024-03-10T07:30:00+00:00"),
        ("2024-04-07 01:45:00", "Australia/Lord_Howe", "2024-04-06T14:45:00+00:00"),
        ("", "UTC", None),
        ("  ", "UTC", None),
        (1728730194, "Asia/Kolkata", "2024-10-12T10:49:54+00:00"),
        (1728730194123, "UTC", "2024-10-12T10:49:54.123000+00:00"),
        (Decimal("1728730194.5"), "UTC", "2024-10-12T10:49:54.500000+00:00"),
        ("1728730194", "UTC", "2024-10-12T10:49:54+00:00"),
        ("1728730194123", "UTC", "2024-10-12T10:49:54.123000+00:00"),
        (0, "UTC", "1970-01-01T00:00:00+00:00"),
    ],
)
def test_stamps(stamp: Any, zone: str, expected: str | None) -> None:  # noqa: ANN401
    assert utc(stamp, zone) == expected


@pytest.mark.parametrize(
    "stamp",
    [
        "0000-00-00 00:00:00",
        "2024-02-30 10:00:00",
        "2024-10-12 25:00:00",
        "2024-10-12 10:61:00",
        "12/10/2024",
        "yesterday",
        "2024-10-12 10:49:54 CEST",
        "2024-10-12 10:49:5\u0664",
        "2024-10-12 10:49:54.\uff11",
        "2024-10-12T10:49:54+99:00",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-12:00",
        True,
        10**400,
        float("nan"),
        float("inf"),
        Decimal("1E+300"),
        [],
        {},
    ],
)
def test_invalid_timestamp_raises(stamp: Any) -> None:  # noqa: ANN401
    with pytest.raises(InvalidValueError):
        utc(stamp)


@given(
    st.text(max_size=25)
    | st.floats()
    | st.integers()
    | st.decimals(allow_nan=False, allow_infinity=False)
    | st.booleans()
    | st.lists(st.integers())
)
def test_no_value_makes_a_converter_fail_in_an_unforeseen_way(value: Any) -> None:  # noqa: ANN401
    for convert in (to_text, to_boolean, to_integer, to_number, to_fraction, to_date, TimestampParser()):
        with contextlib.suppress(InvalidValueError):
            convert(value)


@given(st.integers(-(2**63), 2**63 - 1))
def test_integers_stay(number: int) -> None:
    assert to_integer(number) == number
    assert to_integer(str(number)) == number
    assert to_integer(Decimal(number)) == number


@pytest.mark.parametrize(
    ("value", "expected"), [("7.0", 7), ("7.", 7), (Decimal("7.00"), 7), (7.0, 7), ("+7", 7), (" 7 ", 7), ("", None)]
)
def test_integers_out_of_other_forms(value: Any, expected: int | None) -> None:  # noqa: ANN401
    assert to_integer(value) == expected


@pytest.mark.parametrize("value", [2**63, -(2**63) - 1, "9999999999999999999", "7.5", 7.5, True, "seven", [7], "1e3"])
def test_what_is_no_integer_is_a_misfit(value: Any) -> None:  # noqa: ANN401
    with pytest.raises(InvalidValueError):
        to_integer(value)


@given(st.decimals(allow_nan=False, allow_infinity=False))
def test_numbers_are_exact(number: Decimal) -> None:
    for value in (number, str(number)):
        assert str(to_number(value)) == str(number)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("92.50%", "92.50"),
        ("92.5 %", "92.5"),
        ("1.", "1"),
        (".5", "0.5"),
        ("-0.10", "-0.10"),
        (0.1, "0.1"),
        (12345678901234567890123, "12345678901234567890123"),
        ("1e3", "1E+3"),
    ],
)
def test_numbers_out_of_texts(value: Any, expected: str) -> None:  # noqa: ANN401
    assert str(to_number(value)) == expected


@pytest.mark.parametrize("value", ["N/A", "1,234.5", "1 234", "--1", "0x10", "NaN", "inf", float("inf"), True, [], {}])
def test_what_is_no_number_is_a_misfit(value: Any) -> None:  # noqa: ANN401
    with pytest.raises(InvalidValueError):
        to_number(value)


@given(st.lists(st.integers() | st.decimals(allow_nan=False, allow_infinity=False), min_size=1))
def test_fractions_are_of_one_kind(values: list[int | Decimal]) -> None:
    texts = [str(to_fraction(value)) for value in values]
    assert all(isinstance(json.loads(text), float) for text in texts)
    assert [Decimal(text) for text in texts] == [Decimal(value) for value in values]


@pytest.mark.parametrize(
    ("value", "expected"),
    [("TRUE", True), ("False", False), ("yes", True), ("N", False), ("1", True), (0, False), (1, True), ("", None)],
)
def test_truth(value: Any, expected: bool | None) -> None:  # noqa: ANN401, FBT001 - the expectation
    assert to_boolean(value) is expected


@pytest.mark.parametrize("value", ["maybe", 2, "2", Decimal("0.5"), [], "on"])
def test_what_is_neither_true_nor_false_is_a_misfit(value: Any) -> None:  # noqa: ANN401
    with pytest.raises(InvalidValueError):
        to_boolean(value)


@given(st.dates())
def test_dates_stay_dates(day: date) -> None:
    assert to_date(str(day)) == str(day)
    assert to_date(f"{day}T00:00:00Z") == str(day)
    assert to_date(f"{day} 00:00:00.000") == str(day)


@pytest.mark.parametrize("value", ["2024-02-30", "2024-10-12 10:00:00", "12/10/2024", "2024-1-1", "2024-10", 20241012])
def test_what_is_no_date_is_a_misfit(value: Any) -> None:  # noqa: ANN401
    with pytest.raises(InvalidValueError):
        to_date(value)


@pytest.mark.parametrize(
    ("value", "expected"), [("", ""), ("a", "a"), (7, "7"), (True, "true"), (Decimal("1.50"), "1.50")]
)
def test_texts(value: Any, expected: str) -> None:  # noqa: ANN401
    assert to_text(value) == expected


@pytest.mark.parametrize("value", [[], {}, ["a"]])
def test_what_is_no_text_is_a_misfit(value: Any) -> None:  # noqa: ANN401
    with pytest.raises(InvalidValueError):
        to_text(value)


@given(st.from_regex(r"[+-]?[0-9]{1,6}(_[0-9]{1,6}){1,2}(\.[0-9]{1,3})?", fullmatch=True))
def test_an_underscore_is_no_part_of_a_number(identifier: str) -> None:
    # `12345_67` is a leg of a call and `2026_01` a month; Python's own int() and Decimal() make a number of them.
    with contextlib.suppress(ValueError):
        int(identifier)
    assert isinstance(Decimal(identifier), Decimal)
    for convert in (to_boolean, to_date, to_fraction, to_integer, to_number, TimestampParser()):
        for written in (identifier, f" {identifier} ", f"{identifier}%"):
            with pytest.raises(InvalidValueError):
                convert(written)
    assert to_text(identifier) == identifier
