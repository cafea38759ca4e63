"""Windows that one page holds: guessed from the rows seen so far, and what a wrong guess costs."""

from __future__ import annotations

import random
from bisect import bisect_left
from collections import Counter
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tap_qa.pagination.page_fill import PageFill
from tap_qa.state.windows import Window, split_into_windows
from tap_qa.streams.density import DensityProfile, WindowCutter

START = datetime(2026, 1, 5, tzinfo=timezone.utc)
FULL = 1000
SECOND = timedelta(seconds=1)


def hour(instant: datetime) -> int:
    return int(instant.timestamp()) // 3600


def dated(kind: str, rows: int, days: int) -> list[datetime]:
    """Return the dates of rows: spread evenly, by chance, as offices work, or so with several rows or bulk edits."""
    draw = random.Random(7)  # noqa: S311 - test data
    if kind == "even":
        return [START + number * timedelta(days=days) / rows for number in range(rows)]
    found: list[datetime] = []
    while len(found) < rows:
        at = START + timedelta(seconds=draw.randrange(days * 86400))
        working = at.weekday() < 5 and 8 <= at.hour < 18
        if not (kind == "random" or working or draw.random() < 0.1):
            continue
        if kind == "bulk edits" and draw.random() < 0.002:
            found += [at + timedelta(seconds=draw.randrange(60)) for _ in range(2500)]
        else:
            found += [at] * (draw.randrange(6, 19) if kind in {"forms", "bulk edits"} else 1)
    return sorted(found)


def requests_for(rows: list[datetime], days: int, *, margin: timedelta = timedelta()) -> int:
    """Read rows in windows of a week, as a stream does; return how many requests that takes."""
    cutter, fill, requests, read = WindowCutter(margin, SECOND), PageFill(shows_totals=False), 0, 0
    for window in split_into_windows(Window(START, START + timedelta(days=days)), timedelta(days=7)):
        rest = window
        while rest.width:
            part = cutter.next_part(rest, fill.rows_of_full_page)
            if part is None:
                there = rows[bisect_left(rows, rest.start) : bisect_left(rows, rest.end)]
                requests += 2 * (len(there) // FULL + 1)
                read += len(there)
                break
            assert part.start == rest.start
            assert rest.start < part.end <= rest.end
            there = rows[bisect_left(rows, part.start) : bisect_left(rows, part.end)]
            shown = min(len(there), FULL)
            requests += 1
            fill.add(shown, asked=FULL, shows_total=False, is_first=True, names_next=False)
            if fill.is_full(shown) and cutter.is_guessing:
                cutter.overflowed(part)
                continue
            if fill.is_full(shown):  # read whole, twice
                requests += 2 * (len(there) // FULL + 1) - 1
            else:
                requests += not there or not fill.is_last(shown)  # a second look
            read += len(there)
            cutter.learn(part, Counter(map(hour, there)), shown)
            rest = Window(part.end, rest.end)
    assert read == len(rows)
    return requests


@pytest.mark.parametrize(
    ("kind", "most"), [("even", 1.25), ("random", 1.3), ("office hours", 1.4), ("forms", 1.85), ("bulk edits", 2.5)]
)
def test_lists_without_totals_take_few_more_requests_than_their_rows_fill_pages(kind: str, most: float) -> None:
    rows = dated(kind, 65_000, 35)
    assert requests_for(rows, 35) <= most * len(rows) / FULL


@pytest.mark.parametrize("rows", [0, 1, 300, 1001])
def test_few_rows_take_no_more_requests_than_two_scans(rows: int) -> None:
    assert requests_for(dated("random", rows, 7), 7) <= 2 * (rows // FULL + 1) + 2


def test_where_more_is_asked_for_than_a_window_it_is_not_cut_for_nothing() -> None:
    rows = dated("random", 65_000, 35)
    assert requests_for(rows, 35, margin=timedelta(hours=14)) <= 2 * (65 + 5) + 10


@given(st.lists(st.integers(0, 20), min_size=48, max_size=48), st.floats(1, 200), st.integers(1, 47))
def test_a_profile_tells_where_so_many_rows_are_reached(rows: list[int], wanted: float, hours: int) -> None:
    profile = DensityProfile()
    first = hour(START)
    profile.learn(
        Window(START, START + timedelta(hours=48)), {first + at: count for at, count in enumerate(rows) if count}
    )
    week = timedelta(days=7)
    rest = Window(START + week, START + week + timedelta(hours=hours))
    assert profile.rows_in(rest) == pytest.approx(sum(rows[:hours]))
    end = profile.end_of(rest, wanted)
    assert rest.start <= end <= rest.end
    if end < rest.end:
        reached = profile.rows_in(Window(rest.start, end))
        assert reached <= wanted + 1e-6
        assert profile.rows_in(Window(rest.start, end + 2 * SECOND)) >= wanted - 1e-6
