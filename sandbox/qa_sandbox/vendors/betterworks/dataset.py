"""The dataset of one Betterworks organisation."""

from __future__ import annotations

from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from typing_extensions import override

from qa_sandbox.plausible_data import seeded_rng
from qa_sandbox.vendor import Dataset, Rows
from qa_sandbox.vendors.betterworks.events import History
from qa_sandbox.vendors.betterworks.expected_records import Truth
from qa_sandbox.vendors.betterworks.rules import PATHS, Rules
from qa_sandbox.vendors.betterworks.seed_data import Size, found, set_goal

if TYPE_CHECKING:
    from decimal import Decimal

    from qa_sandbox.clock import SandboxClock
    from qa_sandbox.vendors.betterworks.model import Goal, Organisation


class BetterworksDataset(Dataset):
    """People, goals and what they say of each other, which come to be at first use.

    Attributes:
        rules: How the API speaks; what is in `_unmapped` depends on it.
        size: How much there is.
        checkins: The goals that callers checked in, with the progress, oldest first.
        revision: Grows with each change, so that the API can keep its lists until then.
    """

    streams = tuple(PATHS)

    def __init__(
        self, clock: SandboxClock, size: Size | None = None, seed: int = 1, rules: Rules | None = None
    ) -> None:
        """Set up a dataset whose history ends at the clock's start, until `run_until`."""
        super().__init__(clock)
        self.size = size or Size()
        self.rules = rules or Rules()
        self.history_days = self.size.days
        self.revision = 0
        self.checkins: list[tuple[int, Decimal]] = []
        self._seed = seed
        self._changes = 0

    @cached_property
    def _history(self) -> History:
        founded = self.clock.start - timedelta(days=self.size.days)
        history = History(found(self.size, self._seed, founded), self._seed, founded)
        history.unfold(self.clock.start)
        return history

    @property
    def organisation(self) -> Organisation:
        """All that is stored; change it under `lock`, and call `changed` afterwards."""
        with self.lock:
            return self._history.organisation

    @override
    def expected_records(self, stream: str) -> Rows:
        with self.lock:
            return Truth(self.organisation, self.rules).rows(stream)

    @override
    def apply_due_events(self) -> None:
        self._history.unfold(self.clock.now())
        self.changed()

    def changed(self) -> None:
        """Tells the API that what it listed before may be stale."""
        self.revision += 1

    def check_in(self, goal_id: int) -> Goal:
        """Reports progress on a goal, now."""
        with self.lock:
            goal = self.organisation.goals[goal_id]
            now = self.clock.now().replace(microsecond=0)
            self._changes += 1
            self._history.check_in(goal, now, seeded_rng(self._seed, "betterworks", "change", self._changes))
            self.changed()
            return goal

    def measure(self, goal: Goal, progress: Decimal) -> None:
        """Somebody measured a goal's progress, 0 to 1, now."""
        with self.lock:
            goal.progress = progress
            goal.updated = goal.last_checkedin = self.clock.now().replace(microsecond=0)
            self.checkins.append((goal.id, progress))
            self.changed()

    def set_goal(self) -> Goal:
        """Sets a new goal, now."""
        with self.lock:
            now = self.clock.now().replace(microsecond=0)
            self._changes += 1
            goal = set_goal(self.organisation, now, seeded_rng(self._seed, "betterworks", "change", self._changes))
            self.changed()
            return goal
