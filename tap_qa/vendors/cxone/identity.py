"""What identifies a row of CXone's files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tap_qa.records.row_key import Columns

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from tap_qa.records.row_key import Cells, ReadColumns, ReadValues

_EVALUATOR = ("evaluator_first_name", "evaluator_last_name")
_USUAL_TYPES = frozenset({"", "evaluation"})
_CALIBRATION = "calibration"

WITHOUT_ID = Columns(
    ("segment_id", "agent_id", "type", "form_name", "form_version", "start_date"),
    optional=_EVALUATOR,
)


@dataclass(frozen=True)
class WorkflowIdentity:
    """A workflow's id where the file has it (from version 3 on), else a composite.

    A calibration is one workflow for several evaluators, and so may be a self-assessment with the evaluation that it
    goes with. Their rows may be submitted weeks apart and so come in different files, where no ordinal could keep them
    apart. So what is not an ordinary evaluation has its type, its start and its evaluator in the key, too. The vendor
    lets no one edit a calibration.
    """

    tiebreak_columns: tuple[str, ...] = ("start_date", "submission_date", *_EVALUATOR, "agent_id", "type")

    def missing(self, present: Collection[str]) -> list[str]:
        """Return what a file without workflow ids lacks to identify its rows."""
        return [] if "workflow_id" in present else WITHOUT_ID.missing(present)

    def reader(self, cells: Cells) -> ReadValues:
        """Return the function that takes the identifying values from a row."""
        composite = WITHOUT_ID.reader(cells)
        if "workflow_id" not in cells.places:
            return composite
        workflow_id, kind, trigger = map(cells.reader, ("workflow_id", "type", "evaluation_flow_trigger"))
        more = [cells.reader(name) for name in ("type", "start_date", *_EVALUATOR)]

        def values(row: Sequence[str]) -> list[str]:
            own = workflow_id(row)
            if not own:
                return composite(row)
            if kind(row).lower() in _USUAL_TYPES and trigger(row).lower() != _CALIBRATION:
                return [own]
            return [own, *(read(row) for read in more)]

        return values

    def column_reader(self, cells: Cells) -> ReadColumns:
        """Return the function that takes the identifying values of rows that are all ordinary evaluations."""
        if "workflow_id" not in cells.places:
            return WITHOUT_ID.column_reader(cells)
        workflow_id, kind, trigger = map(cells.column_reader, ("workflow_id", "type", "evaluation_flow_trigger"))

        def values(columns: Sequence[Sequence[str]]) -> list[list[str]] | None:
            own = workflow_id(columns)
            usual = _are_usual(kind(columns)) and _CALIBRATION not in set(map(str.lower, trigger(columns)))
            return [own] if usual and "" not in own else None

        return values


WORKFLOWS = WorkflowIdentity()


@dataclass(frozen=True)
class AnswerIdentity:
    """The workflow and the question; for what is not an ordinary evaluation also its type, its start and its evaluator.

    Only the workflow type marks a calibration. See `WorkflowIdentity` for why its rows need more.
    """

    ids: tuple[str, ...] = ("workflow_instance_id", "question_id")
    tiebreak_columns: tuple[str, ...] = ("evaluation_start_date", "evaluation_submission_date", *_EVALUATOR, "agent_id")

    def missing(self, present: Collection[str]) -> list[str]:
        """Return the ids that a file lacks."""
        return [name for name in self.ids if name not in present]

    def reader(self, cells: Cells) -> ReadValues:
        """Return the function that takes the identifying values from a row."""
        ids = [cells.reader(name) for name in self.ids]
        kind = cells.reader("workflow_type")
        more = [kind, *(cells.reader(name) for name in ("evaluation_start_date", *_EVALUATOR))]

        def values(row: Sequence[str]) -> list[str]:
            own = [read(row) for read in ids]
            return own if kind(row).lower() in _USUAL_TYPES else [*own, *(read(row) for read in more)]

        return values

    def column_reader(self, cells: Cells) -> ReadColumns:
        """Return the function that takes the identifying values of rows that are all ordinary evaluations."""
        ids = [cells.column_reader(name) for name in self.ids]
        kind = cells.column_reader("workflow_type")
        return lambda columns: [read(columns) for read in ids] if _are_usual(kind(columns)) else None


def _are_usual(kinds: Sequence[str]) -> bool:
    return _USUAL_TYPES.issuperset(map(str.lower, kinds))


QUESTIONS = AnswerIdentity()
