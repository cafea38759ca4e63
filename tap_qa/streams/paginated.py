"""Streams that are read as paged JSON lists."""

from __future__ import annotations

import abc
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from typing_extensions import override

from tap_qa.config.properties import zone
from tap_qa.errors import CappedListError, InconsistentListError
from tap_qa.pagination.consistency import read_consistently
from tap_qa.pagination.distinct_keys import KeyReader
from tap_qa.pagination.page_fill import PageFill, TooManyRowsError
from tap_qa.records.chunks import ParsedRows, RawRows, RowChunk
from tap_qa.records.timestamps import TimestampParser
from tap_qa.state.windows import SECOND, Window, halves, split_at, split_into_windows
from tap_qa.streams.base import QAStream
from tap_qa.streams.checkpoint import Checkpoint
from tap_qa.streams.density import WindowCutter
from tap_qa.streams.row_hours import PartCounts, RowHours

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
    from datetime import datetime

    from tap_qa.pagination.page import Page


@dataclass(frozen=True)
class PagedList:
    """One list that makes up a table or a window."""

    pages: Callable[[], Iterator[Page]]
    """Starts a scan over its pages."""

    context: Mapping[str, Any] = field(default_factory=dict)
    """The columns that all its rows share, and that the vendor does not repeat in each."""

    def add_context(self, rows: RawRows) -> RowChunk:
        """Return rows with the columns that they share."""
        if not self.context:
            return rows
        return ParsedRows([{**self.context, **row} for row in rows.parsed()])


