"""What every stream has: its schema, its span, its bookmark, and how its rows become messages."""

from __future__ import annotations

import abc
import logging
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from singer_sdk import Stream, metrics
from singer_sdk.batch import Batcher
from singer_sdk.helpers.conform import TypeConformanceLevel
from singer_sdk.mapper import SameRecordTransform
from singer_sdk.singerlib.catalog import REPLICATION_FULL_TABLE
from typing_extensions import override

from tap_qa.bookmarks import Backfill, Bookmark
from tap_qa.errors import SettingsError
from tap_qa.messages import LineWriter
from tap_qa.progress import Tally
from tap_qa.record_lines import record_lines
from tap_qa.records import RecordShape
from tap_qa.rows import Finished, JsonRows, Part, Rows, Shaped, as_dict
from tap_qa.schema_files import VendorSchema
from tap_qa.settings import Dates, zone
from tap_qa.streams.until_finished import UntilFinished
from tap_qa.typed_rows import TypedRows
from tap_qa.windows import Window, span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from singer_sdk.helpers._batch import BaseBatchFileEncoding, BatchConfig
    from singer_sdk.helpers.types import Context, Record
    from singer_sdk.singerlib import Catalog

    from tap_qa.tap import TapQA
    from tap_qa.vendor_clock import VendorClock

PROBE_SPAN = timedelta(days=1)

__all__ = ["Connection", "Finished", "JsonRows", "Part", "QAStream", "Rows", "Shaped"]


class Connection(Protocol):
    """What a vendor's streams share in a run; vendors add to it."""

    @property
    def vendor_clock(self) -> VendorClock:
        """The vendor's time."""
        ...

    def greet(self) -> None:
        """Make sure that the vendor's time is known, by a cheap call if need be."""
        ...

    def count_for(self, tally: Tally | None) -> None:
        """Count the requests from now on for this tally."""
        ...


