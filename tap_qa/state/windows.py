"""Date ranges and the windows they are read in: pure functions of their inputs.

All instants are aware and in UTC. Windows follow each other without a gap; whether a bound belongs to a window is the
vendor's business, so neighbours share theirs and rows on a border may be read twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

from tap_qa.records.timestamps import zulu

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import tzinfo

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


@dataclass(frozen=True, order=True)
class Window:
    """The time from `start` to `end`, both in UTC."""

    start: datetime
    end: datetime

    @property
    def width(self) -> timedelta:
        """How long it is."""
        return self.end - self.start

    def __str__(self) -> str:
        """Name both bounds, to the second."""
        return " to ".join(zulu(bound.replace(microsecond=0)) for bound in (self.start, self.end))


def shifted(instant: datetime, by: timedelta) -> datetime:
    """Return an instant moved by a duration, but no further than the calendar's ends."""
    try:
        return instant + by
    except OverflowError:
        end = datetime.min if by < timedelta() else datetime.max  # noqa: DTZ901 - gets its zone below
        return end.replace(tzinfo=instant.tzinfo)


def date_range_to_read(
    *, start_date: datetime, bookmark: datetime | None, read_again_from: datetime, end: datetime
) -> Window | None:
    """Say what a run has to read.

    The lookback counts from now, not from the bookmark, so that it neither walks back run after run nor shrinks when
    a run comes late.

    Args:
        start_date: The earliest instant of interest.
        bookmark: The end of the last window that was finished, if any.
        read_again_from: What every run reads from at the latest: now, less the lookback.
        end: How close to now rows are trusted to be there.

    Returns:
        The date range, or None if nothing lies between its bounds yet.
    """
    start = start_date if bookmark is None else max(start_date, min(bookmark, read_again_from))
    return Window(start, end) if start < end else None


def split_into_windows(date_range: Window, width: timedelta) -> Iterator[Window]:
    """Cut a date range into windows of at most `width`, oldest first, the last partial one included."""
    start = date_range.start
    while start < date_range.end:
        end = min(shifted(start, width), date_range.end)
        yield Window(start, end)
        start = end


def split_into_days(date_range: Window, days: int) -> Iterator[Window]:
    """Cut a date range into windows of whole UTC days, at most `days` of them, oldest first.

    The first window starts with the UTC day that `date_range` starts in, the last ends with the UTC day it ends in;
    windows end at a midnight and the next starts at the same one.
    """
    start = midnight(date_range.start)
    last = midnight(date_range.end)
    stop = last if last == date_range.end and last > start else last + DAY
    yield from split_into_windows(Window(start, stop), days * DAY)


def midnight(instant: datetime) -> datetime:
    """Return the start of an instant's UTC day."""
    return instant.astimezone(timezone.utc).replace(hour=0, minute=0, second=0, microsecond=0)


def split_at(date_range: Window, instant: datetime) -> tuple[Window | None, Window | None]:
    """Split a date range into what lies before an instant and what lies after it; either may be missing."""
    if instant <= date_range.start:
        return None, date_range
    if instant >= date_range.end:
        return date_range, None
    return Window(date_range.start, instant), Window(instant, date_range.end)


def halves(date_range: Window, *, least: timedelta) -> tuple[Window, Window] | None:
    """Halve a window, at a whole multiple of `least` from its start; None if no half would be that wide."""
    steps = date_range.width // least
    if steps < 2:  # noqa: PLR2004 - two halves
        return None
    middle = date_range.start + (steps // 2) * least
    return Window(date_range.start, middle), Window(middle, date_range.end)


def local_bounds(window: Window, zone: tzinfo) -> tuple[datetime, datetime]:
    """Give the naive local times between which every instant of a window falls.

    When clocks are set back, local time runs through an hour twice: the plain conversion of both bounds could then
    leave out rows, or even put the end before the start. So the start takes the smallest UTC offset that holds in
    the window and the end the largest; that can only widen it.

    Returns:
        Naive start and end, to the second, the end rounded up.
    """
    probes = [window.start, window.end]
    day = shifted(window.start, DAY)
    while day < window.end:
        probes.append(day)
        day = shifted(day, DAY)
    offsets = [_offset(probe, zone) for probe in probes]
    start = shifted(window.start, min(offsets)).replace(tzinfo=None, microsecond=0)
    end = shifted(window.end, max(offsets)).replace(tzinfo=None)
    if end.microsecond:
        end = shifted(end.replace(microsecond=0), SECOND).replace(microsecond=0)
    return start, end


def _offset(instant: datetime, zone: tzinfo) -> timedelta:
    try:
        return instant.astimezone(zone).utcoffset() or timedelta()
    except OverflowError:  # at the calendar's ends
        return timedelta()
