"""Streams that are read from files which the vendor makes by jobs."""

from __future__ import annotations

import abc
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from typing_extensions import override

from tap_qa.config.properties import zone
from tap_qa.files.csv_shape import TableShape
from tap_qa.jobs.table_spec import TableSpec
from tap_qa.streams.base import QAStream
from tap_qa.streams.checkpoint import Checkpoint

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from tap_qa.jobs.export import Export
    from tap_qa.records.chunks import RowChunk
    from tap_qa.records.row_key import RowIdentity
    from tap_qa.state.windows import Window


PLANNED_REQUESTS = 4
"""To submit a job, to poll it twice and to get its link."""


class ExportStream(QAStream, abc.ABC):
    """A table in the files of a vendor's jobs; each turn reads one window.

    All such streams are one turn group, whatever their vendor, so that the wait for one vendor's job is time to read
    another's file.
    """

    turn_group = "exports"
    identity: ClassVar[RowIdentity]
    """What identifies a row."""

    file_names: ClassVar[tuple[str, ...]]
    """What the table is called in a zip, without folder and ending, the likeliest name first."""

    null_values: ClassVar[frozenset[str]] = frozenset()
    """Words in lower case that mean null in every column that is no text."""

    allow_empty_file: ClassVar[bool] = False

    # What a subclass declares

    @property
    @abc.abstractmethod
    def export(self) -> Export:
        """The jobs that make the stream's files; the same object for streams that share files."""

    def constants(self, window: Window | None) -> Mapping[str, Any]:
        """Return the values that all records of a window share, by column."""
        del window
        return {}

    def finished(self, window: Window | None) -> Checkpoint:
        """Return the checkpoint that follows a window's rows."""
        return Checkpoint(window)

    # What follows from the declarations

    @cached_property
    def table_spec(self) -> TableSpec:
        """The stream's table in the files."""
        shape = TableShape(
            self.name,
            self.schema,
            self.identity,
            other_names=self.property_aliases,
            null_values=self.null_values,
            zone=zone(self.vendor_config),
            notes=self.conformer.drift_log,
        )
        return TableSpec(shape, self.file_names, may_be_empty=self.allow_empty_file, constants=self.constants)

    @cached_property
    def subscribed_export(self) -> Export:
        """The export; the stream subscribes to it, or unsubscribes if there is nothing to read."""
        export = self.export
        date_range = self.date_range() if self.replication_key else None
        if self.replication_key and date_range is None:
            export.unsubscribe(self.name)
        else:
            export.subscribe(self.name, date_range, self.table_spec)
        return export

    @property
    @override
    def shared_source(self) -> object:  # type: ignore[override] # each run has its own
        return self.export

    @override
    def planned_windows(self, date_range: Window) -> Iterable[Window]:
        return self.export.windows(date_range) if self.replication_key else super().planned_windows(date_range)

    @override
    def planned_requests(self, rows: int = 0) -> int:
        return PLANNED_REQUESTS

    @override
    def prefetch(self) -> None:
        self.stats.windows_planned = 0
        _ = self.subscribed_export

    @property
    @override
    def is_ready(self) -> bool:
        return self.subscribed_export.ready(self.name)

    @property
    @override
    def has_more(self) -> bool:
        return not self.is_connection_test and self.subscribed_export.remaining_windows(self.name) > 0

    @property
    @override
    def keys_may_repeat(self) -> bool:  # type: ignore[override] # not in one file, where duplicates have ordinals
        return self.stats.windows_planned != 1

    @override
    def cancel(self) -> None:
        self.export.unsubscribe(self.name)

    @override
    def read_chunks(self) -> Iterator[RowChunk | Checkpoint]:
        window_table = self.subscribed_export.next_window(self.name)
        if window_table is None:
            return
        self.stats.windows_planned = self.stats.windows + self.subscribed_export.remaining_windows(self.name)
        try:
            for chunk in window_table.chunks(self.constants(window_table.window)):
                yield chunk
                # Jobs continue while rows go out.
                self.tap.run_context.waiter.run_background_tasks()
        finally:
            window_table.release()
        yield self.finished(window_table.window)
