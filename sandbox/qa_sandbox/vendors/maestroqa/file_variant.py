"""What MaestroQA's files look like: cells made for spreadsheets, names and headers that vary between accounts."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field
from datetime import datetime, timezone, tzinfo
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from qa_sandbox.exports.cells import Cell, Row

_HEAD = (
    "gradable_id", "agent_id", "agent_name", "agent_email", "rubric_id", "rubric_name", "date_graded", "grader",
    "grade_type", "ticket_created_at", "date_reported_as", "source",
)  # fmt: skip
_BENCHMARK = ("alignment_score", "target_answer_id", "original_grader")
COLUMNS: dict[str, tuple[str, ...]] = {
    "total_scores": (
        *_HEAD, "rubric_score", "max_rubric_score", "comment", "date_first_started", "date_first_graded",
        "total_grading_time", *_BENCHMARK,
    ),
    "section_scores": (
        *_HEAD, "section_id", "section_name", "section_score", "max_section_score", "section_weight", *_BENCHMARK,
    ),
    "individual_answers": (
        *_HEAD, "section_id", "section_name", "question_id", "question", "answer_label", "feedback_answer_label",
        "question_score", "max_question_score", "comment", *_BENCHMARK,
    ),
    "annotations": (
        *_HEAD, "section_id", "section_name", "question_id", "question", "annotation_id", "selected_text", "comment",
    ),
    "csat": ("gradable_id", "csat_score", "csat_comment", "ticket_created_at", "source"),
    "agent_groups": ("group_name", "group_id", "agent_name", "agent_email", "agent_ids", "available"),
    "audit_logs": (
        "activity_id", "time_stamp", "user_email", "item_type", "action_type", "description", "ip_address",
    ),
}  # fmt: skip
"""The files' columns, in the order of their headers."""

FILE_NAMES: dict[str, Callable[[str], str]] = {
    "plain": "{}.csv".format,
    "titled": lambda name: f"{name.replace('_', ' ').title()}.csv",
    "folder": "raw export (2026)/{}.csv".format,
    "capitals": lambda name: f"{name}.csv".upper(),
    "no extension": "{}".format,
}
"""Ways in which the files in a zip are called."""

HEADERS: dict[str, Callable[[str], str]] = {
    "plain": str,
    "capitals": str.upper,
    "titled": lambda name: name.replace("_", " ").title(),
}
"""Ways in which columns are called."""

DATE_FORMS: dict[str, Callable[[datetime], str]] = {
    "guarded": lambda moment: f'="{_naive(moment, " ")}"',
    "naive": lambda moment: _naive(moment, " "),
    "iso": lambda moment: f"{_naive(moment.astimezone(timezone.utc), 'T')}Z",
}
"""Ways in which dates are written; `guarded` keeps spreadsheets from reformatting them."""

_DATES = frozenset(
    {"date_graded", "ticket_created_at", "date_reported_as", "date_first_started", "date_first_graded", "time_stamp"}
)


@dataclass
class FileVariant:
    """The switches.

    Attributes:
        file_name: See `FILE_NAMES`.
        header: See `HEADERS`.
        dates: Which of `DATE_FORMS` take turns.
        zone: Of the naive forms.
        words_for_nothing: `Unknown` for some missing dates, `N/A` for some missing numbers; else empty cells only.
        guarded_ids: Identifiers as `="123"` too.
        bom: A byte order mark at the start of each file.
        line_end: Between rows.
        new_columns: By file: headers that no document names, with the text of their cells.
        missing_columns: By file: columns that are left out.
        shuffled_columns: The columns' order differs from that of the documents.
        absent_tables: Files that a zip does not hold.
        empty_tables: Files that have no bytes, in a zip and alone.
        junk: A zip also holds a folder, a text and a table that nobody asked for.
        zip_single_files: A single file comes in a zip, too.
        link_without_rows: A file with nothing but its header, where the vendor would leave `dataUrl` empty.
    """

    file_name: Callable[[str], str] = FILE_NAMES["plain"]
    header: Callable[[str], str] = HEADERS["plain"]
    dates: tuple[str, ...] = ("guarded", "guarded", "naive", "iso")
    zone: tzinfo = timezone.utc
    words_for_nothing: bool = True
    guarded_ids: bool = False
    bom: bool = False
    line_end: str = "\r\n"
    new_columns: dict[str, dict[str, str]] = field(default_factory=dict)
    missing_columns: dict[str, set[str]] = field(default_factory=dict)
    shuffled_columns: bool = False
    absent_tables: set[str] = field(default_factory=set)
    empty_tables: set[str] = field(default_factory=set)
    junk: bool = False
    zip_single_files: bool = False
    link_without_rows: bool = False

    def columns(self, file: str) -> list[str]:
        """The columns that a file shows."""
        shown = [name for name in COLUMNS[file] if name not in self.missing_columns.get(file, ())]
        return sorted(shown, key=lambda name: zlib.crc32(name.encode())) if self.shuffled_columns else shown

    def head(self, file: str) -> list[str]:
        """A file's header line."""
        return [*map(self.header, self.columns(file)), *self.new_columns.get(file, {})]

    def line(self, file: str, row: Row) -> list[str]:
        """A row as text."""
        turn = zlib.crc32(repr(next(iter(row.values()))).encode())
        texts = [self._text(name, row[name], turn + zlib.crc32(name.encode())) for name in self.columns(file)]
        return [*texts, *self.new_columns.get(file, {}).values()]

    def _text(self, column: str, cell: Cell, turn: int) -> str:
        if cell is None:
            return self._nothing(column, turn)
        if isinstance(cell, datetime):
            return DATE_FORMS[self.dates[turn % len(self.dates)]](cell.astimezone(self.zone))
        if isinstance(cell, Decimal):
            return f"{cell:f}"
        text = str(cell)
        return f'="{text}"' if self.guarded_ids and column.endswith("_id") else text

    def _nothing(self, column: str, turn: int) -> str:
        if not self.words_for_nothing or turn % 3 == 0:
            return ""
        if column in _DATES:
            return "Unknown"
        return "N/A" if column.endswith("_score") else ""


def _naive(moment: datetime, between: str) -> str:
    fraction = f".{moment.microsecond // 1000:03}" if moment.microsecond else ""
    return moment.strftime(f"%Y-%m-%d{between}%H:%M:%S") + fraction
