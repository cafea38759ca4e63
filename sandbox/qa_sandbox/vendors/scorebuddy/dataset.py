"""The dataset of one Scorebuddy instance."""

from __future__ import annotations

from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from typing_extensions import override

from qa_sandbox.plausible_data import seeded_rng
from qa_sandbox.vendor import Dataset, Rows
from qa_sandbox.vendors.scorebuddy.events import History
from qa_sandbox.vendors.scorebuddy.expected_records import ExpectedRecords
from qa_sandbox.vendors.scorebuddy.rules import Rules
from qa_sandbox.vendors.scorebuddy.seed_data import Instance, Size, create_seed_data

if TYPE_CHECKING:
    from datetime import datetime
    from random import Random

    from qa_sandbox.clock import SandboxClock
    from qa_sandbox.vendors.scorebuddy.model import Score


class ScorebuddyDataset(Dataset):
    """Staff, scorecards and results, which come to be at first use.

    Attributes:
        rules: How the API speaks; the expected records need the instance's zone.
        size: How much there is.
        revision: Grows with each change, so that the API can keep its lists until then.
    """

    streams = (
        "scorebuddy_scores",
        "scorebuddy_export_questions",
        "scorebuddy_score_reviews",
        "scorebuddy_scorecards",
        "scorebuddy_scorecard_sections",
        "scorebuddy_scorecard_versions",
        "scorebuddy_employees",
        "scorebuddy_supervisors",
        "scorebuddy_users",
        "scorebuddy_groups",
        "scorebuddy_teams",
    )

    def __init__(
        self, clock: SandboxClock, size: Size | None = None, seed: int = 1, rules: Rules | None = None
    ) -> None:
        """Set up a dataset whose history ends at the clock's start, until `run_until`."""
        super().__init__(clock)
        self.size = size or Size()
        self.rules = rules or Rules()
        self.history_days = self.size.days
        self.revision = 0
        self._seed = seed
        self._changes = 0

    @cached_property
    def _history(self) -> History:
        founded = self.clock.start - timedelta(days=self.size.days)
        history = History(create_seed_data(self.size, self._seed), self.size, self._seed, founded)
        history.run_until(self.clock.start)
        return history

    @property
    def instance(self) -> Instance:
        """All that is stored; change it under `lock`, and call `changed` afterwards."""
        with self.lock:
            return self._history.instance

    @override
    def expected_records(self, stream: str) -> Rows:
        with self.lock:
            return ExpectedRecords(self.instance, self.rules).rows(stream)

    @override
    def apply_due_events(self) -> None:
        self._history.run_until(self.clock.now())
        self.changed()

    def changed(self) -> None:
        """Tells the API that what it listed before may be stale."""
        self.revision += 1

    def add(self, at: datetime | None = None) -> Score:
        """A new result, now or as of another instant."""
        with self.lock:
            score = self._history.add(self._moment(at), self._rng())
            self.changed()
            return score

    def edit(self, score_id: int, at: datetime | None = None) -> Score:
        """Changes a result, now or as of another instant."""
        with self.lock:
            score = self.instance.scores[score_id]
            self._history.edit(score, self._moment(at), self._rng())
            self.changed()
            return score

    def redate(self, score_id: int, days: int) -> Score:
        """Dates a result so many days from the clock's, which counts as no edit."""
        with self.lock:
            score = self.instance.scores[score_id]
            score.dated_ahead = (self.clock.now() - score.scored_at).days + days
            self.changed()
            return score

    def review(self, score_id: int, at: datetime | None = None) -> Score:
        """Has a result acknowledged, now or as of another instant."""
        with self.lock:
            score = self.instance.scores[score_id]
            self._history.review(score, self._moment(at), self._rng())
            self.changed()
            return score

    def delete(self, score_id: int) -> None:
        """Takes a result away; nothing of it is left."""
        with self.lock:
            del self.instance.scores[score_id]
            self.changed()

    def _moment(self, at: datetime | None) -> datetime:
        return (at or self.clock.now()).replace(microsecond=0)

    def _rng(self) -> Random:
        self._changes += 1
        return seeded_rng(self._seed, "scorebuddy", "change", self._changes)
