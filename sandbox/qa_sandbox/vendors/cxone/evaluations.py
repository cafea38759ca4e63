"""Evaluations: how they are submitted, disputed, resolved, acknowledged and edited, and the rows that say so."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from qa_sandbox.exports.people import COMMENTS
from qa_sandbox.exports.seeded import seeded_uuid
from qa_sandbox.plausible_data import chance, seeded_rng

if TYPE_CHECKING:
    from datetime import datetime
    from random import Random

    from qa_sandbox.exports.cells import Row
    from qa_sandbox.exports.people import Person
    from qa_sandbox.vendors.cxone.forms import Form, Question, Section

TENANT = "Sandbox Contact Centre Ltd"
CALIBRATION = "Calibration"
_CENT = Decimal("0.01")
_SHARES = tuple(map(Decimal, ("0", "0.4", "0.5", "0.8", "1", "1", "1", "1")))
_RANKS = ((90, "Excellent"), (70, "Meets expectations"), (0, "Needs coaching"))


@dataclass(frozen=True)
class Interaction:
    """The call, chat or e-mail that is evaluated."""

    segment_id: str
    acd_id: str
    channel: str
    direction: str
    phone_number: str | None
    started_at: datetime
    ended_at: datetime


@dataclass(frozen=True)
class Step:
    """Something that happens to an evaluation.

    Attributes:
        at: When; the first step is the submission.
        status: The workflow's status from then on.
        state: Its state.
        auto_acknowledged: None until somebody, or nobody in time, has acknowledged.
        rescored: Whether answers change.
        dispute: Whether the agent's words come with it.
        resolver: Who resolves a dispute with it.
    """

    at: datetime
    status: str
    state: str = "Open"
    auto_acknowledged: bool | None = None
    rescored: bool = False
    dispute: bool = False
    resolver: Person | None = None


@dataclass
class Evaluation:
    """One evaluator's finished form about one interaction of one agent.

    Attributes:
        visible_from: New rows take up to half an hour to appear in extractions.
        steps: In order of time; the later ones may lie in the future.
        workflow_id: Of the workflow; calibrations of one interaction may share it.
    """

    seed: int
    number: str
    kind: str
    trigger: str
    plan: str | None
    form: Form
    agent: Person
    team: tuple[str, str]
    evaluator: Person
    assigner: Person | None
    interaction: Interaction
    started_at: datetime
    steps: list[Step]
    visible_from: datetime
    workflow_id: str = field(default="")

    def __post_init__(self) -> None:
        """Give it a workflow of its own unless it shares one."""
        self.workflow_id = self.workflow_id or seeded_uuid("workflow", self.seed, self.number)

    @property
    def submitted_at(self) -> datetime:
        """When it was submitted; never changes."""
        return self.steps[0].at

    def exists(self, now: datetime) -> bool:
        """Whether extractions show it."""
        return self.visible_from <= now

    def workflow(self, now: datetime) -> Row:
        """Its row of `qm-workflows`."""
        steps = self._steps(now)
        resolver = next((step.resolver for step in reversed(steps) if step.resolver), None)
        acknowledged = next((s.auto_acknowledged for s in reversed(steps) if s.auto_acknowledged is not None), None)
        score, maximum, percentage = self._score(now)
        return {
            "tenant_name": TENANT,
            "agent_id": self.agent.id,
            "type": self.kind,
            "evaluation_flow_trigger": self.trigger,
            "workflow_status": steps[-1].status,
            "auto_acknowledged": acknowledged,
            "workflow_state": steps[-1].state,
            "workflow_id": self.workflow_id,
            "plan_name": self.plan,
            "form_name": self.form.name,
            "form_version": self.form.version,
            "start_date": self.started_at,
            "submission_date": self.submitted_at,
            "last_updated": steps[-1].at,
            "score_percentage": percentage,
            "score": score,
            "maximum_possible_score": maximum,
            "rank": next((rank for least, rank in _RANKS if percentage is not None and percentage >= least), None),
            "failed_critical_question": self._failed(now),
            "user_review_comments": self._words("dispute") if any(step.dispute for step in steps) else None,
            "dispute_resolver_comments": self._words("resolution") if resolver else None,
            "segment_id": self.interaction.segment_id,
            "acd_id": self.interaction.acd_id,
            "interaction_type": self.interaction.channel,
            "interaction_start_date": self.interaction.started_at,
            "interaction_end_date": self.interaction.ended_at,
            "interaction_direction": self.interaction.direction,
            "team_id": self.team[0],
            "team_name": self.team[1],
            "phone_number": self.interaction.phone_number,
            **_person("evaluator", self.evaluator),
            **_person("agent", self.agent),
            **_person("dispute_resolver", resolver),
            **_person("assigner", self.assigner),
        }

    def questions(self, now: datetime) -> list[Row]:
        """Its rows of `qm-questions`."""
        whole = self._score(now)[2]
        return [
            {
                "workflow_instance_id": self.workflow_id,
                **self._question(question, now),
                "form_id": self.form.id,
                "form_name": self.form.name,
                "form_version": self.form.version,
                "evaluation_score_percentage": whole,
                "evaluation_start_date": self.started_at,
                "evaluation_submission_date": self.submitted_at,
                "workflow_type": CALIBRATION if self.trigger == CALIBRATION else self.kind,
                "section_id": section.id,
                "section_title": section.title,
                "section_score_percentage": of_section,
                "agent_id": self.agent.id,
                **_person("agent", self.agent),
                "team_id": self.team[0],
                "team_name": self.team[1],
                **_person("evaluator", self.evaluator),
                "segment_id": self.interaction.segment_id,
                "interaction_start_date": self.interaction.started_at,
                "interaction_end_date": self.interaction.ended_at,
            }
            for section in self.form.sections
            for of_section in [self._section_percentage(section, now)]
            for question in section.questions
        ]

    def _question(self, question: Question, now: datetime) -> Row:
        points = self._points(question, now)
        return {
            "question_id": question.id,
            "question_title": question.title,
            "question_number": question.number,
            "question_type": question.kind,
            "options": question.options,
            "actual_score": points,
            "max_score": question.maximum if question.scorable else None,
            "answer": self._answer(question, points, now),
            "critical": question.critical,
            "failed_critical_question": self._failed_on(question, now),
            "mandatory": question.mandatory,
            "scorable": question.scorable,
            "bank_id": question.bank_id,
        }

    def _steps(self, now: datetime) -> list[Step]:
        return [step for step in self.steps if step.at <= now] or self.steps[:1]

    def _points(self, question: Question, now: datetime) -> Decimal | None:
        if not question.scorable:
            return None
        rng = self._rng("points", question.id, self._changed(question, now))
        return None if not question.mandatory and chance(rng, 0.1) else question.maximum * rng.choice(_SHARES)

    def _changed(self, question: Question, now: datetime) -> int:
        numbered = list(enumerate(self._steps(now)))
        changes = (
            n for n, step in numbered[:0:-1] if step.rescored and chance(self._rng("changes", question.id, n), 0.5)
        )
        return next(changes, 0)

    def _answer(self, question: Question, points: Decimal | None, now: datetime) -> str | None:
        if question.kind == "Text":
            return self._words(question.id, self._changed(question, now))
        if points is None:
            return "Not applicable"
        share = points / question.maximum
        if question.kind == "Rating":
            return str(int(5 * share))
        words = {"Yes/No": ("No", "Yes", "Yes")}.get(question.kind, ("Not at all", "Partly", "Fully"))
        return words[0 if not share else 2 if share == 1 else 1]

    def _failed_on(self, question: Question, now: datetime) -> bool:
        return question.critical and self._points(question, now) == 0

    def _failed(self, now: datetime) -> bool:
        return any(self._failed_on(question, now) for question in self.form.questions)

    def _score(self, now: datetime) -> tuple[Decimal | None, Decimal | None, Decimal | None]:
        answered = [(q, points) for q in self.form.questions if (points := self._points(q, now)) is not None]
        maximum = sum((q.maximum for q, _ in answered), Decimal(0))
        if not maximum:
            return None, None, None
        score = Decimal(0) if self._failed(now) else sum((points for _, points in answered), Decimal(0))
        return score, maximum, (100 * score / maximum).quantize(_CENT)

    def _section_percentage(self, section: Section, now: datetime) -> Decimal | None:
        answered = [(q, points) for q in section.questions if (points := self._points(q, now)) is not None]
        maximum = sum((q.maximum for q, _ in answered), Decimal(0))
        return (100 * sum((p for _, p in answered), Decimal(0)) / maximum).quantize(_CENT) if maximum else None

    def _words(self, *subject: object) -> str | None:
        return self._rng("words", *subject).choice((*COMMENTS, None))

    def _rng(self, *parts: object) -> Random:
        return seeded_rng(self.seed, self.number, *parts)


def _person(role: str, person: Person | None) -> Row:
    return {
        f"{role}_first_name": person.first_name if person else None,
        f"{role}_last_name": person.last_name if person else None,
    }
