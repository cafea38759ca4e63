"""How the rows of a stream become RECORD messages or BATCH files."""

from __future__ import annotations

import abc
import logging
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from singer_sdk import Stream, metrics
from singer_sdk.batch import BaseBatcher, Batcher
from singer_sdk.helpers.conform import TypeConformanceLevel
from singer_sdk.mapper import SameRecordTransform
from typing_extensions import override

from tap_qa.config.map_selection import LeftOut, columns_in_maps
from tap_qa.config.properties import zone
from tap_qa.errors import SettingsError, TapQAError, UnavailableError
from tap_qa.records.catalog_gaps import gaps, names_of, without_gaps
from tap_qa.records.chunks import EncodedRows, as_dict
from tap_qa.records.conform import RecordConformer
from tap_qa.records.decoder import RowDecoder
from tap_qa.runtime.progress import StreamStats
from tap_qa.singer.message_writer import LineWriter
from tap_qa.singer.record_messages import Envelope, record_lines
from tap_qa.singer.schemas import UNMAPPED, VendorSchema
from tap_qa.streams.batch_storage import storage_error
from tap_qa.streams.checkpoint import Checkpoint, RecordsUntilCheckpoint
from tap_qa.streams.key_conflicts import MAX_RECORDS, KeyConflicts
from tap_qa.streams.parquet import ParquetBatcher

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from singer_sdk.helpers._batch import BaseBatchFileEncoding, BatchConfig
    from singer_sdk.helpers.types import Context, Record

    from tap_qa.records.catalog_gaps import Gaps
    from tap_qa.records.chunks import RowChunk
    from tap_qa.state.windows import Window
    from tap_qa.streams.host import StreamHost


logger = logging.getLogger("tap-qa")


