"""What CXone's files look like: headers with blanks and brackets, and the variations that public code has met."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from qa_sandbox.vendors.cxone.further_entities import NOTES, RECORDINGS

if TYPE_CHECKING:
    from collections.abc import Callable

    from qa_sandbox.exports.cells import Cell, Row

_ID = {"Workflow ID": "workflow_id"}
_BEFORE_ID = {
    "Tenant Name": "tenant_name",
    "Agent ID": "agent_id",
    "Type": "type",
    "Evaluation Flow Trigger": "evaluation_flow_trigger",
    "Workflow Status": "workflow_status",
    "Auto Acknowledged": "auto_acknowledged",
    "Workflow State": "workflow_state",
}
_AFTER_ID = {
    "Plan Name": "plan_name",
    "Form Name": "form_name",
    "Form Version": "form_version",
    "Start Date": "start_date",
    "Submission Date": "submission_date",
    "Last Updated": "last_updated",
    "Score - Percentage": "score_percentage",
    "Score": "score",
    "Maximum Possible Score": "maximum_possible_score",
    "Rank": "rank",
    "Failed Critical Question": "failed_critical_question",
    "User Review Comments": "user_review_comments",
    "Dispute Resolver Comments": "dispute_resolver_comments",
    "Segment ID": "segment_id",
    "ACD ID": "acd_id",
    "Interaction Type": "interaction_type",
    "Interaction Start Date": "interaction_start_date",
    "Interaction End Date": "interaction_end_date",
    "Interaction Direction": "interaction_direction",
    "Team ID": "team_id",
    "Team Name": "team_name",
    "Phone Number": "phone_number",
    "FirstName (Eva)": "evaluator_first_name",
    "LastName (Eva)": "evaluator_last_name",
    "FirstName (Agent)": "agent_first_name",
    "LastName (Agent)": "agent_last_name",
    "FirstName (Disp)": "dispute_resolver_first_name",
    "LastName (Disp)": "dispute_resolver_last_name",
    "FirstName (Assigner)": "assigner_first_name",
    "LastName (Assigner)": "assigner_last_name",
}
_QUESTIONS = {
    "WorkflowInstance ID": "workflow_instance_id",
    "Question ID": "question_id",
    "Actual Score": "actual_score",
    "Answer": "answer",
    "Question Title": "question_title",
    "Question Number": "question_number",
    "Options": "options",
    "Form ID": "form_id",
    "Form Name": "form_name",
    "Form Version": "form_version",
    "Evaluation Score %": "evaluation_score_percentage",
    "Evaluation Start Date": "evaluation_start_date",
    "Evaluation Submission Date": "evaluation_submission_date",
    "Workflow Type": "workflow_type",
    "Section ID": "section_id",
    "Section Title": "section_title",
    "Section Score %": "section_score_percentage",
    "Max Score": "max_score",
    "Agent ID": "agent_id",
    "FirstName (Agent)": "agent_first_name",
    "LastName (Agent)": "agent_last_name",
    "Team ID": "team_id",
    "Team Name": "team_name",
    "FirstName (Eva)": "evaluator_first_name",
    "LastName (Eva)": "evaluator_last_name",
    "Critical": "critical",
    "Failed Critical Question": "failed_critical_question",
    "Mandatory": "mandatory",
    "Scorable": "scorable",
    "Question Type": "question_type",
    "Segment ID": "segment_id",
    "Interaction Start Date": "interaction_start_date",
    "Interaction End Date": "interaction_end_date",
    "Bank ID": "bank_id",
}
_RECORDINGS = {
    "Segment ID": "segment_id",
    "ACD Call ID (Master)": "_unmapped",
    "Start Date": "start_date",
    "Voice Recording Status": "voice_recording_status",
    "Disposition": "disposition",
    "ANI": "ani",
    "DNIS": "dnis",
    "Agent 1 ACD ID": "agent_1_acd_id",
    "Agent 1 Name": "agent_1_name",
    "Agent 1 Team": "agent_1_team",
    "Agent 1 Skills": "agent_1_skills",
}
_NOTES = {
    "Note ID": "note_id",
    "Written At": "written_at",
    **dict.fromkeys(("Segment ID", "Text", "Changes"), "_unmapped"),
}
COLUMNS: dict[tuple[str, str], dict[str, str]] = {
    ("qm-workflows", "1"): _BEFORE_ID | _AFTER_ID,
    ("qm-workflows", "3"): _BEFORE_ID | _ID | _AFTER_ID,
    ("qm-workflows", "4"): _BEFORE_ID | _ID | _AFTER_ID,
    ("qm-questions", "1"): _QUESTIONS,
    (RECORDINGS, "10"): _RECORDINGS,
    (RECORDINGS, "12"): _RECORDINGS,
    (NOTES, "2"): _NOTES,
}
"""By entity and version: headers and what they mean, in order. Version 1's are those of the vendor's table."""

NEW_COLUMNS = {("qm-workflows", "4"): {"Evaluation Channel ID": "ch-7"}}
"""A stand-in for what version 4 brought: no public text says."""

STAMP_FORMS: dict[str, Callable[[datetime], str]] = {
    "z": lambda moment: f"{_naive(moment, 'T')}Z",
    "t": lambda moment: _naive(moment, "T"),
    "space": lambda moment: _naive(moment, " "),
    "offset": lambda moment: f"{_naive(moment, 'T')}+00:00",
}
"""Ways in which date-times are written, all in UTC."""

PERCENTAGE_HEADERS = ("Score - Percentage", "Score \u2013 Percentage", "Score (Percentage)")
"""Ways in which one header is written; the vendor's table prints the one with an en dash."""


