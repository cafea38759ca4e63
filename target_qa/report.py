"""How a stream's records fared, for the person who looks at the log."""

from __future__ import annotations

import contextlib
import logging
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tap_qa.progress import Tally
from target_qa.destination import Outcome
from target_qa.errors import RefusedRecordsError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from tap_qa.http.surroundings import Surroundings

logger = logging.getLogger("target-qa")


@dataclass
class Report:
    """What became of one stream's records so far."""

    stream: str
    tally: Tally = field(init=False)
    outcomes: Counter[Outcome] = field(default_factory=Counter)
    seconds: float = 0.0

    def __post_init__(self) -> None:
        """Start counting."""
        self.tally = Tally(self.stream, started=0.0)

    @contextlib.contextmanager
    def timed(self, around: Surroundings) -> Iterator[None]:
        """Let the progress tell of this stream while the block runs, and count the time."""
        started = around.clock.monotonic()
        self.tally.started = self.tally.started or started
        around.progress.tally = self.tally
        try:
            yield
        finally:
            self.seconds += around.clock.monotonic() - started

    def count(self, outcome: Outcome) -> None:
        """Count a record."""
        self.tally.rows += 1
        self.outcomes[outcome] += 1

    def line(self) -> str:
        """Say it in one line."""
        counts = " ".join(
            f"{outcome.value.replace(' ', '_')}={self.outcomes[outcome]}"
            for outcome in Outcome
            if outcome is not Outcome.SHOWN or self.outcomes[outcome]
        )
        return f"{self.stream}: {counts} requests={self.tally.requests} seconds={self.seconds:.1f}"


def tell(reports: Iterable[Report]) -> None:
    """Log how a run ended, a line a stream."""
    for report in reports:
        logger.info("%s", report.line())


def fail_if_refused(reports: Iterable[Report], dead_letters: Path) -> None:
    """End a run in which records were refused.

    Raises:
        RefusedRecordsError: Some were.
    """
    refused = sum(report.outcomes[Outcome.REFUSED] for report in reports)
    if refused:
        raise RefusedRecordsError(
            "target-qa",
            f"{refused} records were refused; all others were sent.",
            f"They are in {dead_letters}, each with its reason: mend them at their source and send them again.",
        )
