"""A MaestroQA account: what is in it now, and what a tap must have delivered of it."""

from __future__ import annotations

import sys
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from qa_sandbox.exports.cells import keyed
from qa_sandbox.vendor import HISTORY_DAYS, Dataset
from qa_sandbox.vendors.maestroqa.calendar import Team, activity_of, grades_of
from qa_sandbox.vendors.maestroqa.coaching import Session, assignments_of, sessions_of
from qa_sandbox.vendors.maestroqa.grades import CALIBRATIONS, GRADER_QA, Grade, Revision
from qa_sandbox.vendors.maestroqa.groups import memberships, usage
from qa_sandbox.vendors.maestroqa.scim import agent_groups, user_groups, users

if sys.version_info >= (3, 12):
    from typing import override
else:
    from typing_extensions import override

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from qa_sandbox.clock import SandboxClock
    from qa_sandbox.exports.cells import Row
    from qa_sandbox.vendor import Rows

SCORE_FILES = ("total_scores", "section_scores", "individual_answers", "annotations", "csat")

_GRADE = ("gradable_id", "agent_id", "rubric_id", "grader", "grade_type")
IDENTIFYING: dict[str, tuple[str, ...]] = {
    "total_scores": (*_GRADE, "date_first_graded", "target_answer_id"),
    "section_scores": (*_GRADE, "section_id", "target_answer_id", "date_reported_as"),
    "individual_answers": (*_GRADE, "question_id", "target_answer_id", "date_reported_as"),
    "annotations": ("gradable_id", "annotation_id"),
    "csat": ("gradable_id",),
    "agent_groups": ("group_id", "agent_ids"),
    "audit_logs": ("activity_id", "time_stamp", "description"),
    "screen_capture_usage": ("agent_id", "interval"),
}
"""The columns by which `World.truth` keys its rows; they never change when a row is edited."""

_ROWS: dict[str, Callable[[Grade, datetime], list[Row]]] = {
    "total_scores": Grade.total_scores,
    "section_scores": Grade.section_scores,
    "individual_answers": Grade.individual_answers,
    "annotations": Grade.annotations,
}


