"""Grades of tickets: how they come, how they are edited later, and what each export file says of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from qa_sandbox.exports.people import COMMENTS
from qa_sandbox.exports.seeded import seeded_id
from qa_sandbox.plausible_data import chance, seeded_rng

if TYPE_CHECKING:
    from datetime import datetime
    from random import Random

    from qa_sandbox.exports.cells import Row
    from qa_sandbox.exports.people import Person
    from qa_sandbox.vendors.maestroqa.rubrics import Question, Rubric, Section

GRADING, CALIBRATION_REVIEW, CALIBRATION_FINAL, GRADER_QA = (
    "grading",
    "calibration_review",
    "calibration_final",
    "grader_qa",
)
CALIBRATIONS = frozenset({CALIBRATION_REVIEW, CALIBRATION_FINAL})
_CENT = Decimal("0.01")
_SHARES = tuple(map(Decimal, ("0", "0.25", "0.5", "0.5", "0.75", "1", "1", "1", "1")))
_LABELS = {Decimal(0): "No", Decimal(1): "Yes"}


@dataclass
class Ticket:
    """A case of the help desk. A customer may answer the satisfaction survey again until `csat_changed_at`."""

    gradable_id: str
    created_at: datetime
    source: str
    csat: tuple[int, str | None] | None
    csat_later: tuple[int, str | None] | None = None
    csat_changed_at: datetime | None = None

    def csat_row(self, now: datetime) -> Row | None:
        """The row of the CSAT file, if the customer has answered."""
        changed = self.csat_changed_at is not None and self.csat_changed_at <= now
        csat = self.csat_later if changed else self.csat
        if csat is None:
            return None
        return {
            "gradable_id": self.gradable_id,
            "csat_score": csat[0],
            "csat_comment": csat[1],
            "ticket_created_at": self.created_at,
            "source": self.source,
        }


@dataclass(frozen=True)
class Revision:
    """One save of a grade; one that is no re-grade changes comments only and leaves the date of the grade."""

    at: datetime
    regrade: bool = True


@dataclass
class Grade:
    """One grader's judgement of one agent's work on one ticket by one rubric.

    Attributes:
        revisions: The first is the grade itself; later ones may lie in the future.
        target: For grader QA, the grade that is checked.
        reported_at: The date under which it is reported, if that is not that of the first save.
    """

    seed: int
    ticket: Ticket
    agent: Person
    rubric: Rubric
    grader: Person
    grade_type: str
    started_at: datetime
    revisions: list[Revision]
    target: Grade | None = None
    reported_at: datetime | None = None
    answer_id: str = field(init=False)

    def __post_init__(self) -> None:
        """Make the identifier that the vendor keeps to itself."""
        parts = (self.ticket.gradable_id, self.agent.id, self.rubric.id, self.grader.id, self.grade_type)
        self.answer_id = seeded_id(17, "answer", self.seed, *parts, self.revisions[0].at)

    @property
    def first_graded_at(self) -> datetime:
        """When the grade was saved first."""
        return self.revisions[0].at

    def exists(self, now: datetime) -> bool:
        """True once it has been saved."""
        return self.first_graded_at <= now

    def updated_at(self, now: datetime) -> datetime:
        """When it was saved last; the export filters on this, and no file shows it."""
        return max(revision.at for revision in self.revisions if revision.at <= now)

    def total_scores(self, now: datetime) -> list[Row]:
        """One row."""
        scores = [self._section_score(section, now) for section in self.rubric.sections]
        failed = any(s.auto_fail and score == 0 for s, score in zip(self.rubric.sections, scores, strict=True))
        counted = [(s, score) for s, score in zip(self.rubric.sections, scores, strict=True) if score is not None]
        weight = sum((s.weight for s, _ in counted if not s.bonus), Decimal(0))
        points = sum((score * s.weight for s, score in counted), Decimal(0))
        total = None if not weight else Decimal(0) if failed else (points / weight).quantize(_CENT)
        return [
            self._head(now)
            | {
                "rubric_score": total,
                "max_rubric_score": 100,
                "comment": self._words("total", self._revision(now), 0.7),
                "date_first_started": self.started_at,
                "date_first_graded": self.first_graded_at,
                "total_grading_time": str(int((self.first_graded_at - self.started_at).total_seconds())),
            }
            | self._benchmark()
        ]

    def section_scores(self, now: datetime) -> list[Row]:
        """One row a section."""
        return [
            self._head(now)
            | _names(section)
            | {
                "section_score": self._section_score(section, now),
                "max_section_score": 100,
                "section_weight": section.weight,
            }
            | self._benchmark()
            for section in self.rubric.sections
        ]

    def individual_answers(self, now: datetime) -> list[Row]:
        """One row a question."""
        return [
            self._head(now) | _names(section) | _question(question) | self._answer(question, now) | self._benchmark()
            for section in self.rubric.sections
            for question in section.questions
        ]

    def annotations(self, now: datetime) -> list[Row]:
        """A row for each passage that the grader marked; re-grades add some, none goes away."""
        return [
            self._head(now) | _names(section) | _question(question) | self._annotation(question, revision, now)
            for revision in range(self._revision(now) + 1)
            for section in self.rubric.sections
            for question in section.questions
            if chance(self._rng("annotated", question.id, revision), 0.03 if revision else 0.1)
        ]

    def _revision(self, now: datetime, *, regrades_only: bool = False) -> int:
        return max(
            n for n, r in enumerate(self.revisions) if r.at <= now and (r.regrade or n == 0 or not regrades_only)
        )

    def _head(self, now: datetime) -> Row:
        graded = self.revisions[self._revision(now, regrades_only=True)].at
        return {
            "gradable_id": self.ticket.gradable_id,
            "agent_id": self.agent.id,
            "agent_name": self.agent.name,
            "agent_email": self.agent.email,
            "rubric_id": self.rubric.id,
            "rubric_name": self.rubric.name,
            "date_graded": graded,
            "grader": self.grader.email,
            "grade_type": self.grade_type,
            "ticket_created_at": self.ticket.created_at,
            "date_reported_as": self.reported_at or self.first_graded_at,
            "source": self.ticket.source,
        }

    def _benchmark(self) -> Row:
        compared = self.target is not None or self.grade_type == CALIBRATION_REVIEW
        return {
            "alignment_score": Decimal(self._rng("alignment").randint(400, 1000)) / 10 if compared else None,
            "target_answer_id": self.target.answer_id if self.target else None,
            "original_grader": self.target.grader.email if self.target else None,
        }

    def _score(self, question: Question, now: datetime) -> Decimal | None:
        rng = self._rng("score", question.id, self._changed(question, now))
        return None if chance(rng, 0.08) else question.maximum * rng.choice(_SHARES)

    def _changed(self, question: Question, now: datetime) -> int:
        last = self._revision(now, regrades_only=True)
        changed = (n for n in range(last, 0, -1) if self.revisions[n].regrade and self._changes(question, n))
        return next(changed, 0)

    def _changes(self, question: Question, revision: int) -> bool:
        return chance(self._rng("changes", question.id, revision), 0.4)

    def _section_score(self, section: Section, now: datetime) -> Decimal | None:
        scored = [(q, score) for q in section.questions if (score := self._score(q, now)) is not None]
        if not scored:
            return None
        points = sum((score for _, score in scored), Decimal(0))
        return (100 * points / sum((q.maximum for q, _ in scored), Decimal(0))).quantize(_CENT)

    def _answer(self, question: Question, now: datetime) -> Row:
        score = self._score(question, now)
        share = None if score is None else score / question.maximum
        return {
            "answer_label": "Not applicable" if share is None else _LABELS.get(share, "Partly"),
            "feedback_answer_label": self._rng("feedback", question.id).choice(
                (None, None, "Coach", "Praise, in public")
            ),
            "question_score": score,
            "max_question_score": question.maximum,
            "comment": self._words(question.id, self._changed(question, now), 0.25),
        }

    def _annotation(self, question: Question, revision: int, now: datetime) -> Row:
        return {
            "annotation_id": seeded_id(17, "annotation", self.answer_id, question.id, revision),
            "selected_text": self._words(f"selected{question.id}", revision, 1),
            "comment": self._words(f"annotation{question.id}", self._revision(now), 0.9),
        }

    def _words(self, subject: str, revision: int, share: float) -> str | None:
        rng = self._rng("words", subject, revision)
        return rng.choice(COMMENTS) if chance(rng, share) else None

    def _rng(self, *parts: object) -> Random:
        return seeded_rng(self.answer_id, *parts)


def _names(section: Section) -> Row:
    return {"section_id": section.id, "section_name": section.name}


def _question(question: Question) -> Row:
    return {"question_id": question.id, "question": question.text}
