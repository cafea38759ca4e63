"""Reading all that lies in a window although the vendor gives at most 100 rows at once.

The reference says "at most 100 scores per query, ascending by date". So a full response holds all rows before the date
of its last one, and the rest of the window is asked for from there on. The next question starts a little before that
date: rows may share it, and no document says whether a bound belongs to the window. A vendor that once gave rows in
another order is not trusted with any: seven rows are in order by chance, too. Then the window of a full response is
halved instead, which proves the same of each part.

A project's own limit may be lower. So what follows a shorter response is asked for, too, until that has shown once that
a response of as many rows was not cut.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from tap_qa.errors import PagingError
from tap_qa.records.timestamps import TimestampParser
from tap_qa.state.windows import SECOND, Window, halves

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import datetime

    Row = Mapping[str, Any]

MAX_ROWS = 100
MIN_CAP = 10
"""No vendor gives fewer rows than this at once: shorter responses are complete."""

MILLISECOND = timedelta(milliseconds=1)
_MIN_HALF = 4 * MILLISECOND  # halves overlap by one, and must still be smaller than the whole
_read_instant = TimestampParser().instant


@dataclass
class ResponseTraits:
    """What the vendor's responses showed so far."""

    complete_below: int = MIN_CAP
    """Responses with fewer rows are complete."""

    keeps_order: bool = True
    """Whether all of them ascended by date."""


def read_window(  # noqa: PLR0913 - all by name
    who: str,
    window: Window,
    fetch: Callable[[Window], Sequence[Row]],
    *,
    date: Callable[[Row], Any],
    key: Callable[[Row], Any],
    traits: ResponseTraits | None = None,
) -> Iterator[list[Row]]:
    """Yield the rows of a window, part by part, each row once.

    Args:
        who: Whose rows they are, for a message.
        window: The window to read.
        fetch: Requests the rows between two instants.
        date: Returns a row's date, as the vendor wrote it.
        key: Returns what makes a row distinct.
        traits: What is known of the vendor; keeps what is learnt here.

    Raises:
        PagingError: More rows share an instant than the vendor gives at once.
    """
    seen: set[Any] = set()
    traits = traits or ResponseTraits()
    order_was_trusted = False
    ahead: list[tuple[Window, int]] = [(window, 0)]
    while ahead:
        part, rows_before = ahead.pop()
        rows = fetch(part)
        dates = [_read_instant(date(row)) for row in rows]
        fresh = [row for row in rows if key(row) not in seen]
        seen.update(map(key, fresh))
        if fresh:
            yield fresh
        elif rows_before:
            traits.complete_below = max(traits.complete_below, rows_before + 1)
        if traits.keeps_order and not _ascend(dates):
            traits.keeps_order = False
            if order_was_trusted:
                ahead = [(window, 0)]
                continue
        if len(rows) >= MAX_ROWS:
            order_was_trusted |= traits.keeps_order
            ahead.extend((left, 0) for left in reversed(_rest(who, part, dates, keeps_order=traits.keeps_order)))
        elif fresh and len(rows) >= traits.complete_below:
            ahead.extend((left, len(rows)) for left in _following(part, dates))


def _rest(who: str, part: Window, dates: list[datetime | None], *, keeps_order: bool) -> tuple[Window, ...]:
    """Return what is left of a part whose response was full."""
    last = _last_if_ascending(dates, part) if keeps_order else None
    if last is None:
        parts = halves(part, least=_MIN_HALF)
        if parts is not None:
            early, late = parts
            return early, Window(late.start - MILLISECOND, late.end)
    elif following := _following(part, dates):
        return following
    raise PagingError(
        who,
        f"{MAX_ROWS} or more scores share the instant {(last or part.start).isoformat()}, and the vendor never gives "
        f"more than {MAX_ROWS} at once, so there may be others.",
        "Ask Canary Speech how to read them, or leave that time out by start_date and end_date.",
    )


def _following(part: Window, dates: list[datetime | None]) -> tuple[Window, ...]:
    """Return what lies behind the last row, if the rows are in order and end later than the part begins."""
    last = _last_if_ascending(dates, part)
    if last is not None:
        for start in (last.replace(microsecond=0) - SECOND, last - MILLISECOND):
            if part.start < start < part.end:
                return (Window(start, part.end),)
    return ()


def _last_if_ascending(dates: list[datetime | None], part: Window) -> datetime | None:
    """Return the last date if they ascend within the window, as the reference says."""
    known = [found for found in dates if found is not None]
    if len(known) < len(dates) or not _ascend(dates):
        return None
    return known[-1] if part.start - SECOND <= known[0] and known[-1] <= part.end + SECOND else None


def _ascend(dates: list[datetime | None]) -> bool:
    """Return whether the dates that can be read ascend."""
    known = [found for found in dates if found is not None]
    return known == sorted(known)