class OutputStream(Stream, abc.ABC):
    """A stream whose rows are conformed here, once and exactly, and written many at a time where nothing forbids it."""

    vendor: ClassVar[str]
    property_aliases: ClassVar[Mapping[str, str]] = {}
    """The vendor's name of a field to the stream's property, where they differ."""

    prepared_properties: ClassVar[Mapping[str, Callable[[Any], Any]]] = {}
    """Functions that bring a property's values into its type, where the vendor has several forms for them."""

    shows_rows_again: ClassVar[bool] = False
    """Whether one scan may show a row more than once, each time with more in it."""

    keys_may_repeat: bool = True
    """Whether two records of a run can have one key at all."""

    schema: Any = VendorSchema()
    # The SDK's conversion would cost most of a run and turn "FALSE" into true.
    TYPE_CONFORMANCE_LEVEL = TypeConformanceLevel.NONE

    tap: StreamHost

    def __init__(self, tap: StreamHost) -> None:
        """Make the stream of a tap."""
        super().__init__(tap=tap)
        self.tap = tap
        self.stats = StreamStats(self.name, started=0.0)

    @abc.abstractmethod
    def read_chunks(self) -> Iterator[RowChunk | Checkpoint]:
        """Yield the rows of window after window, each window's rows followed by its checkpoint."""

    @abc.abstractmethod
    def move_bookmark(self, window: Window) -> None:
        """Note that all rows of a window were written."""

    @property
    def vendor_config(self) -> Mapping[str, Any]:
        """The settings of the vendor."""
        found: Mapping[str, Any] = self.config[self.vendor]
        return found

    @property
    def is_connection_test(self) -> bool:
        """Whether this run only tests the connection, which must stay cheap."""
        return self.ABORT_AT_RECORD_COUNT is not None

    @cached_property
    def conformer(self) -> RecordConformer:
        """Makes records of rows."""
        conformer = RecordConformer(
            self.name,
            self.schema,
            keys=self.primary_keys,
            renames=self.property_aliases,
            zone=zone(self.vendor_config),
        )
        for name, make in self.prepared_properties.items():
            conformer.prepare(name, make)
        return conformer

    @cached_property
    def decoder(self) -> RowDecoder:
        """The fast path from JSON rows to records."""
        return RowDecoder(self.conformer)

    @cached_property
    def key_conflicts(self) -> KeyConflicts:
        """Counts different records of this run that share a key."""
        made_by_tap = self.replication_key if (self.replication_key or "").startswith("_") else None
        limit = 0 if self.shows_rows_again or not self.keys_may_repeat else MAX_RECORDS
        return KeyConflicts(self.name, self.primary_keys, varying=made_by_tap, limit=limit)

    # Called by the SDK

    @override
    def get_records(self, context: Context | None) -> Iterable[Record]:
        """Yield records; the SDK writes each before it requests the next, so a bookmark never runs ahead of them.

        Where nothing in the SDK has to see the single record, nothing is yielded: records are written here, many at a
        time, which costs a tenth.
        """
        self._stream_version = self._full_table_version()
        writes_directly = self._can_write_directly()
        for step in self.read_chunks():
            if isinstance(step, Checkpoint):
                self._checkpoint(step.window)
                continue
            self.stats.rows += len(step)
            if writes_directly:
                self._write_directly(step)
                self._record_counter.increment(len(step))
            else:
                records = step.records(self.conformer, self.decoder)
                yield from map(self._only_catalog_columns, self.key_conflicts.watched(records))

    @override
    def get_batches(
        self, batch_config: BatchConfig, context: Context | None = None
    ) -> Iterable[tuple[BaseBatchFileEncoding, list[str]]]:
        """Yield files of records, window by window; the SDK writes each BATCH message before the bookmark moves.

        The SDK's own method skips selection and stream maps; here each record goes through both first.
        """
        if self.tap.storage_outage is not None:
            raise self.tap.storage_outage
        if len(self.stream_maps) != 1:
            raise SettingsError(
                self.name,
                "BATCH output can't follow a stream map that makes several streams of one.",
                "Remove batch_config, or that stream map.",
            )
        batcher: BaseBatcher = (
            ParquetBatcher(self.tap_name, self.name, batch_config, self.stream_maps[0].transformed_schema)
            if batch_config.encoding.format == "parquet"
            else Batcher(tap_name=self.tap_name, stream_name=self.name, batch_config=batch_config)
        )
        steps = self.read_chunks()
        self._stream_version = self._full_table_version()
        has_more = True
        while has_more:
            records = RecordsUntilCheckpoint(steps, self._mapped_records)
            try:
                for manifest in batcher.get_batches(records=iter(records)):
                    yield batch_config.encoding, manifest
            except TapQAError:
                raise
            except Exception as error:
                if records.has_failed:
                    raise
                failure = storage_error(error)
                if isinstance(failure, UnavailableError):
                    self.tap.storage_outage = failure
                raise failure from error
            has_more = records.checkpoint is not None
            if records.checkpoint is not None:
                self._checkpoint(records.checkpoint.window)

    @override
    def get_batch_config(self, config: Mapping[str, Any]) -> BatchConfig | None:
        """Write no files in a connection test: the SDK's limit of records does not count theirs."""
        return None if self.is_connection_test else super().get_batch_config(config)

    @property
    @override
    def emit_activate_version_messages(self) -> bool:
        """Keep the SDK from announcing a version before the table was read: a failed read would delete rows."""
        return False

    @override
    def get_record_counter(self, **options: Any) -> metrics.Counter:
        """Keep the SDK's counter for the records that are written here."""
        self._record_counter = super().get_record_counter(**options)
        return self._record_counter

    # Only this class

    def _mapped_records(self, chunk: RowChunk) -> Iterator[dict[str, Any]]:
        self.stats.rows += len(chunk)
        for record in self.key_conflicts.watched(chunk.records(self.conformer, self.decoder)):
            for message in self._generate_record_messages(self._only_catalog_columns(record)):
                yield message.record

    @cached_property
    def left_out(self) -> LeftOut:
        """The columns that records lack since the catalog leaves them out."""
        # Not by the schema of a stream map: the SDK takes columns out of it that the map removes, but may still read.
        own, known = frozenset(self.schema["properties"]), frozenset(self.effective_schema["properties"])
        deselected = frozenset(name for name in own if not self.mask["properties", name])
        return LeftOut(deselected, own - known - deselected - {UNMAPPED})

    @cached_property
    def _gaps(self) -> Gaps:
        """What a catalog of an older version lacks; columns that stream maps read stay as they are."""
        mapped = columns_in_maps(self.config.get("stream_maps"), self.name)
        found = {
            name: below
            for name, below in gaps(self.schema, self.effective_schema, self.mask).items()
            if name != UNMAPPED and (below is None or name not in mapped)
        }
        if found:
            logger.warning(
                "%s: the catalog is of an older version and lacks %s; %s. Run --discover again.",
                self.name,
                ", ".join(sorted(names_of(found))),
                f"values go to {UNMAPPED}"
                if UNMAPPED in self.effective_schema["properties"]
                else "values are left out",
            )
        return found

    def _only_catalog_columns(self, record: Any) -> dict[str, Any]:  # noqa: ANN401
        plain = as_dict(record)
        if self._gaps:
            new: dict[str, Any] = {}
            plain = without_gaps(plain, self._gaps, new)
            if new and UNMAPPED in plain:
                plain[UNMAPPED] = {**(plain[UNMAPPED] or {}), **new}
        if self.left_out.deselected:
            plain = {name: value for name, value in plain.items() if name not in self.left_out.deselected}
        return plain

    def _can_write_directly(self) -> bool:
        """Return whether records need no stream map, no deselection and no connection test's limit."""
        as_it_is = len(self.stream_maps) == 1 and type(self.stream_maps[0]) is SameRecordTransform
        return (
            as_it_is
            and not self.left_out.deselected
            and not self._gaps
            and isinstance(self.tap.message_writer, LineWriter)
            and not self.is_connection_test
            and not self.child_streams
            and all(self.mask.values())
            and self.selected
        )

    def _write_directly(self, chunk: RowChunk) -> None:
        writer = self.tap.message_writer
        assert isinstance(writer, LineWriter)  # noqa: S101 - for the type checker
        envelope = Envelope(
            self.stream_maps[0].stream_alias, version=self._stream_version, time_extracted=self.tap.clock.now()
        )
        conflicts = self.key_conflicts
        if isinstance(chunk, EncodedRows):
            if conflicts.is_watching:
                lines = chunk.lines.split(b"\n")
                conflicts.add_keys(chunk.keys(lines), lines)
            writer.write_lines(envelope.wrap(chunk.lines))
            return
        for some in record_lines(chunk.records(self.conformer, self.decoder), envelope, note=conflicts.add):
            writer.write_lines(some)

    def _full_table_version(self) -> int | None:
        """Return the version of a full table's rows, if versions are wanted."""
        if self.replication_key is None and self.config.get("emit_activate_version_messages"):
            return self.tap.table_version
        return None

    def _checkpoint(self, window: Window | None) -> None:
        """Note that the rows of a window, or of a whole table, were written."""
        self.conformer.drift_log.log_counts()
        if window is None:
            if self._stream_version is not None:
                self._write_activate_version_message(self._stream_version)
            return
        self.stats.windows += 1
        if self.is_connection_test:
            return
        self.move_bookmark(window)
        self.tap.write_state()
