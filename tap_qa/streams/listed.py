"""Streams that are read as paged JSON lists."""

from __future__ import annotations

import abc
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from typing_extensions import override

from tap_qa.errors import UnsettledError
from tap_qa.keys import Keys
from tap_qa.paging import Page, read_whole
from tap_qa.settings import zone
from tap_qa.streams.base import Finished, JsonRows, Part, QAStream, Rows
from tap_qa.values import Instants, MisfitError, parse_instant
from tap_qa.windows import SECOND, cut, halves, split_at

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator, Mapping
    from datetime import timedelta

    from tap_qa.windows import Window


@dataclass(frozen=True)
class Listing:
    """One list that makes up a table or a window."""

    pages: Callable[[], Iterator[Page]]
    """Starts a pass over its pages."""

    extra: Mapping[str, Any] = field(default_factory=dict)
    """What all its rows have in common and may not say themselves."""

    def part(self, rows: JsonRows) -> Part:
        """Return some of its rows with what they have in common."""
        if not self.extra:
            return rows
        return Rows([{**self.extra, **row} for row in rows.taken_apart()])


class ListedStream(QAStream, abc.ABC):
    """A list of rows behind pages."""

    @property
    def row_key(self) -> tuple[str, ...]:
        """The fields that make a row of the list distinct; usually its key."""
        return tuple(self.primary_keys)

    @cached_property
    def keys(self) -> Keys:
        """What reads from rows, as they were written, what makes them distinct."""
        return Keys(self.row_key, self.renames)

    def whole(self, pages: Callable[[], Iterator[Page]], *, cold: bool) -> Iterator[JsonRows]:
        """Read a list until it was read whole."""
        for rows in read_whole(self.name, pages, keys=self.keys.of_all, cold=cold):
            yield JsonRows(rows)

    def all_of(self, pages: Callable[[], Iterator[Page]]) -> list[dict[str, Any]]:
        """Read a small list that others depend on, each of its rows once."""
        found: dict[Hashable, dict[str, Any]] = {}
        for part in self.whole(pages, cold=True):
            found.update(zip(map(self.keys.of, part.rows), part.taken_apart(), strict=True))
        return list(found.values())


class FullTableStream(ListedStream, abc.ABC):
    """A list that is read from its start to its end at each run."""

    @abc.abstractmethod
    def lists(self) -> Iterator[Listing]:
        """Yield the lists that make up the table."""

    @override
    def read(self) -> Iterator[Part | Finished]:
        for listing in self.lists():
            yield from map(listing.part, self.whole(listing.pages, cold=True))
        yield Finished()


class FilteredStream(ListedStream, abc.ABC):
    """A list that the vendor can't cut by time: it is read whole, and the tap passes on what is new by its date.

    Rows whose date is missing or unreadable are always passed on.
    """

    @abc.abstractmethod
    def rows(self) -> Iterator[list[dict[str, Any]]]:
        """Yield all rows of the list."""

    @override
    def read(self) -> Iterator[Part | Finished]:
        window: Window | None = None
        for part in self.rows():
            if self.is_probe:
                yield Rows(part)
                return
            # Only now, since the first answer tells the vendor's time.
            window = window or self.span()
            if window is None:
                return
            yield Rows([row for row in part if self._is_new(row, window)])
        window = window or self.span()
        if window is not None:
            yield Finished(window)

    def _is_new(self, row: Mapping[str, Any], window: Window) -> bool:
        try:
            written = self._instants(row.get(self.replication_key or ""))
        except MisfitError:
            return True
        if written is None:
            return True
        changed = parse_instant(written)
        return window.start <= changed and (self.backfill is None or changed <= window.end)

    @cached_property
    def _instants(self) -> Instants:
        return Instants(zone(self.own_config))


class WindowedStream(ListedStream, abc.ABC):
    """A list that the vendor can cut to a window of time."""

    hot_span: ClassVar[timedelta]
    """For how long before now rows may still come in late."""

    @property
    @abc.abstractmethod
    def window_width(self) -> timedelta:
        """How wide a window is, at most."""

    @abc.abstractmethod
    def lists(self, window: Window) -> Iterator[Listing]:
        """Yield the lists that make up a window."""

    @override
    def read(self) -> Iterator[Part | Finished]:
        whole = self.span()
        if whole is None:
            return
        hot_from = self.latest + self.lag - self.hot_span
        cold_part, hot_part = split_at(whole, hot_from)
        planned = [
            *((window, True) for window in (cut(cold_part, self.window_width) if cold_part else ())),
            *((window, False) for window in (cut(hot_part, self.window_width) if hot_part else ())),
        ]
        self.tally.windows_planned = len(planned)
        for window, cold in planned:
            yield from self._read_window(window, cold=cold)
            yield Finished(window)

    def _read_window(self, window: Window, *, cold: bool, halvings: int = 3) -> Iterator[Part]:
        """Read a window, or its halves if it changes faster than it can be read."""
        try:
            for listing in self.lists(window):
                yield from map(listing.part, self.whole(listing.pages, cold=cold))
        except UnsettledError:
            parts = halves(window, least=SECOND)
            if parts is None or halvings == 0:
                raise
            for part in parts:
                yield from self._read_window(part, cold=cold, halvings=halvings - 1)