class MaestroQaDataset(Dataset):
    """Deterministic data of any size. Things happen only in `catch_up`; a grade is made with its later edits decided.

    Attributes:
        now: The clock when the dataset last caught up with it.
        delay: How long before that exports do not show what happened.
        calibrations: Which calibration grades `truth` holds, by default: `none`, `only` or `all`.
        grader_qa: Whether `truth` holds grader QA grades, by default.
    """

    streams = tuple(f"maestroqa_{name}" for name in IDENTIFYING)

    def __init__(
        self, clock: SandboxClock, *, seed: int = 1, days: int = HISTORY_DAYS, tickets_per_day: int = 12
    ) -> None:
        """An account with `days` days of history before the clock's present; about 1.5 grades a ticket."""
        super().__init__(clock)
        self.now = clock.now()
        self.delay = timedelta(minutes=1)
        self.calibrations = "none"
        self.grader_qa = False
        self.team = Team(seed, tickets_per_day)
        self.grades: list[Grade] = []
        self.activity: list[Row] = []
        self.sessions: list[Session] = []
        self.memberships = memberships(self.team, self.now)
        self._next_day = (self.now - timedelta(days=days - 1)).date()
        self.apply_due_events()

    @override
    def apply_due_events(self) -> None:
        """New grades and log lines come, older grades are edited, agents join groups."""
        self.now = self.clock.now()
        while self._next_day <= self.now.date():
            self.grades += grades_of(self.team, self._next_day)
            self.activity += activity_of(self.team, self._next_day)
            self.sessions += sessions_of(self.team, self._next_day)
            self._next_day += timedelta(days=1)

    @property
    def settled(self) -> datetime:
        """Everything that happened until this moment can be exported."""
        return self.now - self.delay

    def regrade(self, grade: Grade, at: datetime | None = None) -> None:
        """Save a grade once more, by default just before now."""
        grade.revisions.append(Revision(at or self.settled))
        grade.revisions.sort(key=lambda revision: revision.at)

    def graded(
        self, admits: Callable[[datetime], bool], *, calibrations: str = "none", grader_qa: bool = False
    ) -> Iterator[Grade]:
        """Grades of the asked kinds whose last update is admitted, in no order."""
        for grade in self.grades:
            if (
                _is_asked(grade, calibrations, grader_qa)
                and grade.exists(self.settled)
                and admits(grade.updated_at(self.settled))
            ):
                yield grade

    def score_rows(self, file: str, grades: Iterable[Grade]) -> Iterator[Row]:
        """The rows of one of `SCORE_FILES` for some grades."""
        if file == "csat":
            tickets = {id(grade.ticket): grade.ticket for grade in grades}
            yield from filter(None, (ticket.csat_row(self.settled) for ticket in tickets.values()))
        else:
            for grade in grades:
                yield from _ROWS[file](grade, self.settled)

    def group_rows(self, *, include_unavailable: bool = False) -> list[Row]:
        """The rows of the agent groups export."""
        rows = (member.row(self.settled) for member in self.memberships if member.since <= self.settled)
        return [row for row in rows if include_unavailable or row["available"]]

    def activity_rows(self, admits: Callable[[datetime], bool]) -> list[Row]:
        """The rows of the audit log export whose creation is admitted."""
        return [
            row for row in self.activity if self._happened(row["time_stamp"]) and admits(_instant(row["time_stamp"]))
        ]

    def usage_rows(self, group_ids: Iterable[str], interval: str) -> list[Row]:
        """The screen capture figures."""
        return usage(self.memberships, group_ids, interval, self.settled)

    def session_rows(self) -> list[Row]:
        """The coaching sessions there are."""
        return [session.row(self.settled) for session in self._present_sessions()]

    def points(self) -> list[Row]:
        """The coaching points of all sessions."""
        return [point for session in self._present_sessions() for point in session.points()]

    def todos(self) -> list[Row]:
        """The to-dos of all sessions."""
        return [todo for session in self._present_sessions() for todo in session.todos()]

    def _present_sessions(self) -> list[Session]:
        return [session for session in self.sessions if session.created_at <= self.settled]

    def _list_rows(self, name: str, admits: Callable[[datetime], bool]) -> list[Row]:
        """The rows of a JSON list, for streams that are not selected by default."""
        rows: dict[str, Callable[[], list[Row]]] = {
            "coaching_sessions": lambda: [row for row in self.session_rows() if admits(_instant(row["updated_at"]))],
            "coaching_points": self.points,
            "todos": lambda: list(map(_only_id, self.todos())),
            "assignments": lambda: list(map(_only_id, assignments_of(self.team))),
            "scim_users": lambda: users(self.team),
            "scim_agent_groups": lambda: agent_groups(self.team),
            "scim_user_groups": lambda: user_groups(self.team),
        }
        return [{"_unmapped": None, **row} for row in rows[name]()]

    @override
    def expected_records(self, stream: str, *, since: datetime | None = None, interval: str = "day") -> Rows:
        """What a stream must have delivered, by `IDENTIFYING[stream without prefix]`.

        `since` is the tap's start date: grades not updated and log lines not written after it are left out.
        """
        name = stream.removeprefix("maestroqa_")

        def admits(moment: datetime) -> bool:
            return since is None or moment > since

        if name in SCORE_FILES:
            grades = self.graded(admits, calibrations=self.calibrations, grader_qa=self.grader_qa)
            rows = list(self.score_rows(name, grades))
        elif name == "agent_groups":
            rows = self.group_rows()
        elif name == "audit_logs":
            rows = self.activity_rows(admits)
        elif name not in IDENTIFYING:
            return keyed(self._list_rows(name, admits), ("id",))
        else:
            rows = self.usage_rows({str(row["group_id"]) for row in self.group_rows()}, interval)
        return keyed(rows, IDENTIFYING[name])

    def _happened(self, moment: object) -> bool:
        return _instant(moment) <= self.settled


def _is_asked(grade: Grade, calibrations: str, grader_qa: bool) -> bool:  # noqa: FBT001 -- the vendor's switch
    if grade.grade_type == GRADER_QA:
        return grader_qa
    if grade.grade_type in CALIBRATIONS:
        return calibrations != "none"
    return calibrations != "only"


def _instant(cell: object) -> datetime:
    if not isinstance(cell, datetime):
        message = "not an instant"
        raise TypeError(message)
    return cell


def _only_id(row: Row) -> Row:
    """A row of which only the id is known."""
    return {"id": row["id"], "_unmapped": {name: value for name, value in row.items() if name != "id"}}
