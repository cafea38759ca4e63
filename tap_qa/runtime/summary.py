"""The summary of a run: a log line for each stream and each failure, and one line of JSON for other programs."""

from __future__ import annotations

import contextlib
import json
import logging
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from singer_sdk.exceptions import MapExpressionError

from tap_qa.errors import CredentialsError, SyncFailedError, TapQAError
from tap_qa.runtime.exit_status import NEEDS_A_PERSON, RETRY_LATER

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from tap_qa.runtime.clock import Clock
    from tap_qa.runtime.progress import StreamStats

logger = logging.getLogger("tap-qa")

FINISHED = "finished"
RETRY = "retry"
"""It failed in a way that a later run may cure."""

FAILED = "failed"
"""It failed in a way that a person must see to."""

STOPPED = "stopped"
"""It did not come to its end: a signal, or a target that is gone."""


@dataclass(eq=False)
class StreamResult:
    """How one stream ended."""

    stats: StreamStats
    seconds: float = 0.0
    failure: Exception | None = None
    is_complete: bool = False

    @property
    def may_pass(self) -> bool:
        """Whether a later run may succeed without any action by a person."""
        return isinstance(self.failure, TapQAError) and self.failure.may_pass

    @property
    def outcome(self) -> str:
        """One of the constants above."""
        if self.failure is not None:
            return RETRY if self.may_pass else FAILED
        return FINISHED if self.is_complete else STOPPED

    def format_line(self) -> str:
        """Return the log line of the stream."""
        stats = self.stats
        verdict = "failed" if self.failure else "complete"
        return (
            f"{stats.stream}: {verdict}; rows={stats.rows} windows={stats.windows} requests={stats.requests} "
            f"seconds={self.seconds:.1f}"
        )

    def counts(self) -> dict[str, Any]:
        """Return what was counted."""
        stats = self.stats
        return {
            "rows": stats.rows,
            "windows": stats.windows,
            "requests": stats.requests,
            "seconds": round(self.seconds, 3),
        }


@dataclass
class RunSummary:
    """What a run did, as one line of JSON at the end of its log, whatever ends it."""

    clock: Clock
    results: Collection[StreamResult] = ()
    _started: float = field(init=False)

    def __post_init__(self) -> None:
        """Start counting the seconds."""
        self._started = self.clock.monotonic()

    @contextlib.contextmanager
    def written_last(self) -> Iterator[RunSummary]:
        """Write the line to the standard error when the block ends, whatever ends it."""
        outcome = STOPPED
        try:
            yield self
            outcome = FINISHED
        except SystemExit as end:
            outcome = RETRY if end.code == RETRY_LATER else FAILED if end.code == NEEDS_A_PERSON else STOPPED
            raise
        except Exception:
            outcome = FAILED
            raise
        finally:
            with contextlib.suppress(OSError, ValueError, AttributeError):  # its reader may be gone
                sys.stderr.write(self.line(outcome) + "\n")
                sys.stderr.flush()

    def line(self, outcome: str) -> str:
        """Compose the line; no run is finished in which a stream is not."""
        if outcome == FINISHED and any(result.outcome != FINISHED for result in self.results):
            outcome = STOPPED
        counts = [result.counts() for result in self.results]
        summary = {
            "outcome": outcome,
            **{name: sum(count[name] for count in counts) for name in ("rows", "windows", "requests")},
            "seconds": round(self.clock.monotonic() - self._started, 3),
            "streams": [
                {"stream": result.stats.stream, "outcome": result.outcome, **count}
                for result, count in zip(self.results, counts, strict=True)
            ],
        }
        return json.dumps(summary)


def format_failure(stream: str, failure: Exception) -> str:
    """Return the log line of a failure; never the text of an unforeseen exception, which may quote a value."""
    if isinstance(failure, TapQAError):
        text = str(failure)
        return text if text.startswith(stream) else f"{stream}: {text}"
    if isinstance(failure, MapExpressionError):  # it quotes the expression, nothing of a record
        return f"{stream}: its stream map can't be followed: {failure}"
    return (
        f"{stream}: an unforeseen {type(failure).__name__}. "
        "Run with TAP_QA_LOGLEVEL=DEBUG for its traceback and report it."
    )


def log_summary(results: Collection[StreamResult]) -> None:
    """Log how a run ended.

    Raises:
        SyncFailedError: Some streams failed.
    """
    failed = []
    for result in results:
        logger.info("%s", result.format_line())
        if result.failure is not None:
            failed.append(result)
        if texts := len(result.stats.repaired_texts):
            logger.warning(
                "%s: %d texts held characters or bytes that JSON does not allow; each is U+FFFD now.",
                result.stats.stream,
                texts,
            )
    for streams, failure in _unique_failures(failed):
        logger.error("%s", format_failure(", ".join(streams), failure))
    if failed:
        names = ", ".join(result.stats.stream for result in failed)
        raise SyncFailedError(
            "tap-qa",
            f"{len(failed)} of {len(results)} streams failed: {names}.",
            "What the others read is complete." if len(failed) < len(results) else "",
            may_pass=all(result.may_pass for result in failed),
        )


def _unique_failures(failed: Iterable[StreamResult]) -> Iterable[tuple[list[str], Exception]]:
    """Pair failures with their streams: credentials that a vendor rejects are one failure of many streams."""
    unique: dict[object, tuple[list[str], Exception]] = {}
    for result in failed:
        failure = result.failure
        assert failure is not None  # noqa: S101 - for the type checker
        key: object = failure.subject if isinstance(failure, CredentialsError) else result
        unique.setdefault(key, ([], failure))[0].append(result.stats.stream)
    return unique.values()
