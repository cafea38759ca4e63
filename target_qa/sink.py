"""The SDK's sink of a stream: each record is sent and confirmed before the next is looked at, or refused."""

from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING, Any

from singer_sdk import RecordSink
from typing_extensions import override

from tap_qa.errors import RequestRefusedError
from tap_qa.http import body as json_body
from target_qa.destination import Outcome
from target_qa.fields import Refusal
from target_qa.marks import mark_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from target_qa.fields import Values
    from target_qa.target import TargetQA

Record = dict[str, Any]
logger = logging.getLogger("target-qa")
_DELETED_AT = "_sdc_deleted_at"
_LONGEST_KEY = 100


class QASink(RecordSink):
    """Sends a stream's records to the sink that its route names."""

    def __init__(
        self, target: TargetQA, stream_name: str, schema: dict[str, Any], key_properties: Sequence[str] | None
    ) -> None:
        """Find the way; fails at once if there is none."""
        super().__init__(target, stream_name, schema, key_properties)
        self.target = target
        self.route = target.route(stream_name, self.original_schema.get("properties", {}))
        self.report = target.report(stream_name)

    # The SDK would print refused records whole, and turn times into objects.

    @override
    def get_validator(self) -> None:
        return None

    @override
    def _validate_and_parse(self, record: Record) -> Record:
        return record

    @override
    def _singer_validate_message(self, record: Record) -> None:
        """Leave it to the route to say what a record lacks."""

    @override
    def _remove_sdc_metadata_from_schema(self) -> None:
        """Keep them: one of them marks deletions."""

    @override
    def _remove_sdc_metadata_from_record(self, record: Record) -> None:
        deleted_at = record.get(_DELETED_AT)
        super()._remove_sdc_metadata_from_record(record)
        if deleted_at is not None:
            record[_DELETED_AT] = deleted_at

    @override
    def activate_version(self, new_version: int) -> None:
        logger.debug("%s: rows that vanished from the source are left alone.", self.stream_name)

    @override
    def process_record(self, record: Record, context: Record) -> None:
        with self.report.timed(self.target.around):
            try:
                outcome = self._deliver(self.route.values(record), record)
            except Refusal as refusal:
                self._refuse(record, refusal)
                outcome = Outcome.REFUSED
        self.report.count(outcome)

    def _deliver(self, values: Values, record: Record) -> Outcome:
        key = {name: record.get(name) for name in self.key_properties}
        mark = mark_of(self.route.destination.name, key, values)
        if self.config["dry_run"]:
            self._show(values, mark, record)
            return Outcome.SHOWN
        destination = self.target.destination(self.route, self.report.tally)
        try:
            return destination.deliver(values, mark)
        except RequestRefusedError as refusal:
            field = destination.blames.get(refusal.status)
            if field is None:
                raise
            reason = f"was refused by {self.route.vendor.title} (HTTP {refusal.status})"
            raise Refusal(field, reason) from refusal

    def _show(self, values: Values, mark: str, record: Record) -> None:
        call = self.route.destination.call(values, mark)
        shown = {
            "stream": self.stream_name,
            "key": self._key_of(record),
            "would": f"{call.method} {call.path}",
            "body": call.json,
        }
        sys.stderr.write(bytes(json_body.encode(shown)).decode() + "\n")

    def _refuse(self, record: Record, refusal: Refusal) -> None:
        key = self._key_of(record)
        self.target.dead_letters.add(
            {
                "at": self.target.clock.now().isoformat(),
                "stream": self.stream_name,
                "sink": self.route.destination.name,
                "key": key,
                "field": refusal.field,
                "reason": refusal.reason,
                "record": record,
            }
        )
        logger.error("%s, %s: refused: %s %s.", self.stream_name, key, refusal.field, refusal.reason)

    def _key_of(self, record: Record) -> str:
        parts = ", ".join(f"{name}={record.get(name)}" for name in self.key_properties)
        return parts[:_LONGEST_KEY] or "a record of a stream without a key"
