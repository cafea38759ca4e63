"""The end of a run, for the person who looks at the log: one line a stream, one more for each failure."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from singer_sdk.exceptions import MapExpressionError

from tap_qa.errors import SyncFailedError, TapQAError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tap_qa.progress import Tally

logger = logging.getLogger("tap-qa")


@dataclass
class Outcome:
    """How one stream ended."""

    tally: Tally
    seconds: float = 0.0
    failure: Exception | None = None

    def line(self) -> str:
        """Say it in one line."""
        tally = self.tally
        verdict = "failed" if self.failure else "complete"
        return (
            f"{tally.stream}: {verdict}; rows={tally.rows} windows={tally.windows} requests={tally.requests} "
            f"seconds={self.seconds:.1f}"
        )


def failure_line(stream: str, failure: Exception) -> str:
    """Say what a stream failed of, without what an unforeseen exception may quote."""
    if isinstance(failure, TapQAError):
        text = str(failure)
        return text if text.startswith(stream) else f"{stream}: {text}"
    if isinstance(failure, MapExpressionError):  # it quotes the expression, nothing of a record
        return f"{stream}: its stream map can't be followed: {failure}"
    return (
        f"{stream}: an unforeseen {type(failure).__name__}. "
        "Run with TAP_QA_LOGLEVEL=DEBUG for its traceback and report it."
    )


def tell(outcomes: Iterable[Outcome]) -> None:
    """Log how a run ended.

    Raises:
        SyncFailedError: Some streams failed.
    """
    failed = []
    for outcome in outcomes:
        logger.info("%s", outcome.line())
        if outcome.failure is not None:
            failed.append(outcome)
    for outcome in failed:
        assert outcome.failure is not None  # noqa: S101 - for the type checker
        logger.error("%s", failure_line(outcome.tally.stream, outcome.failure))
    if failed:
        names = ", ".join(outcome.tally.stream for outcome in failed)
        raise SyncFailedError("tap-qa", f"{len(failed)} streams failed: {names}.", "What the others read is complete.")
