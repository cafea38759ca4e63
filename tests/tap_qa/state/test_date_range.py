"""Dates in the settings: ISO 8601, and nothing else."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tap_qa.state.date_range import DateSettings, parse_date_setting

UTC = timezone.utc


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2024-03-31", datetime(2024, 3, 31, tzinfo=UTC)),
        ("20240331", datetime(2024, 3, 31, tzinfo=UTC)),
        ("2024-03-31T01:30", datetime(2024, 3, 31, 1, 30, tzinfo=UTC)),
        ("2024-03-31 01:30:15", datetime(2024, 3, 31, 1, 30, 15, tzinfo=UTC)),
        ("2024-03-31t01:30:15z", datetime(2024, 3, 31, 1, 30, 15, tzinfo=UTC)),
        ("20240331T013015.25Z", datetime(2024, 3, 31, 1, 30, 15, 250000, tzinfo=UTC)),
        ("2024-03-31T01:30:15,1234567890+02:00", datetime(2024, 3, 30, 23, 30, 15, 123456, tzinfo=UTC)),
        ("2024-03-31T01-0330", datetime(2024, 3, 31, 4, 30, tzinfo=UTC)),
        (" 2024-03-31 ", datetime(2024, 3, 31, tzinfo=UTC)),
    ],
)
def test_dates_and_instants_are_read(text: str, instant: datetime) -> None:
    assert parse_date_setting(text) == instant


@pytest.mark.parametrize(
    "text",
    [
        "10:30",
        "1:",
        "",
        "now",
        "2024",
        "2024-03",
        "2024-02-30",
        "2024-3-1",
        "2024-0331",
        "31/03/2024",
        "2024-03-31T25:00",
        "2024-03-31T10:60",
        "2024-03-31T10:3015",
        "2024-03-31Z",
        "2024-03-31T10:30+25:00",
        "2024-03-31T10:30 Europe/Dublin",
        "1711846800",
        "P1D",
        "2024-03-31/2024-04-01",
        "٢٠٢٤-٠٣-٣١",
        "9999-12-31T23:59:59-05:00",
        "0001-01-01T00:00:00+05:00",
    ],
)
def test_nothing_else_is_read(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - callers tell nothing else of it
        parse_date_setting(text)


@given(st.datetimes(datetime(1, 1, 3), datetime(9999, 12, 29)), st.integers(-23 * 60, 23 * 60))  # noqa: DTZ001 - the zone follows
def test_an_instant_is_the_same_in_every_zone(naive: datetime, minutes: int) -> None:
    instant = naive.replace(tzinfo=UTC)
    for written in (instant, instant.astimezone(timezone(timedelta(minutes=minutes)))):
        assert parse_date_setting(written.isoformat()) == instant


def test_the_settings_of_a_run() -> None:
    assert DateSettings.of({"start_date": "2024-03-01T00:00:00Z"}) == DateSettings(
        start=datetime(2024, 3, 1, tzinfo=UTC), end=None, lookback=timedelta(days=3), naive=()
    )
    given_all = {"start_date": "2024-03-01", "end_date": "2024-03-02T12:00:00+02:00", "lookback_days": 0}
    assert DateSettings.of(given_all) == DateSettings(
        start=datetime(2024, 3, 1, tzinfo=UTC),
        end=datetime(2024, 3, 2, 10, tzinfo=UTC),
        lookback=timedelta(),
        naive=("start_date",),
    )


@pytest.mark.parametrize(
    ("text", "is_naive"),
    [
        ("2024-03-31", True),
        ("20240331", True),
        ("20240331T0130", True),
        ("2024-03-31T01:30:15", True),
        ("2024-03-31T01:30Z", False),
        ("2024-03-31T01:30z ", False),
        ("  2024-03-31", True),
        ("2024-03-31T01:30+00:00", False),
        ("2024-03-31T01-05", False),
    ],
)
def test_a_setting_without_a_zone_is_told(text: str, is_naive: bool) -> None:  # noqa: FBT001
    found = DateSettings.of({"start_date": "2024-03-01T00:00:00Z", "end_date": text})
    assert found.naive == (("end_date",) if is_naive else ())


@pytest.mark.parametrize(
    ("text", "complaint"),
    [("next week", "not a date or an instant"), ("9999-12-31T23:59:59-05:00", "beyond the calendar")],
)
def test_what_is_no_instant_is_told(text: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        parse_date_setting(text)
