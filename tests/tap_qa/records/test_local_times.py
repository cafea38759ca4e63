"""Naive local times: one reading, over all zones and on both sides of each change of the clock."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tap_qa.records.timestamps import TimestampParser, parse_instant, to_utc, zulu
from tap_qa.state.windows import SECOND, Window, local_bounds

UTC = timezone.utc
ZONES = sorted(available_timezones() - {"localtime"})  # which is this machine's own, and no name
HOUR = timedelta(hours=1)


def changes(zone: ZoneInfo, year: int) -> list[datetime]:
    """The instants of a year at which clocks change, to the minute."""
    found = []
    day = datetime(year, 1, 1, tzinfo=UTC)
    while day.year == year:
        low, high = day, day + timedelta(days=1)
        if low.astimezone(zone).utcoffset() != high.astimezone(zone).utcoffset():
            while high - low > timedelta(minutes=1):
                middle = low + (high - low) / 2
                same = middle.astimezone(zone).utcoffset() == low.astimezone(zone).utcoffset()
                low, high = (middle, high) if same else (low, middle)
            found.append(high.replace(second=0, microsecond=0))
        day += timedelta(days=1)
    return found


def test_a_local_time_is_one_instant_whichever_way_it_comes_and_windows_find_it() -> None:
    seen = 0
    for name in ZONES:
        zone = ZoneInfo(name)
        for change in changes(zone, 2026):
            warm = TimestampParser(zone)
            for minutes in range(-120, 121, 20):
                instant = change + timedelta(minutes=minutes, seconds=7)
                local = instant.astimezone(zone).replace(tzinfo=None)
                text = local.isoformat(" ")
                expected = to_utc(local, zone)
                ways = [
                    warm(text),
                    warm(text),
                    TimestampParser(zone)(text),
                    TimestampParser(zone)(local.isoformat()),
                    *warm.cells([text], otherwise=warm),
                ]
                assert {parse_instant(way or "") for way in ways} == {expected}, (name, text)
                # The first pass, where there are two.
                assert expected == min(instant, expected)
                # What a filter asks for holds the row's text, for the instant that it was and the one it is read as.
                for moment in (instant, expected):
                    start, end = local_bounds(Window(moment, moment + SECOND), zone)
                    assert start <= local <= end, (name, text)
                seen += 1
    assert seen > 1000


def test_a_time_that_clocks_skip_is_read_by_the_offset_before_the_change() -> None:
    skipped = datetime(2026, 3, 8, 2, 30)  # noqa: DTZ001 - local
    assert to_utc(skipped, ZoneInfo("America/New_York")) == datetime(2026, 3, 8, 7, 30, tzinfo=UTC)
    assert to_utc(skipped.replace(fold=1), ZoneInfo("America/New_York")) == datetime(2026, 3, 8, 7, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("stamp", "zone", "expected"),
    [
        ("1900-01-01 00:00:00", "Europe/Dublin", "1900-01-01T00:25:21+00:00"),
        ("1900-01-01", "Europe/Dublin", "1900-01-01T00:25:21+00:00"),
        ("1900-01-01 00:00:38.5", "Europe/Dublin", "1900-01-01T00:25:59.5+00:00"),
        ("1900-01-01 00:00:00", "Asia/Kolkata", "1899-12-31T18:38:50+00:00"),
        ("1880-06-01 12:00:30", "America/New_York", "1880-06-01T16:56:32+00:00"),
        ("1971-12-31 23:59:59", "Africa/Monrovia", "1972-01-01T00:44:29+00:00"),
        ("0001-01-01 00:00:00", "UTC", "0001-01-01T00:00:00+00:00"),
        ("0999-05-05T10:00:00Z", "UTC", "0999-05-05T10:00:00+00:00"),
    ],
)
def test_offsets_with_seconds_and_early_years_are_kept(stamp: str, zone: str, expected: str) -> None:
    assert TimestampParser(ZoneInfo(zone))(stamp) == expected


@given(st.datetimes(datetime(1, 1, 2), datetime(1973, 1, 1)), st.sampled_from(ZONES))  # noqa: DTZ001
def test_old_times_are_exact(local: datetime, name: str) -> None:
    zone = ZoneInfo(name)
    written = TimestampParser(zone)(local.isoformat(" "))
    assert written is not None
    assert parse_instant(written) == to_utc(local, zone)


@pytest.mark.parametrize(
    ("instant", "text"),
    [
        (datetime(1, 1, 1, tzinfo=UTC), "0001-01-01T00:00:00Z"),
        (datetime(999, 5, 5, 10, tzinfo=UTC), "0999-05-05T10:00:00Z"),
        (datetime(2024, 10, 12, 4, 40, 35, 120_999, tzinfo=UTC), "2024-10-12T04:40:35.120Z"),
        (datetime(2024, 10, 12, 4, 40, 35, 999, tzinfo=UTC), "2024-10-12T04:40:35Z"),
        (datetime(2024, 10, 12, 6, 40, tzinfo=timezone(2 * HOUR)), "2024-10-12T04:40:00Z"),
    ],
)
def test_instants_are_written_with_four_digits_of_the_year(instant: datetime, text: str) -> None:
    assert zulu(instant) == text
