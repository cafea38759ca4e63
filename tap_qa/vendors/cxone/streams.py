"""CXone's streams: the two entities of quality management that the Data Extraction API has."""

from __future__ import annotations

import abc
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

from typing_extensions import override

from tap_qa.rows import Finished
from tap_qa.streams.exported import ExportedStream
from tap_qa.vendors.cxone import identity
from tap_qa.windows import Window, midnight

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tap_qa.jobs.plan import Plan
    from tap_qa.vendors.cxone.tenant import Tenant

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


class ExtractedStream(ExportedStream, abc.ABC):
    """An entity of the Data Extraction API."""

    vendor = "cxone"
    entity: ClassVar[str]
    primary_keys = ("_row_key",)
    # The vendor's page on usage: new data may take up to 30 minutes to appear.
    lag = timedelta(minutes=30)
    renames: ClassVar[Mapping[str, str]] = _PEOPLE
    no_bytes_are_no_rows = True
    connection: Tenant

    @property
    @override
    def file_names(self) -> tuple[str, ...]:  # type: ignore[override] # follows from the entity
        return (self.entity.replace("-", "_"),)

    @cached_property
    @override
    def plan(self) -> Plan:
        return self.connection.extraction(self.name, self.entity)

    @override
    def finished(self, window: Window | None) -> Finished:
        """Leave the current UTC day unfinished: it is asked for whole, but has not yet all its rows."""
        assert window is not None  # noqa: S101 - every extraction has one
        today = midnight(self.latest + self.lag)
        return Finished(Window(window.start, max(window.start, min(window.end, today))))


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
