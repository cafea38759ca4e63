"""Dates in the settings: ISO 8601, and nothing else."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tap_qa.state.date_range import parse_date_setting

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
