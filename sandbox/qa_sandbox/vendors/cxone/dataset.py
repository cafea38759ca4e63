"""A CXone tenant: its evaluations now, and what a tap must have delivered of them."""

from __future__ import annotations

import sys
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from qa_sandbox.exports.cells import keyed
from qa_sandbox.vendor import HISTORY_DAYS, Dataset
from qa_sandbox.vendors.cxone import further_entities
from qa_sandbox.vendors.cxone.calendar import Tenant, evaluations_of
from qa_sandbox.vendors.cxone.further_entities import Segment, segments_of

if sys.version_info >= (3, 12):
    from typing import override
else:
    from typing_extensions import override

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from qa_sandbox.clock import SandboxClock
    from qa_sandbox.exports.cells import Row
    from qa_sandbox.vendor import Rows
    from qa_sandbox.vendors.cxone.evaluations import Evaluation, Step

WORKFLOWS, QUESTIONS = "qm-workflows", "qm-questions"

_EVALUATOR = ("evaluator_first_name", "evaluator_last_name")
IDENTIFYING = {
    WORKFLOWS: ("workflow_id", "type", "start_date", *_EVALUATOR),
    QUESTIONS: ("workflow_instance_id", "question_id", "workflow_type", "evaluation_start_date", *_EVALUATOR),
}
"""The columns by which `CxOneWorld.truth` keys its rows; they never change when a row is edited."""

IDENTIFYING_VERSION_1 = (
    *("segment_id", "agent_id", "type", "form_name", "form_version", "start_date"),
    *_EVALUATOR,
)
"""The same for version 1 of `qm-workflows`, which has no id."""


class CxOneDataset(Dataset):
    """Deterministic data of any size. Things happen only in `catch_up`; an evaluation is made with its future decided.

    Attributes:
        now: The clock when the dataset last caught up with it.
        version: Of `qm-workflows`, for `truth`: version 1 has no workflow id.
    """

    streams = ("cxone_qm_workflows", "cxone_qm_questions")

    def __init__(
        self,
        clock: SandboxClock,
        *,
        seed: int = 1,
        days: int = HISTORY_DAYS,
        evaluations_per_day: int = 10,
        evaluators_share_id: bool = False,
    ) -> None:
        """A tenant with `days` days of history before the clock's present."""
        super().__init__(clock)
        self.now = clock.now()
        self.version = "3"
        self.tenant = Tenant(seed, evaluations_per_day, evaluators_share_id)
        self.evaluations: list[Evaluation] = []
        self.segments: list[Segment] = []
        self._next_day = (self.now - timedelta(days=days - 1)).date()
        self.apply_due_events()

    @override
    def apply_due_events(self) -> None:
        """New evaluations come and late ones appear; older ones are disputed, resolved, acknowledged and edited."""
        self.now = self.clock.now()
        while self._next_day <= self.now.date():
            self.evaluations += evaluations_of(self.tenant, self._next_day)
            self.segments += segments_of(self._next_day)
            self._next_day += timedelta(days=1)

    def edit(self, evaluation: Evaluation, step: Step) -> None:
        """Let something more happen to an evaluation."""
        evaluation.steps.append(step)
        evaluation.steps[1:] = sorted(evaluation.steps[1:], key=lambda step: step.at)

    def submitted(self, admits: Callable[[datetime], bool]) -> Iterator[Evaluation]:
        """Evaluations that extractions show now and whose submission is admitted, in no order."""
        return (e for e in self.evaluations if e.exists(self.now) and admits(e.submitted_at))

    def rows(self, entity: str, evaluations: Iterable[Evaluation]) -> Iterator[Row]:
        """The rows of an entity for some evaluations."""
        for evaluation in evaluations:
            if entity == WORKFLOWS:
                yield evaluation.workflow(self.now)
            else:
                yield from evaluation.questions(self.now)

    def extracted(self, entity: str, admits: Callable[[datetime], bool]) -> Iterator[Row]:
        """The rows of an entity whose date is admitted, as extractions show them now."""
        if entity in further_entities.IDENTIFYING:
            return (one.row(entity, self.now) for one in self.segments if one.at <= self.now and admits(one.at))
        return self.rows(entity, self.submitted(admits))

    @override
    def expected_records(self, stream: str, *, since: datetime | None = None) -> Rows:
        """What a stream must have delivered, by `IDENTIFYING`.

        `since` is the tap's start date: evaluations submitted on an earlier day are left out.
        """
        entity = stream.removeprefix("cxone_").replace("_", "-")
        rows = self.extracted(entity, lambda moment: since is None or moment.date() >= since.date())
        if entity == WORKFLOWS and self.version == "1":
            return keyed((row | {"workflow_id": None} for row in rows), IDENTIFYING_VERSION_1)
        return keyed(rows, (IDENTIFYING | further_entities.IDENTIFYING)[entity])
