"""The end of a run, for the person who looks at the log: one line a stream, one more for each failure."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from singer_sdk.exceptions import MapExpressionError

from tap_qa.errors import CredentialsError, SyncFailedError, TapQAError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tap_qa.runtime.progress import StreamStats

logger = logging.getLogger("tap-qa")


@dataclass(eq=False)
class StreamResult:
    """How one stream ended."""

    stats: StreamStats
    seconds: float = 0.0
    failure: Exception | None = None

    def format_line(self) -> str:
        """Say it in one line."""
        stats = self.stats
        verdict = "failed" if self.failure else "complete"
        return (
            f"{stats.stream}: {verdict}; rows={stats.rows} windows={stats.windows} requests={stats.requests} "
            f"seconds={self.seconds:.1f}"
        )


def format_failure(stream: str, failure: Exception) -> str:
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


def log_summary(outcomes: Iterable[StreamResult]) -> None:
    """Log how a run ended.

    Raises:
        SyncFailedError: Some streams failed.
    """
    failed = []
    for outcome in outcomes:
        logger.info("%s", outcome.format_line())
        if outcome.failure is not None:
            failed.append(outcome)
        if texts := len(outcome.stats.repaired_texts):
            logger.warning(
                "%s: %d texts held characters or bytes that JSON does not allow; each is U+FFFD now.",
                outcome.stats.stream,
                texts,
            )
    for streams, failure in _told_once(failed):
        logger.error("%s", format_failure(", ".join(streams), failure))
    if failed:
        names = ", ".join(outcome.stats.stream for outcome in failed)
        raise SyncFailedError("tap-qa", f"{len(failed)} streams failed: {names}.", "What the others read is complete.")


def _told_once(failed: Iterable[StreamResult]) -> Iterable[tuple[list[str], Exception]]:
    """Pair failures with their streams: one for each stream, but credentials that a vendor refuses are one failure."""
    told: dict[object, tuple[list[str], Exception]] = {}
    for outcome in failed:
        failure = outcome.failure
        assert failure is not None  # noqa: S101 - for the type checker
        what: object = failure.subject if isinstance(failure, CredentialsError) else outcome
        told.setdefault(what, ([], failure))[0].append(outcome.stats.stream)
    return told.values()
