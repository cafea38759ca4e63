"""CXone's streams: entities of the Data Extraction API, those of quality management first."""

from __future__ import annotations

import abc
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from typing_extensions import override

from tap_qa.records.row_key import Columns
from tap_qa.state.bookmarks import format_timestamp
from tap_qa.state.windows import Window, midnight
from tap_qa.streams.checkpoint import Checkpoint
from tap_qa.streams.export import ExportStream
from tap_qa.vendors.cxone import identity
from tap_qa.vendors.cxone.entities import WINDOW_END, Entity, entities_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tap_qa.jobs.export import Export
    from tap_qa.records.row_key import RowIdentity
    from tap_qa.streams.host import StreamHost
    from tap_qa.vendors.cxone.client import Tenant

_PEOPLE = {
    f"{name} ({bracket})": f"{person}_{column}"
    for bracket, person in {
        "Eva": "evaluator",
        "Agent": "agent",
        "Disp": "dispute_resolver",
        "Assigner": "assigner",
    }.items()
    for name, column in {"FirstName": "first_name", "LastName": "last_name"}.items()
}


class ExtractedStream(ExportStream, abc.ABC):
    """An entity of the Data Extraction API."""

    vendor = "cxone"
    entity: ClassVar[str]
    primary_keys = ("_row_key",)
    # The vendor's page on usage: new data may take up to 30 minutes to appear.
    lag = timedelta(minutes=30)
    property_aliases: ClassVar[Mapping[str, str]] = _PEOPLE
    allow_empty_file = True
    connection: Tenant

    @property
    @override
    def file_names(self) -> tuple[str, ...]:  # type: ignore[override] # follows from the entity
        return (self.entity.replace("-", "_"),)

    @cached_property
    @override
    def export(self) -> Export:
        return self.connection.export_for(self.name, self.entity)

    @override
    def constants(self, window: Window | None) -> Mapping[str, Any]:
        if self.replication_key != WINDOW_END:
            return {}
        assert window is not None  # noqa: S101 - every extraction has one
        return {WINDOW_END: format_timestamp(window.end)}

    @override
    def finished(self, window: Window | None) -> Checkpoint:
        """Leave the current UTC day unfinished: it is asked for whole, but has not yet all its rows."""
        assert window is not None  # noqa: S101 - every extraction has one
        end = min(window.end, midnight(self.signpost + self.lag))
        return Checkpoint(Window(min(window.start, end), end))


class QmWorkflows(ExtractedStream):
    """Evaluations, self-assessments and calibrations, by their submission date."""

    name = "cxone_qm_workflows"
    entity = "qm-workflows"
    replication_key = "submission_date"
    identity = identity.WORKFLOWS


class QmQuestions(ExtractedStream):
    """Their answers, question by question."""

    name = "cxone_qm_questions"
    entity = "qm-questions"
    replication_key = "evaluation_submission_date"
    identity = identity.QUESTIONS
    # The usual header is only known from a client's code; the other is that of the sister entity.
    property_aliases: ClassVar[Mapping[str, str]] = _PEOPLE | {"Workflow ID": "workflow_instance_id"}


class RecordingInteractionMetadata(ExtractedStream):
    """Segments of recorded interactions; no source says by which date the vendor selects them."""

    name = "cxone_recording_interaction_metadata"
    entity = "recording-interaction-metadata"
    replication_key = WINDOW_END
    selected_by_default = False
    identity = Columns(("segment_id",), tiebreak_columns=("start_date", "agent_1_acd_id"))


class ConfiguredEntity(ExtractedStream):
    """An entity of the setting `cxone.entities` that has no schema."""

    def __init__(self, tap: StreamHost, configured: Entity) -> None:
        """Make the stream of a tap."""
        self.name, self.entity = configured.stream, configured.name  # type: ignore[misc] # not of the class here
        self._configured = configured
        super().__init__(tap)
        self.replication_key = configured.replication_key

    @property
    @override
    def schema(self) -> Any:
        return self._configured.schema

    @property
    @override
    def identity(self) -> RowIdentity:  # type: ignore[override] # follows from the setting
        return self._configured.identity


def configured_entities(tap: StreamHost, config: Mapping[str, Any]) -> list[ConfiguredEntity]:
    """Return the streams that the settings alone know."""
    return [ConfiguredEntity(tap, entity) for entity in entities_of(config)]
