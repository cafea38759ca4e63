"""Spans and windows: no gap, no overlap beyond borders, bounds in local time."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tap_qa.state.windows import (
    DAY,
    SECOND,
    Window,
    date_range_to_read,
    halves,
    local_bounds,
    midnight,
    shifted,
    split_at,
    split_into_days,
    split_into_windows,
)

UTC = timezone.utc
ZONES = (
    "UTC",
    "Europe/Dublin",
    "America/New_York",
    "Africa/Casablanca",
    "Australia/Lord_Howe",
    "America/St_Johns",
    "Pacific/Apia",
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


instants = st.datetimes(datetime(2000, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
spans = st.tuples(instants, st.timedeltas(SECOND, 60 * DAY)).map(lambda pair: Window(pair[0], pair[0] + pair[1]))


@given(spans, st.timedeltas(timedelta(hours=3), 31 * DAY))
def test_windows_cover_a_span_without_gap_or_overlap(whole: Window, width: timedelta) -> None:
    windows = list(split_into_windows(whole, width))
    assert (windows[0].start, windows[-1].end) == (whole.start, whole.end)
    assert all(one.end == other.start for one, other in pairwise(windows))
    assert all(timedelta() < window.width <= width for window in windows)
    assert all(window.width == width for window in windows[:-1])


@given(spans, st.integers(1, 14))
def test_windows_of_days_cover_whole_days(whole: Window, days: int) -> None:
    windows = list(split_into_days(whole, days))
    assert windows[0].start == midnight(whole.start)
    assert whole.end <= windows[-1].end < whole.end + DAY
    assert all(one.end == other.start for one, other in pairwise(windows))
    assert all(window.width <= days * DAY and midnight(window.end) == window.end for window in windows)


@given(spans, instants)
def test_a_split_loses_nothing(whole: Window, instant: datetime) -> None:
    before, after = split_at(whole, instant)
    parts = [part for part in (before, after) if part]
    assert (parts[0].start, parts[-1].end) == (whole.start, whole.end)
    assert all(one.end == other.start for one, other in pairwise(parts))
    assert before is None or before.end <= max(instant, whole.start)
    assert after is None or after.start >= min(instant, whole.end)


@given(spans, st.sampled_from([SECOND, timedelta(hours=1), DAY]))
def test_halves_are_whole_multiples_of_the_least(window: Window, least: timedelta) -> None:
    parts = halves(window, least=least)
    if parts is None:
        assert window.width < 2 * least
        return
    first, second = parts
    assert (first.start, second.end) == (window.start, window.end)
    assert first.end == second.start
    assert first.width >= least
    assert second.width >= least
    assert first.width % least == timedelta()


@given(
    spans.filter(lambda window: window.width <= 31 * DAY),
    st.sampled_from(ZONES),
    st.lists(st.floats(0, 1), min_size=1, max_size=20),
)
def test_local_bounds_hold_every_instant_of_the_window(window: Window, zone_name: str, places: list[float]) -> None:
    zone = ZoneInfo(zone_name)
    start, end = local_bounds(window, zone)
    assert start.microsecond == end.microsecond == 0
    for instant in (window.start, window.end, *(window.start + place * window.width for place in places)):
        # A row's timestamp shows whole seconds.
        local = instant.astimezone(zone).replace(tzinfo=None, microsecond=0)
        assert start <= local <= end
    # Wider than need be by no more than clocks are set.
    assert end - start <= window.width + timedelta(hours=1, seconds=2) or zone_name == "Pacific/Apia"


def test_local_bounds_over_two_changes_of_the_clock() -> None:
    # Morocco leaves its summer time for Ramadan, 2024-03-10 to 2024-04-14, and the window sees both ends of it.
    window = Window(at("2024-03-09 12:00:00"), at("2024-04-14 12:00:00"))
    start, end = local_bounds(window, ZoneInfo("Africa/Casablanca"))
    assert (start.isoformat(), end.isoformat()) == ("2024-03-09T12:00:00", "2024-04-14T13:00:00")


def test_local_bounds_when_clocks_go_back() -> None:
    window = Window(at("2024-11-03 05:30:00"), at("2024-11-03 06:15:00"))
    start, end = local_bounds(window, ZoneInfo("America/New_York"))
    assert (start.isoformat(), end.isoformat()) == ("2024-11-03T00:30:00", "2024-11-03T02:15:00")


@pytest.mark.parametrize(
    ("bookmark", "start"),
    [
        (None, "2024-01-01"),  # the first run reads from start_date
        ("2024-05-30", "2024-05-30"),  # an old bookmark: all since
        ("2024-06-01", "2024-05-31"),  # a fresh one: the lookback counts from now
        ("2024-05-31 12:00:00", "2024-05-31"),
        ("2023-01-01", "2024-01-01"),  # never before start_date
        ("2999-01-01", "2024-05-31"),  # a bookmark in the future silences nothing
    ],
)
def test_the_span_of_a_run(bookmark: str | None, start: str) -> None:
    found = date_range_to_read(
        start_date=at("2024-01-01"),
        bookmark=at(bookmark) if bookmark else None,
        read_again_from=at("2024-05-31"),
        end=at("2024-05-31 23:30:00"),
    )
    assert found == Window(at(start), at("2024-05-31 23:30:00"))


def test_there_is_no_span_before_anything_can_be_there() -> None:
    common = {"read_again_from": at("2024-05-31"), "end": at("2024-05-31 23:30:00")}
    assert date_range_to_read(start_date=at("2024-05-31 23:30:00"), bookmark=None, **common) is None
    assert date_range_to_read(start_date=at("2024-07-01"), bookmark=None, **common) is None


@given(instants, st.none() | instants, instants, st.timedeltas(timedelta(), 40 * DAY))
def test_a_span_never_skips_behind_the_bookmark(
    start_date: datetime, bookmark: datetime | None, now: datetime, lookback: timedelta
) -> None:
    found = date_range_to_read(start_date=start_date, bookmark=bookmark, read_again_from=now - lookback, end=now)
    if found is None:
        return
    assert found.end == now
    assert found.start >= start_date
    if bookmark is not None and bookmark >= start_date:
        assert found.start <= max(bookmark, start_date)


def test_a_midnight_is_of_utc_and_exact() -> None:
    east = datetime(2024, 6, 1, 3, 4, 5, 678, tzinfo=timezone(timedelta(hours=5, minutes=30)))
    assert midnight(east) == at("2024-05-31")
    assert midnight(at("2024-05-31")) == at("2024-05-31")
    assert midnight(east).tzinfo is UTC


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        ("2024-05-30 01:00:00", "2024-06-01 02:00:00", ["30", "31", "01"]),
        ("2024-05-30", "2024-06-01", ["30", "31"]),
        ("2024-05-30 01:00:00", "2024-06-01", ["30", "31"]),
        ("2024-05-30 01:00:00", "2024-05-30 02:00:00", ["30"]),
        ("2024-05-30", "2024-05-30", ["30"]),
    ],
)
def test_days_are_those_that_a_span_touches(start: str, end: str, days: list[str]) -> None:
    assert [f"{window.start:%d}" for window in split_into_days(Window(at(start), at(end)), 1)] == days


def test_a_split_is_where_it_should_be() -> None:
    one, two, three = at("2024-05-30"), at("2024-05-31"), at("2024-06-01")
    assert split_at(Window(one, three), two) == (Window(one, two), Window(two, three))
    for before in (one, one - DAY):
        assert split_at(Window(one, three), before) == (None, Window(one, three))
    for after in (three, three + DAY):
        assert split_at(Window(one, three), after) == (Window(one, three), None)


def test_an_odd_window_is_halved_at_a_whole_multiple() -> None:
    window = Window(at("2024-06-01"), at("2024-06-01 05:30:00"))
    first, second = halves(window, least=timedelta(hours=1)) or (None, None)
    assert first == Window(at("2024-06-01"), at("2024-06-01 02:00:00"))
    assert second == Window(at("2024-06-01 02:00:00"), at("2024-06-01 05:30:00"))


def test_a_change_of_the_clock_just_outside_a_window_is_of_no_account() -> None:
    window = Window(at("2024-03-11"), at("2024-03-12"))
    start, end = local_bounds(window, ZoneInfo("America/New_York"))
    assert (start.isoformat(), end.isoformat()) == ("2024-03-10T20:00:00", "2024-03-11T20:00:00")


def test_nothing_passes_the_calendars_ends() -> None:
    first, last = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
    for zone in ("America/New_York", "Pacific/Kiritimati", "UTC"):
        start, end = local_bounds(Window(first, first + DAY), ZoneInfo(zone))
        assert start.isoformat().startswith("0001-01-01 "[:8])
        assert start < end
        start, end = local_bounds(Window(last - DAY, last), ZoneInfo(zone))
        assert start < end
    windows = list(split_into_windows(Window(last - 3 * DAY, last), 2 * DAY))
    assert [window.end for window in windows] == [last - DAY, last]
    assert shifted(first, -SECOND) == first
    assert shifted(last, SECOND) == last
    assert shifted(first, DAY) == first + DAY
    assert str(Window(first, first + DAY)) == "0001-01-01T00:00:00Z to 0001-01-02T00:00:00Z"


def test_a_window_is_named_to_the_second() -> None:
    assert str(Window(at("2024-06-01"), at("2024-06-02 03:04:05"))) == "2024-06-01T00:00:00Z to 2024-06-02T03:04:05Z"