def pages_of(rows: int, limit: int) -> int:
    """Return how many pages of at most `limit` rows hold so many."""
    return max(1, -(-rows // limit))


class ListedStream(QAStream, abc.ABC):
    """A list of rows behind pages."""

    @property
    def row_key(self) -> tuple[str, ...]:
        """The fields that make a row of the list distinct; usually its key."""
        return tuple(self.primary_keys)

    @cached_property
    def keys(self) -> KeyReader:
        """Reads the key out of undecoded rows."""
        return KeyReader(self.row_key, self.property_aliases)

    def read_list(self, pages: Callable[[], Iterator[Page]], *, closed: bool) -> Iterator[RawRows]:
        """Read a list until it was read consistently."""
        for rows in read_consistently(self.name, pages, keys=self.keys.read_keys, closed=closed):
            yield RawRows(rows)

    def read_small_list(self, pages: Callable[[], Iterator[Page]]) -> list[dict[str, Any]]:
        """Read a small list that others depend on, each of its rows once."""
        found: dict[Hashable, dict[str, Any]] = {}
        for chunk in self.read_list(pages, closed=True):
            found.update(zip(map(self.keys.read_key, chunk.rows), chunk.parsed(), strict=True))
        return list(found.values())


class FullTableStream(ListedStream, abc.ABC):
    """A list that is read from its start to its end at each run."""

    @abc.abstractmethod
    def paged_lists(self) -> Iterator[PagedList]:
        """Yield the lists that make up the table."""

    @override
    def read_chunks(self) -> Iterator[RowChunk | Checkpoint]:
        has_lists = False
        for paged_list in self.paged_lists():
            has_lists = True
            yield from map(paged_list.add_context, self.read_list(paged_list.pages, closed=True))
        if has_lists:  # else nothing was requested, and the table must not pass for empty
            yield Checkpoint()


class FilteredStream(ListedStream, abc.ABC):
    """A list that the vendor can't filter by time: all of it is read, and rows outside the date range are left out.

    Rows whose date is missing or unreadable are kept.
    """

    @abc.abstractmethod
    def rows(self) -> Iterator[list[dict[str, Any]]]:
        """Yield all rows of the list."""

    @override
    def read_chunks(self) -> Iterator[RowChunk | Checkpoint]:
        window: Window | None = None
        for chunk in self.rows():
            if self.is_connection_test:
                yield ParsedRows(chunk)
                return
            # Only now, since the first response gives the vendor's time.
            window = window or self.date_range()
            if window is None:
                return
            yield ParsedRows([row for row in chunk if self._is_new(row, window)])
        window = window or self.date_range()
        if window is not None:
            yield Checkpoint(window)

    def _is_new(self, row: Mapping[str, Any], window: Window) -> bool:
        dates = (row[name] for name in self._date_names if row.get(name) is not None)
        changed = self._read_instant(next(dates, None))
        if changed is None:
            return True
        return window.start <= changed and (self.backfill is None or changed <= window.end)

    @cached_property
    def _date_names(self) -> tuple[str, ...]:
        """The vendor's names of the replication key."""
        own = self.replication_key or ""
        return (own, *(name for name, column in self.property_aliases.items() if column == own))

    @cached_property
    def _read_instant(self) -> Callable[[Any], datetime | None]:
        return TimestampParser(zone(self.vendor_config)).instant


class WindowedStream(ListedStream, abc.ABC):
    """A list that the vendor can cut to a window of time."""

    allowed_lateness: ClassVar[timedelta]
    """How long before now rows may still come late into a window."""

    min_window_width: ClassVar[timedelta] = SECOND
    """The finest step of the vendor's filter."""

    shows_totals: ClassVar[bool] = True
    """Whether the vendor's document gives pages a total."""

    @property
    def margin(self) -> timedelta:
        """By how much requests exceed the window at both ends."""
        return timedelta()

    @cached_property
    def page_fill(self) -> PageFill:
        """How full the pages of earlier requests were; `pages` passes it to the paginator."""
        return PageFill(shows_totals=self.shows_totals)

    @cached_property
    def _cutter(self) -> WindowCutter:
        return WindowCutter(self.margin, self.min_window_width)

    @cached_property
    def _hours(self) -> RowHours:
        return RowHours(self.replication_key or "", self.property_aliases, zone(self.vendor_config))

    @property
    def lateness(self) -> timedelta:
        """The allowed lateness of this run, where a setting changes it."""
        return self.allowed_lateness

    @property
    @abc.abstractmethod
    def window_width(self) -> timedelta:
        """How wide a window is, at most."""

    @abc.abstractmethod
    def paged_lists(self, window: Window) -> Iterator[PagedList]:
        """Yield the lists that make up a window."""

    def read_beside(self, window: Window, date_range: Window) -> Iterator[RowChunk]:
        """Yield rows that belong to a window of a date range although the vendor's filter leaves them out."""
        del window, date_range
        yield from ()

    @override
    def planned_windows(self, date_range: Window) -> Iterable[Window]:
        return split_into_windows(date_range, self.window_width)

    @override
    def read_chunks(self) -> Iterator[RowChunk | Checkpoint]:
        date_range = self.date_range()
        if date_range is None:
            return
        open_from = self.signpost + self.lag - self.lateness
        closed_part, open_part = split_at(date_range, open_from)
        planned = [
            *((window, True) for window in (split_into_windows(closed_part, self.window_width) if closed_part else ())),
            *((window, False) for window in (split_into_windows(open_part, self.window_width) if open_part else ())),
        ]
        self.stats.windows_planned = len(planned)
        for window, closed in planned:
            yield from self._read_in_parts(window, closed=closed)
            yield from self.read_beside(window, date_range)
            yield Checkpoint(window)

    def _read_in_parts(self, window: Window, *, closed: bool) -> Iterator[RowChunk]:
        """Read a window; where lists have no totals, in parts that one page holds each, as long as that is cheaper."""
        rest = window
        while not self.page_fill.shows_totals and not self.is_connection_test and rest.width:
            part = self._cutter.next_part(rest, self.page_fill.rows_of_full_page)
            if part is None:
                break
            self.page_fill.wants_one_page = self._cutter.is_guessing
            counts = PartCounts(self._hours)
            try:
                for paged_list in self.paged_lists(part):
                    pages = counts.counted(paged_list.pages)
                    yield from map(paged_list.add_context, self.read_list(pages, closed=closed))
            except TooManyRowsError:
                self._cutter.overflowed(part)
                continue
            except (InconsistentListError, CappedListError):
                self.page_fill.wants_one_page = False
                yield from self._read_window(part, closed=closed)
            finally:
                self.page_fill.wants_one_page = False
            self._cutter.learn(part, counts.by_hour, counts.largest_list)
            rest = Window(part.end, rest.end)
        if rest.width:
            yield from self._read_window(rest, closed=closed)

    def _read_window(self, window: Window, *, closed: bool, halvings: int = 3) -> Iterator[RowChunk]:
        """Read a window, or its halves if it changes faster than it can be read, or the vendor cuts it."""
        try:
            for paged_list in self.paged_lists(window):
                yield from map(paged_list.add_context, self.read_list(paged_list.pages, closed=closed))
        except (InconsistentListError, CappedListError) as error:
            chunks = halves(window, least=self.min_window_width)
            if chunks is None or (halvings == 0 and isinstance(error, InconsistentListError)):
                raise
            for chunk in chunks:
                yield from self._read_window(chunk, closed=closed, halvings=max(halvings - 1, 0))
