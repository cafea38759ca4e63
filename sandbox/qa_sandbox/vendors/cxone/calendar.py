"""One day of a CXone tenant: evaluations, self-assessments and calibrations are submitted, with all that follows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta, timezone
from typing import TYPE_CHECKING

from qa_sandbox.exports.people import TEAMS, staff
from qa_sandbox.exports.seeded import seeded_uuid
from qa_sandbox.plausible_data import chance, seeded_rng
from qa_sandbox.vendors.cxone.evaluations import CALIBRATION, Evaluation, Interaction, Step
from qa_sandbox.vendors.cxone.forms import forms

if TYPE_CHECKING:
    from qa_sandbox.exports.people import Person

CHANGES_END_AFTER = timedelta(days=20)
"""Nothing happens to an evaluation later than this after its submission."""


@dataclass(frozen=True)
class Tenant:
    """Who works at the tenant, and how much.

    Attributes:
        evaluators_share_id: Whether one workflow holds the evaluations of all evaluators of a calibration, and a
            self-assessment beside the evaluation that it goes with.
    """

    seed: int
    evaluations_per_day: int
    evaluators_share_id: bool = False

    @property
    def agents(self) -> tuple[Person, ...]:
        """Those who are evaluated."""
        return staff("cxone agent", self.seed, max(8, self.evaluations_per_day))

    @property
    def evaluators(self) -> tuple[Person, ...]:
        """Those who evaluate."""
        return staff("cxone evaluator", self.seed, 7)


def evaluations_of(tenant: Tenant, day: date) -> list[Evaluation]:
    """Every evaluation of the interactions of a day; the other evaluators may submit theirs later."""
    return [made for number in range(tenant.evaluations_per_day) for made in _Case(tenant, day, number).evaluations()]


class _Case:
    """One interaction and its evaluations."""

    def __init__(self, tenant: Tenant, day: date, number: int) -> None:
        self.tenant = tenant
        self.name = f"{day.isoformat()}/{number}"
        self.rng = seeded_rng("cxone case", tenant.seed, self.name)
        self.submitted = datetime.combine(day, time(), timezone.utc) + timedelta(
            seconds=self.rng.randint(0, 86_399), milliseconds=self.rng.choice((0, 0, 120, 7))
        )

    def evaluations(self) -> list[Evaluation]:
        first = self._evaluation()
        kind = self.rng.choices(("usual", "self", "calibration"), (80, 10, 10))[0]
        if kind == "calibration":
            return self._calibration(first)
        return [first, self._self_assessment(first)] if kind == "self" else [first]

    def _self_assessment(self, first: Evaluation) -> Evaluation:
        at = self.submitted + timedelta(days=self.rng.randint(0, 9))
        return replace(
            first,
            number=f"{self.name}/self",
            kind="Self-Assessment",
            trigger="Manual trigger",
            plan=None,
            evaluator=first.agent,
            steps=[Step(at, "Completed", "Closed")],
            visible_from=at + timedelta(minutes=25),
            workflow_id=first.workflow_id if self.tenant.evaluators_share_id else "",
        )

    def _evaluation(self) -> Evaluation:
        rng, seed = self.rng, self.tenant.seed
        agent, team = rng.choice(self.tenant.agents), rng.choice(TEAMS)
        started = self.submitted - timedelta(seconds=rng.randint(240, 7200))
        plan = rng.choice(("Monthly five", "New joiners", None))
        return Evaluation(
            seed=seed,
            number=self.name,
            kind="Evaluation",
            trigger="Quality Plan" if plan else "Manual trigger",
            plan=plan,
            form=rng.choice(forms(seed)),
            agent=agent,
            team=(seeded_uuid("team", seed, team), team),
            evaluator=rng.choice(self.tenant.evaluators),
            assigner=rng.choice((None, self.tenant.evaluators[0])),
            interaction=self._interaction(started),
            started_at=started,
            steps=self._steps(),
            visible_from=self.submitted + timedelta(minutes=rng.choice((0, 0, 1, 12, 29))),
        )

    def _calibration(self, first: Evaluation) -> list[Evaluation]:
        shared = seeded_uuid("calibration", self.tenant.seed, self.name) if self.tenant.evaluators_share_id else ""
        evaluators = self.rng.sample(self.tenant.evaluators, k=3)
        moments = (self.submitted + delay for delay in (timedelta(), timedelta(minutes=7), timedelta(days=16)))
        return [
            replace(
                first,
                number=f"{self.name}/{place}",
                trigger=CALIBRATION,
                plan=None,
                evaluator=evaluator,
                steps=[Step(at, "Completed No Review", "Closed")],
                visible_from=at + timedelta(minutes=25),
                workflow_id=shared or seeded_uuid("workflow", self.tenant.seed, self.name, place),
            )
            for place, (evaluator, at) in enumerate(zip(evaluators, moments, strict=True))
        ]

    def _interaction(self, evaluation_started: datetime) -> Interaction:
        rng = self.rng
        ended = evaluation_started - timedelta(minutes=rng.randint(30, 4000))
        channel = rng.choice(("Phone call", "Phone call", "Chat", "Email"))
        return Interaction(
            segment_id=seeded_uuid("segment", self.tenant.seed, self.name),
            acd_id=str(rng.randint(10**10, 10**12)),
            channel=channel,
            direction=rng.choice(("Inbound", "Inbound", "Outbound")),
            phone_number=f"+1202555{rng.randint(100, 199):04}" if channel == "Phone call" else None,
            started_at=ended - timedelta(seconds=rng.randint(20, 3000)),
            ended_at=ended,
        )

    def _steps(self) -> list[Step]:
        rng = self.rng
        steps = [Step(self.submitted, "Sent to Agent")]
        if chance(rng, 0.2):
            steps.append(Step(self._later(steps, 6), "Dispute", dispute=True))
            steps.append(Step(self._later(steps, 2), "In Review"))
            resolver = rng.choice(self.tenant.evaluators)
            resolved = self._later(steps, 4)
            steps.append(Step(resolved, "Completed Reviewed", "Closed", rescored=chance(rng, 0.6), resolver=resolver))
        elif chance(rng, 0.7):
            by_nobody = chance(rng, 0.3)
            at = self._later(steps, 7)
            steps.append(Step(at, "Completed Acknowledged", "Closed", auto_acknowledged=by_nobody))
        if len(steps) > 1 and chance(rng, 0.15):
            steps.append(replace(steps[-1], at=self._later(steps, 5), rescored=True))
        return steps

    def _later(self, steps: list[Step], days: int) -> datetime:
        return steps[-1].at + timedelta(minutes=self.rng.randint(30, days * 24 * 60))
