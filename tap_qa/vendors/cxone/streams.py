"""CXone's streams: the two entities of quality management that the Data Extraction API has."""

from __future__ import annotations

import abc
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

from typing_extensions import override

from tap_qa.state.windows import Window, midnight
from tap_qa.streams.checkpoint import Checkpoint
from tap_qa.streams.export import ExportStream
from tap_qa.vendors.cxone import identity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tap_qa.jobs.export import Export
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