@dataclass
class Style:
    """The switches.

    Attributes:
        columns: By entity and version: headers and what they mean.
        timestamps: Which of `STAMP_FORMS` take turns.
        percentage_header: One of `PERCENTAGE_HEADERS`.
        header: Applied to every header.
        bom: A byte order mark at the start of a file.
        line_end: Between rows.
        new_columns: Headers that no document names, with the text of their cells.
        missing_columns: Headers that are left out.
        empty_file_without_rows: A file of no bytes where there are no rows, instead of a header alone.
    """

    columns: dict[tuple[str, str], dict[str, str]] = field(default_factory=lambda: dict(COLUMNS))
    stamps: tuple[str, ...] = ("z", "t", "space")
    percentage_header: str = PERCENTAGE_HEADERS[0]
    header: Callable[[str], str] = str
    bom: bool = False
    line_end: str = "\r\n"
    new_columns: dict[str, str] = field(default_factory=dict)
    missing_columns: set[str] = field(default_factory=set)
    empty_file_without_rows: bool = False

    def head(self, entity: str, version: str) -> list[str]:
        """A file's header line."""
        shown = [*self._columns(entity, version), *self._new(entity, version)]
        named = (self.percentage_header if name == PERCENTAGE_HEADERS[0] else name for name in shown)
        return [self.header(name) for name in named]

    def line(self, entity: str, version: str, row: Row) -> list[str]:
        """A row as text."""
        unmapped = row.get("_unmapped")
        cells = row | unmapped if isinstance(unmapped, dict) else row
        turn = zlib.crc32(str(cells.get("segment_id", cells.get("Segment ID"))).encode())
        columns = self._columns(entity, version)
        texts = [
            self._text(header, cells[header if name == "_unmapped" else name], turn) for header, name in columns.items()
        ]
        return [*texts, *self._new(entity, version).values()]

    def _columns(self, entity: str, version: str) -> dict[str, str]:
        return {h: name for h, name in self.columns[entity, version].items() if h not in self.missing_columns}

    def _new(self, entity: str, version: str) -> dict[str, str]:
        return NEW_COLUMNS.get((entity, version), {}) | self.new_columns

    def _text(self, header: str, cell: Cell, turn: int) -> str:
        if cell is None:
            return ""
        if isinstance(cell, bool):
            return str(cell).upper() if header == "Auto Acknowledged" else str(cell).lower()
        if isinstance(cell, datetime):
            return STAMP_FORMS[self.stamps[turn % len(self.stamps)]](cell)
        return f"{cell:f}" if isinstance(cell, Decimal) else str(cell)


def _naive(moment: datetime, between: str) -> str:
    fraction = f".{moment.microsecond // 1000:03}" if moment.microsecond else ""
    return moment.strftime(f"%Y-%m-%d{between}%H:%M:%S") + fraction
