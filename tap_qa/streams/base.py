"""What every stream has: its vendor, the date range that a run reads, its bookmark and its turns."""

from __future__ import annotations

import abc
import logging
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from singer_sdk.singerlib.catalog import REPLICATION_FULL_TABLE
from typing_extensions import override

from tap_qa.state.bookmarks import Backfill, Bookmark
from tap_qa.state.date_range import DateSettings
from tap_qa.state.windows import Window, date_range_to_read
from tap_qa.streams import registry
from tap_qa.streams.output import OutputStream

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from singer_sdk.helpers.types import Context, Record
    from singer_sdk.singerlib import Catalog

    from tap_qa.http.server_clock import ServerClock
    from tap_qa.runtime.progress import StreamStats

CONNECTION_TEST_RANGE = timedelta(days=1)


class Connection(Protocol):
    """What a vendor's streams share in a run; vendors add to it."""

    @property
    def server_clock(self) -> ServerClock:
        """The vendor's time."""
        ...

    def ensure_server_time(self) -> None:
        """Make sure that the vendor's time is known, by a cheap request if necessary."""
        ...

    def track_requests(self, stats: StreamStats | None) -> None:
        """Count the requests from now on in these stats."""
        ...


class QAStream(OutputStream, abc.ABC):
    """A stream of a QA vendor. Subclasses declare what it is and implement `read_chunks`.

    A class with a `name` is a stream: it registers itself with its vendor, and is checked at import.
    """

    declared: ClassVar[tuple[str, ...]] = ("name", "vendor", "primary_keys")
    """The class attributes that a stream must have; bases add theirs."""

    lag: ClassVar[timedelta] = timedelta(seconds=2)
    """How long before the vendor's time a run stops reading."""

    turn_group: ClassVar[str | None] = None
    """Streams of one group take turns, so that they can share what is costly to get."""

    # Bookmarks are ends of windows: one flat value for each stream, however many lists it reads.
    state_partitioning_keys = ()

    def __init_subclass__(cls, **options: Any) -> None:  # noqa: ANN401 - as object's
        """Register the class if it is a stream.

        Raises:
            TypeError: It is declared incompletely.
        """
        super().__init_subclass__(**options)
        if "name" in vars(cls):
            registry.register(cls, declared=cls.declared)

    # What a subclass may override

    @property
    def has_more(self) -> bool:
        """Whether the stream needs another turn after this one."""
        return False

    @property
    def is_ready(self) -> bool:
        """Whether a turn would not have to wait for the vendor; in a turn group, those that are ready come first."""
        return True

    def prefetch(self) -> None:
        """Start what takes the vendor long, before any stream is read."""

    def cancel(self) -> None:
        """Give up what is still to come, after a failure."""

    # What `--plan` needs; makes no request

    shared_source: object = None
    """The same object for all streams that get their rows by the same requests."""

    def planned_windows(self, date_range: Window) -> Iterable[Window]:
        """Return the windows of a date range, oldest first; a stream without a date filter is read in one."""
        return (date_range,)

    def planned_requests(self, rows: int = 0) -> int:
        """Return how many requests a window takes, roughly.

        Args:
            rows: How many rows it holds; by default, few.
        """
        del rows
        return 1

    # What a run reads

    @property
    def connection(self) -> Any:  # noqa: ANN401 - each vendor's own class
        """What the vendor's streams share."""
        return self.tap.connection(self.vendor)

    @cached_property
    def dates(self) -> DateSettings:
        """The dates of the settings."""
        return DateSettings.of(self.config)

    @property
    def lookback(self) -> timedelta:
        """How much before now is read again."""
        days = self.vendor_config.get("lookback_days")
        return self.dates.lookback if days is None else timedelta(days=days)

    @cached_property
    def signpost(self) -> datetime:
        """The highest value of a bookmark: the earlier of the vendor's and this machine's start time, less the lag."""
        return self._run_start[0] - self.lag

    @cached_property
    def horizon(self) -> datetime:
        """The latest time that is read: the later of both times, less the lag."""
        return self._run_start[1] - self.lag

    @cached_property
    def _run_start(self) -> tuple[datetime, datetime]:
        connection: Connection = self.connection
        connection.ensure_server_time()
        return connection.server_clock.run_start()

    @cached_property
    def bookmark(self) -> Bookmark:
        """How far the stream was read."""
        return Bookmark(self.name, self.replication_key or "", self.stream_state)

    @cached_property
    def backfill(self) -> Backfill | None:
        """The backfill that this run is, if it is one."""
        if self.dates.end is None:
            return None
        return Backfill(Window(self.dates.start, self.dates.end), self.stream_state)

    @property
    def forces_full_table(self) -> bool:
        """Whether a catalog asks for everything from start_date on, whatever the bookmark: method FULL_TABLE."""
        return self.replication_key is not None and self.replication_method == REPLICATION_FULL_TABLE

    def date_range(self) -> Window | None:
        """Return what this run has to read; None if there is nothing."""
        horizon = self.horizon
        read_again_from = self.signpost + self.lag - self.lookback
        if self.is_connection_test:
            return Window(horizon - CONNECTION_TEST_RANGE, horizon)
        if self.backfill is not None:
            bounds = self.backfill.bounds
            # A resumed run reads the lookback again, as every run does: rows may have come late.
            start = max(bounds.start, min(self.backfill.start(), read_again_from))
            end = min(bounds.end, horizon)
            return Window(start, end) if start < end else None
        if not self.forces_full_table:
            self.bookmark.warn_if_unusable()
        return date_range_to_read(
            start_date=self.dates.start,
            bookmark=None if self.forces_full_table else self.bookmark.value(),
            read_again_from=read_again_from,
            end=horizon,
        )

    @override
    def move_bookmark(self, window: Window) -> None:
        if self.backfill is not None:
            self.backfill.advance(min(window.end, self.signpost))
        else:
            self.bookmark.advance(window.end, latest=self.signpost, horizon=self.horizon)

    # Called by the SDK

    @override
    def log(self, message: str, *args: Any, level: int = logging.INFO, **kwargs: Any) -> None:
        """Log, but leave failures to the tap, which reports each once and in words for a person."""
        if level < logging.ERROR:
            super().log(message, *args, level=level, **kwargs)

    @override
    def get_replication_key_signpost(self, context: Context | None = None) -> None:
        """Keep the SDK's own limit of bookmarks, which trusts this machine's clock, out of the state."""

    @override
    def _write_starting_replication_value(self, context: Context | None) -> None:
        """Keep the SDK's note of where it would have started out of the state."""

    @override
    def _increment_stream_state(self, latest_record: Record, *, context: Context | None = None) -> None:
        """Don't let rows move the bookmark: only a checkpoint does."""

    @override
    def apply_catalog(self, catalog: Catalog) -> None:
        """Take the selection from a catalog; keys are the stream's own, also if the catalog has lost them."""
        keys, replication_key = self.primary_keys, self.replication_key
        super().apply_catalog(catalog)
        self.primary_keys, self.replication_key = keys, replication_key
