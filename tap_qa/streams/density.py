"""Cuts windows so that one page holds each, by the density of the rows seen so far."""

from __future__ import annotations

import math
from datetime import timedelta
from typing import TYPE_CHECKING

from tap_qa.state.windows import SECOND, Window, shifted

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

_HOUR_SECONDS = 3600
_HOURS_OF_WEEK = 168
_MIN_PAGE_ROWS = 50
"""Numbers of fewer rows vary so much that their windows would be guessed wrong too often."""
_NARROWER = 0.7
_MUCH_NARROWER = 0.25
_MAX_OVERFLOWS = 4
"""A vendor whose pages still differ after these fills none of them reliably."""
_FULLEST = 0.9
_MIN_FULL = 0.5
"""Two scans over a whole window take no more requests than pages that are emptier than this."""
_SAFETY_DEVIATIONS = 1.5
_NEWEST_WEIGHT = 0.1
_MAX_DISPERSION = 10.0
"""A bulk edit says little about the rows of other days."""
_MAX_RELIABLE = 3.0
"""The dispersion up to which a part that was expected to fit on a page, and does not, is only a little too wide."""


class DensityProfile:
    """How many rows come in each hour of a week: people work by day, and on some days only. The newest count most."""

    def __init__(self) -> None:
        """Start without any rows."""
        self._rows = [0.0] * _HOURS_OF_WEEK
        self._hours = [0.0] * _HOURS_OF_WEEK
        self._overall: float | None = None

    @property
    def is_known(self) -> bool:
        """Whether any rows were seen."""
        return self._overall is not None

    def learn(self, window: Window, rows_by_hour: Mapping[int, int]) -> None:
        """Add the rows of a window.

        Args:
            window: The window.
            rows_by_hour: How many rows came in each hour, counted from 1970.
        """
        start, end = window.start.timestamp() / _HOUR_SECONDS, window.end.timestamp() / _HOUR_SECONDS
        for hour in range(int(start), int(end) + 1):
            seen = min(end, hour + 1) - max(start, hour)
            place = hour % _HOURS_OF_WEEK
            kept = 0.5**seen
            self._rows[place] = self._rows[place] * kept + rows_by_hour.get(hour, 0)
            self._hours[place] = self._hours[place] * kept + seen
        if rows_by_hour:
            self._overall = sum(rows_by_hour.values()) / (end - start)

    def rows_in(self, window: Window) -> float:
        """Return how many rows a window is expected to hold."""
        start, end = window.start.timestamp() / _HOUR_SECONDS, window.end.timestamp() / _HOUR_SECONDS
        return sum(
            self._rate(hour) * (min(end, hour + 1) - max(start, hour)) for hour in range(int(start), int(end) + 1)
        )

    def end_of(self, rest: Window, rows: float) -> datetime:
        """Return up to where so many rows are expected, at the start of `rest`; its end if it holds fewer."""
        at = rest.start.timestamp() / _HOUR_SECONDS
        end = rest.end.timestamp() / _HOUR_SECONDS
        while at < end:
            hour = int(at)
            upto = min(end, hour + 1)
            expected = self._rate(hour) * (upto - at)
            if expected > rows:
                at += (upto - at) * rows / expected
                return min(
                    shifted(rest.start, timedelta(seconds=int(at * _HOUR_SECONDS - rest.start.timestamp()))), rest.end
                )
            rows -= expected
            at = upto
        return rest.end

    def _rate(self, hour: int) -> float:
        """Return the rows of an hour: as in the same hour of the last weeks, else on other days, else overall."""
        place = hour % _HOURS_OF_WEEK
        if self._hours[place]:
            return self._rows[place] / self._hours[place]
        same = range(place % 24, _HOURS_OF_WEEK, 24)
        seen = [self._rows[other] / self._hours[other] for other in same if self._hours[other]]
        return max(seen, default=self._overall or 0.0)


class WindowCutter:
    """Proposes parts of windows that one page should hold.

    A part that a page does not hold is given up for a narrower one: again and again until the density is known, once
    where it is reliable, and else not at all. So a burst of rows costs two scans over one part, and no search for its
    bounds.
    """

    def __init__(self, margin: timedelta, least: timedelta) -> None:
        """Prepare.

        Args:
            margin: By how much requests exceed the window at both ends.
            least: The width below which nothing can be gained by cutting.
        """
        self._margin = margin
        self._least = max(least, SECOND, 2 * margin)
        self._profile = DensityProfile()
        self._dispersion = 1.0
        self._largest_share = 1.0
        self._width: timedelta | None = None
        self._overflows = 0

    @property
    def is_guessing(self) -> bool:
        """Whether the next part is to be given up if a page does not hold it."""
        is_reliable = self._dispersion < _MAX_RELIABLE
        return not self._profile.is_known or (is_reliable and self._width is None)

    def next_part(self, rest: Window, full_page: int | None) -> Window | None:
        """Return the part to ask for next; None if what is left is better read as a whole.

        Args:
            rest: What is left of a window.
            full_page: The rows of a full page, if known.
        """
        end = rest.end
        if full_page is None and self._overflows >= _MAX_OVERFLOWS:
            return None
        if self._width is not None:
            end = min(shifted(rest.start, self._width), end)
        elif full_page is not None:
            fill = self._largest_fill(full_page)
            if full_page < _MIN_PAGE_ROWS or fill < _MIN_FULL:
                return None
            room = full_page * fill / self._largest_share
            if self._margin:
                beside = Window(shifted(rest.start, -self._margin), shifted(rest.start, self._margin))
                room -= self._profile.rows_in(beside)
            rows = self._profile.rows_in(rest)
            parts = math.ceil(rows / room) if room > 1 else 0
            if not parts and rows:
                return None
            # All parts equally full, so that no small one is left.
            end = self._profile.end_of(rest, rows / parts) if parts > 1 else rest.end
        if end - rest.start < self._least:
            return None
        # What would be left is not worth a part of its own.
        return rest if rest.end - end < self._least else Window(rest.start, end)

    def overflowed(self, part: Window) -> None:
        """Note that a part was given up."""
        self._overflows += 1
        share = _NARROWER if self._profile.is_known else _MUCH_NARROWER
        self._width = timedelta(seconds=int(part.width / SECOND * share))

    def learn(self, part: Window, rows_by_hour: Mapping[int, int], largest_list: int) -> None:
        """Add a part that was read: its rows, and how many of them the largest of its lists had."""
        self._width = None
        rows = sum(rows_by_hour.values())
        expected = self._profile.rows_in(Window(shifted(part.start, -self._margin), shifted(part.end, self._margin)))
        if expected:
            dispersion = min((rows - expected) ** 2 / expected, _MAX_DISPERSION)
            self._dispersion += _NEWEST_WEIGHT * (dispersion - self._dispersion)
        self._profile.learn(part, rows_by_hour)
        if rows:
            self._largest_share = max(largest_list / rows, 0.01)

    def _largest_fill(self, full_page: int) -> float:
        """Return how full a page is to be, at most. Fuller ones would too often be too full, and be read twice.

        The rows of a part vary around the expected ones: by chance alone with a dispersion (variance / mean) of 1.
        """
        return min(_FULLEST, 0.96 - _SAFETY_DEVIATIONS * math.sqrt(self._dispersion / full_page))
