"""Streams that are read from files which the vendor makes by jobs."""

from __future__ import annotations

import abc
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from typing_extensions import override

from tap_qa.jobs.plan import Wanted
from tap_qa.rows import Finished, Shaped
from tap_qa.settings import zone
from tap_qa.streams.base import QAStream
from tap_qa.tables.shape import TableShape

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tap_qa.jobs.plan import Plan
    from tap_qa.row_keys import Identity
    from tap_qa.rows import Part
    from tap_qa.windows import Window


class ExportedStream(QAStream, abc.ABC):
    """A table in the files of a vendor's jobs, one window a turn.

    All such streams are one bundle, whatever their vendor, so that the wait for one vendor's job is time to read
    another's file.
    """

    bundle = "exports"
    identity: ClassVar[Identity]
    """What tells rows apart."""

    file_names: ClassVar[tuple[str, ...]]
    """What the table is called in a zip, without folder and ending, the likeliest name first."""

    null_words: ClassVar[frozenset[str]] = frozenset()
    """Words in small letters that stand for null wherever a text would not fit."""

    no_bytes_are_no_rows: ClassVar[bool] = False

    # What a subclass says

    @property
    @abc.abstractmethod
    def plan(self) -> Plan:
        """The jobs that make the stream's files; the same object for streams that share files."""

    def constants(self, window: Window | None) -> Mapping[str, Any]:
        """Return the values that all records of a window share, by column."""
        del window
        return {}

    def finished(self, window: Window | None) -> Finished:
        """Say what was finished when a window's file went out."""
        return Finished(window)

    # What follows from it

    @cached_property
    def wanted(self) -> Wanted:
        """The stream's table in the files."""
        shape = TableShape(
            self.name,
            self.schema,
            self.identity,
            other_names=self.renames,
            null_words=self.null_words,
            zone=zone(self.own_config),
            notes=self.shape.notes,
        )
        return Wanted(shape, self.file_names, may_be_empty=self.no_bytes_are_no_rows)

    @cached_property
    def joined(self) -> Plan:
        """The plan, which the stream has joined or, if there is nothing to read, left."""
        plan = self.plan
        span = self.span() if self.replication_key else None
        if self.replication_key and span is None:
            plan.leave(self.name)
        else:
            plan.join(self.name, span, self.wanted)
        return plan

    @override
    def look_ahead(self) -> None:
        self.tally.windows_planned = 0
        _ = self.joined

    @property
    @override
    def ready(self) -> bool:
        return self.joined.ready(self.name)

    @property
    @override
    def unfinished(self) -> bool:
        return not self.is_probe and self.joined.left(self.name) > 0

    @override
    def abandon(self) -> None:
        self.plan.leave(self.name)

    @override
    def read(self) -> Iterator[Part | Finished]:
        delivery = self.joined.take(self.name)
        if delivery is None:
            return
        self.tally.windows_planned = self.tally.windows + self.joined.left(self.name)
        try:
            for records in delivery.records(self.constants(delivery.window)):
                yield Shaped(self.completed(records))
                # Jobs go on while rows go out.
                self.tap.around.waiter.work()
        finally:
            delivery.done()
        yield self.finished(delivery.window)

    def completed(self, records: list[Any]) -> list[Any]:
        """Return records with what the file does not say; as they are, usually."""
        return records
