"""The SDK's sink of a stream: each record is sent and confirmed, or rejected, before the next one."""

from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING, Any

from singer_sdk import RecordSink
from typing_extensions import override

from tap_qa import json_codec
from tap_qa.errors import RequestRejectedError
from target_qa.resources.columns import canonical_key
from target_qa.resources.deletion import TOOL_COLUMNS
from target_qa.resources.fields import RecordRejectedError
from target_qa.resources.idempotency_key import idempotency_key
from target_qa.resources.resource import RECORD, WriteResult

if TYPE_CHECKING:
    from collections.abc import Sequence

    from target_qa.delivery.deliveries import SinkHost
    from target_qa.resources.fields import Values

Record = dict[str, Any]
logger = logging.getLogger("target-qa")
_MAX_KEY_CHARACTERS = 100


class QASink(RecordSink):
    """Writes a stream's records to the resource that its field mapping names."""

    def __init__(
        self, target: SinkHost, stream_name: str, schema: dict[str, Any], key_properties: Sequence[str] | None
    ) -> None:
        """Resolve the field mapping; fails at once if there is none."""
        super().__init__(target, stream_name, schema, key_properties)
        self.target: SinkHost = target
        self.mapping = target.deliveries.mapping(stream_name, self.original_schema.get("properties", {}))
        self.stats = target.deliveries.stats(stream_name)

    # The SDK would print refused records whole, and turn times into objects.

    @override
    def get_validator(self) -> None:
        return None

    @override
    def _validate_and_parse(self, record: Record) -> Record:
        return record

    @override
    def _singer_validate_message(self, record: Record) -> None:
        """Leave it to the field mapping to say what a record lacks."""

    @override
    def _remove_sdc_metadata_from_schema(self) -> None:
        """Keep them: one of them marks deletions."""

    @override
    def _remove_sdc_metadata_from_record(self, record: Record) -> None:
        marks = {column: record[column] for column in TOOL_COLUMNS if column in record}
        super()._remove_sdc_metadata_from_record(record)
        record.update(marks)

    @override
    def process_record(self, record: Record, context: Record) -> None:
        with self.stats.timed(self.target.deliveries.run_context):
            try:
                result = self._write(record)
            except RecursionError:
                self._reject(record, RecordRejectedError(RECORD, "is nested too deeply"))
                result = WriteResult.REJECTED
            except RecordRejectedError as rejection:
                self._reject(record, rejection)
                result = WriteResult.REJECTED
        self.stats.count(result)

    def _write(self, record: Record) -> WriteResult:
        deleted = self.mapping.is_deleted(record, self.target.clock.now())
        if deleted and not self.mapping.resource.can_delete:
            if not self.stats.outcomes[WriteResult.DELETED_AT_SOURCE]:
                logger.warning(
                    "%s: rows that are marked as deleted at their source create nothing; what was sent of them before "
                    "stays at %s.",
                    self.stream_name,
                    self.mapping.vendor.title,
                )
            return WriteResult.DELETED_AT_SOURCE
        values = self.mapping.values(record, deleted=deleted)
        schemas = self.mapping.schemas
        key = {name: canonical_key(record.get(name), schemas.get(name)) for name in self.key_properties}
        mark = idempotency_key(self.mapping.resource.name, key, values)
        if self.config["dry_run"]:
            self._log_dry_run(values, mark, record)
            return WriteResult.DRY_RUN
        resource = self.target.deliveries.resource(self.mapping, self.stats.stats)
        try:
            return resource.write(values, mark)
        except RequestRejectedError as rejection:
            field = resource.rejection_statuses.get(rejection.status)
            if field is None:
                raise
            reason = f"was refused by {self.mapping.vendor.title} (HTTP {rejection.status})"
            raise RecordRejectedError(field, reason) from rejection

    def _log_dry_run(self, values: Values, mark: str, record: Record) -> None:
        request = self.mapping.resource.first_request(values, mark)
        shown = {
            "stream": self.stream_name,
            "key": self._key_of(record),
            "would": f"{request.method} {request.path}",
            "body": request.json,
        }
        sys.stderr.write(bytes(json_codec.encode(shown)).decode() + "\n")

    def _reject(self, record: Record, rejection: RecordRejectedError) -> None:
        key = self._key_of(record)
        self.target.deliveries.dead_letters.add(
            {
                "at": self.target.clock.now().isoformat(),
                "stream": self.stream_name,
                "sink": self.mapping.resource.name,
                "key": key,
                "field": rejection.field,
                "reason": rejection.reason,
                "record": record,
            }
        )
        logger.error("%s, %s: refused: %s %s.", self.stream_name, key, rejection.field, rejection.reason)

    def _key_of(self, record: Record) -> str:
        parts = ", ".join(f"{name}={record.get(name)}" for name in self.key_properties)
        return parts[:_MAX_KEY_CHARACTERS] or "a record of a stream without a key"
