"""Counts what became of a stream's records, for the log."""

from __future__ import annotations

import contextlib
import logging
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tap_qa.runtime.progress import StreamStats
from target_qa.errors import RefusedRecordsError
from target_qa.resources.resource import WriteResult

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from tap_qa.runtime.context import RunContext

logger = logging.getLogger("target-qa")
_IF_ANY = frozenset({WriteResult.DRY_RUN, WriteResult.DELETED_AT_SOURCE})


@dataclass
class SinkStats:
    """What became of one stream's records so far."""

    stream: str
    stats: StreamStats = field(init=False)
    outcomes: Counter[WriteResult] = field(default_factory=Counter)
    seconds: float = 0.0

    def __post_init__(self) -> None:
        """Start counting."""
        self.stats = StreamStats(self.stream, started=0.0)

    @contextlib.contextmanager
    def timed(self, run_context: RunContext) -> Iterator[None]:
        """Log the progress of this stream while the block runs, and count the time."""
        started = run_context.clock.monotonic()
        self.stats.started = self.stats.started or started
        run_context.progress.stats = self.stats
        try:
            yield
        finally:
            self.seconds += run_context.clock.monotonic() - started

    def count(self, outcome: WriteResult) -> None:
        """Count a record."""
        self.stats.rows += 1
        self.outcomes[outcome] += 1

    def line(self) -> str:
        """Return the log line of the stream."""
        counts = " ".join(
            f"{outcome.value.replace(' ', '_')}={self.outcomes[outcome]}"
            for outcome in WriteResult
            if outcome not in _IF_ANY or self.outcomes[outcome]
        )
        return f"{self.stream}: {counts} requests={self.stats.requests} seconds={self.seconds:.1f}"


def log_summary(all_stats: Iterable[SinkStats]) -> None:
    """Log how a run ended, a line a stream."""
    for stats in all_stats:
        logger.info("%s", stats.line())


def raise_if_rejected(all_stats: Iterable[SinkStats], dead_letters: Path) -> None:
    """End a run in which records were rejected.

    Raises:
        RefusedRecordsError: Some were.
    """
    refused = sum(stats.outcomes[WriteResult.REJECTED] for stats in all_stats)
    if refused:
        raise RefusedRecordsError(
            "target-qa",
            f"{refused} records were refused; all others were sent.",
            f"They are in {dead_letters}, each with its reason: correct them at their source and send them again.",
        )