class QAStream(Stream, abc.ABC):
    """A stream of a QA vendor. Subclasses declare what it is and implement `read`."""

    vendor: ClassVar[str]
    lag: ClassVar[timedelta] = timedelta(seconds=2)
    renames: ClassVar[Mapping[str, str]] = {}
    bundle: ClassVar[str | None] = None
    """Streams of one bundle get turns, round robin, so that they can share what is costly to get."""

    schema: Any = VendorSchema()
    # Rows are shaped here, exactly and once; the SDK's own pass would cost most of a run and turn "FALSE" into true.
    TYPE_CONFORMANCE_LEVEL = TypeConformanceLevel.NONE
    # Bookmarks are windows' ends: one flat value a stream, whatever is walked to read it.
    state_partitioning_keys = ()

    tap: TapQA

    def __init__(self, tap: TapQA) -> None:
        """Make the stream of a tap."""
        super().__init__(tap=tap)
        self.tap = tap
        self.tally = Tally(self.name, started=0.0)

    # What a subclass does

    @abc.abstractmethod
    def read(self) -> Iterator[Part | Finished]:
        """Yield the rows of window after window, each window's rows followed by its Finished."""

    @property
    def unfinished(self) -> bool:
        """Whether another turn is wanted after this one."""
        return False

    @property
    def ready(self) -> bool:
        """Whether a turn would not have to wait for the vendor; of a bundle, those that are ready come first."""
        return True

    def look_ahead(self) -> None:
        """Start what takes the vendor long, before any stream is read."""

    def abandon(self) -> None:
        """Give up what is still to come, after a failure."""

    # What a run asks for

    @property
    def own_config(self) -> Mapping[str, Any]:
        """The settings of the vendor."""
        found: Mapping[str, Any] = self.config[self.vendor]
        return found

    @property
    def connection(self) -> Any:  # noqa: ANN401 - each vendor's own class
        """What the vendor's streams share."""
        return self.tap.connection(self.vendor)

    @property
    def is_probe(self) -> bool:
        """Whether this is only a test of the connection, which must stay cheap."""
        return self.ABORT_AT_RECORD_COUNT is not None

    @cached_property
    def dates(self) -> Dates:
        """Which time the settings ask for."""
        return Dates.of(self.config)

    @property
    def lookback(self) -> timedelta:
        """How much before now is read again."""
        days = self.own_config.get("lookback_days")
        return self.dates.lookback if days is None else timedelta(days=days)

    @cached_property
    def latest(self) -> datetime:
        """What nothing is read beyond, and no bookmark passes: the vendor's time at the start, less the lag."""
        connection: Connection = self.connection
        connection.greet()
        return connection.vendor_clock.started() - self.lag

    @cached_property
    def bookmark(self) -> Bookmark:
        """How far the stream has been read."""
        return Bookmark(self.name, self.replication_key or "", self.stream_state)

    @cached_property
    def backfill(self) -> Backfill | None:
        """The backfill that this run is, if it is one."""
        if self.dates.end is None:
            return None
        return Backfill(Window(self.dates.start, self.dates.end), self.stream_state)

    @property
    def is_read_anew(self) -> bool:
        """Whether a catalog wants all from start_date on, whatever the bookmark: replication method FULL_TABLE."""
        return self.replication_key is not None and self.replication_method == REPLICATION_FULL_TABLE

    def span(self) -> Window | None:
        """Return what this run has to read; None if there is nothing."""
        latest = self.latest
        if self.is_probe:
            return Window(latest - PROBE_SPAN, latest)
        if self.backfill is not None:
            bounds = self.backfill.bounds
            # As every run, a resumed one reads the lookback again: rows may have come late.
            start = max(bounds.start, min(self.backfill.start(), latest + self.lag - self.lookback))
            end = min(bounds.end, latest)
            return Window(start, end) if start < end else None
        return span(
            start_date=self.dates.start,
            bookmark=None if self.is_read_anew else self.bookmark.value(),
            now=latest + self.lag,
            lookback=self.lookback,
            lag=self.lag,
        )

    @cached_property
    def shape(self) -> RecordShape:
        """What rows become."""
        return RecordShape(
            self.name, self.schema, keys=self.primary_keys, renames=self.renames, zone=zone(self.own_config)
        )

    @cached_property
    def typed(self) -> TypedRows:
        """The quick way from JSON rows to records."""
        return TypedRows(self.schema, keys=self.primary_keys, zone=zone(self.own_config))

    # What the SDK calls

    @override
    def get_records(self, context: Context | None) -> Iterable[Record]:
        """Yield records; the SDK writes each before it asks for the next, so a bookmark never runs ahead of them.

        Where nothing of the SDK has to see the single record, nothing is yielded: records are written here, many at a
        time, which costs a tenth.
        """
        self._stream_version = self._version()
        writes_itself = self._nothing_looks_at_records()
        for step in self.read():
            if isinstance(step, Finished):
                self._finish(step.window)
                continue
            self.tally.rows += len(step)
            records = step.records(self.shape, self.typed)
            if writes_itself:
                self._write_records(records)
                self._record_counter.increment(len(step))
            else:
                yield from map(self._as_listed, records)

    @override
    def get_batches(
        self, batch_config: BatchConfig, context: Context | None = None
    ) -> Iterable[tuple[BaseBatchFileEncoding, list[str]]]:
        """Yield files of records, window by window; the SDK writes each BATCH message before the bookmark moves.

        The SDK's own way skips selection and stream maps; here each record goes through both first.
        """
        if len(self.stream_maps) != 1:
            raise SettingsError(
                self.name,
                "BATCH output can't follow a stream map that makes several streams of one.",
                "Remove batch_config, or that stream map.",
            )
        batcher = Batcher(tap_name=self.tap_name, stream_name=self.name, batch_config=batch_config)
        steps = self.read()
        self._stream_version = self._version()
        going_on = True
        while going_on:
            records = UntilFinished(self, steps)
            for manifest in batcher.get_batches(records=iter(records)):
                yield batch_config.encoding, manifest
            going_on = records.finished is not None
            if records.finished is not None:
                self._finish(records.finished.window)

    @override
    def get_batch_config(self, config: Mapping[str, Any]) -> BatchConfig | None:
        """Write no files in a trial run: the SDK's limit of records knows nothing of them."""
        return None if self.is_probe else super().get_batch_config(config)

    @property
    @override
    def emit_activate_version_messages(self) -> bool:
        """Keep the SDK from announcing a version before the table was read: a failed read would delete rows."""
        return False

    @override
    def log(self, message: str, *args: Any, level: int = logging.INFO, **kwargs: Any) -> None:
        """Log, but leave it to the tap to tell of failures, once and in words for a person."""
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
        """Don't let rows move the bookmark: only a finished window does (see `_finish`)."""

    @override
    def get_record_counter(self, **options: Any) -> metrics.Counter:
        """Keep the SDK's counter at hand for the records that are written here."""
        self._record_counter = super().get_record_counter(**options)
        return self._record_counter

    @override
    def apply_catalog(self, catalog: Catalog) -> None:
        """Take the selection from a catalog; keys are the stream's own, also if the catalog has lost them."""
        keys, replication_key = self.primary_keys, self.replication_key
        super().apply_catalog(catalog)
        self.primary_keys, self.replication_key = keys, replication_key

    # What only this class does

    @cached_property
    def _unlisted(self) -> frozenset[str]:
        """The columns that a catalog of an older version does not list, and the SCHEMA message thus leaves out."""
        return frozenset(self.schema["properties"]) - frozenset(self.stream_maps[0].raw_schema["properties"])

    def _as_listed(self, record: Any) -> dict[str, Any]:  # noqa: ANN401
        plain = as_dict(record)
        return {name: value for name, value in plain.items() if name not in self._unlisted} if self._unlisted else plain

    def _nothing_looks_at_records(self) -> bool:
        """Tell whether records can be written as they are: no stream map, no deselected column, no trial run."""
        as_it_is = len(self.stream_maps) == 1 and type(self.stream_maps[0]) is SameRecordTransform
        return (
            as_it_is
            and not self._unlisted
            and isinstance(self.tap.message_writer, LineWriter)
            and not self.is_probe
            and not self.child_streams
            and all(self.mask.values())
            and self.selected
        )

    def _write_records(self, records: Iterable[Any]) -> None:
        writer = self.tap.message_writer
        assert isinstance(writer, LineWriter)  # noqa: S101 - for the type checker
        now = self.tap.clock.now()
        lines = record_lines(
            self.stream_maps[0].stream_alias, records, version=self._stream_version, time_extracted=now
        )
        for piece in lines:
            writer.write_lines(piece)

    def _version(self) -> int | None:
        """Return the version of a full table's rows, if versions are wanted."""
        if self.replication_key is None and self.config.get("emit_activate_version_messages"):
            return self.tap.version
        return None

    def _finish(self, window: Window | None) -> None:
        """Note that a window, or a whole table, went out."""
        self.shape.notes.sum_up()
        if window is None:
            if self._stream_version is not None:
                self._write_activate_version_message(self._stream_version)
            return
        self.tally.windows += 1
        if self.is_probe:
            return
        if self.backfill is not None:
            self.backfill.advance(window.end)
        else:
            self.bookmark.advance(window.end, latest=self.latest)
        self.tap.write_state()
