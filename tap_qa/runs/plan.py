"""`--plan`: a date range cut into parts that runs of their own can read in any order, on any machines; asks no vendor.

Each part is a backfill: its bounds become `start_date` and `end_date`, its streams what the catalog selects. Neighbours
share a bound, and rows on it are the same by their keys, so that all parts together give the tables of one run.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tap_qa.state.bookmarks import format_timestamp
from tap_qa.state.windows import Window

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime

    from tap_qa.state.date_range import DateSettings
    from tap_qa.streams.base import QAStream

Part = dict[str, Any]


def plan_parts(
    streams: Iterable[QAStream], date_range: Window, rows: Callable[[QAStream], int] = lambda _stream: 0
) -> Iterator[Part]:
    """Yield the parts, group by group, each oldest first.

    Streams that are cut alike go together; those that share files do so for a reason, since each part of theirs asks
    for one file for all of them.

    Args:
        streams: What is to be read.
        date_range: The date range to cut.
        rows: Returns how many rows a window of a stream holds, which its cost depends on; by default, few.
    """
    groups: dict[tuple[str, object, tuple[Window, ...]], list[QAStream]] = {}
    for stream in streams:
        windows = tuple(_within(window, date_range) for window in stream.planned_windows(date_range))
        groups.setdefault((stream.vendor, stream.shared_source, windows), []).append(stream)
    for (vendor, shared, windows), group in groups.items():
        costs = [stream.planned_requests(rows(stream)) for stream in group]
        requests = max(costs) if shared is not None else sum(costs)
        if requests == 0:
            continue  # the settings name nothing to read
        for window in windows:
            yield {
                "vendor": vendor,
                "streams": [stream.name for stream in group],
                "start": format_timestamp(window.start),
                "end": format_timestamp(window.end),
                "requests": requests,
            }


def plan_as_json(streams: Iterable[QAStream], dates: DateSettings, now: datetime) -> str:
    """Return the parts of the time from start_date to end_date, or now, as a JSON array with a part a line."""
    start, end = dates.start, dates.end or now.replace(microsecond=0)
    parts = plan_parts(streams, Window(start, end)) if start < end else ()
    lines = ",\n".join(map(json.dumps, parts))
    return f"[\n{lines}\n]" if lines else "[]"


def _within(window: Window, date_range: Window) -> Window:
    """Clip a window: those of whole days reach beyond the date range."""
    return Window(max(window.start, date_range.start), min(window.end, date_range.end))
