"""`--test`: checks in seconds whether each selected stream can be read, with a verdict for each vendor."""

from __future__ import annotations

import contextlib
import logging
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING

from singer_sdk.exceptions import AbortedSyncFailedException, AbortedSyncPausedException

from tap_qa.errors import SyncFailedError
from tap_qa.runtime.summary import format_failure

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from tap_qa.runtime.context import RetryPolicy
    from tap_qa.streams.base import QAStream

logger = logging.getLogger("tap-qa")
_MAX_ATTEMPTS = 2
_MAX_WAIT_SECONDS = 60.0
_CONNECT_TIMEOUT_SECONDS = 4.0
_READ_TIMEOUT_SECONDS = 30.0


def quick(policy: RetryPolicy) -> RetryPolicy:
    """Return a retry policy for somebody who sits and waits."""
    return replace(
        policy,
        max_attempts=min(policy.max_attempts, _MAX_ATTEMPTS),
        max_wait_seconds=min(policy.max_wait_seconds, _MAX_WAIT_SECONDS),
        connect_timeout_seconds=min(policy.connect_timeout_seconds, _CONNECT_TIMEOUT_SECONDS),
        read_timeout_seconds=min(policy.read_timeout_seconds, _READ_TIMEOUT_SECONDS),
    )


def check_streams(
    streams: Iterable[QAStream], titles: Mapping[str, str], most_records: int | None, unreachable: Collection[str]
) -> None:
    """Read a few records of each stream and log how it went, at last a line for each vendor.

    Args:
        streams: The streams.
        titles: The vendors' names for people.
        most_records: How many records of each.
        unreachable: The titles of vendors that turned out not to be there; it grows on the way.

    Raises:
        SyncFailedError: Some streams failed; all was logged.
    """
    with _without_metrics():
        verdicts, failed = _check_all(streams, titles, most_records, unreachable)
    for level, verdict in verdicts:
        logger.log(level, "%s", verdict)
    if failed:
        raise SyncFailedError("tap-qa", f"the test of {', '.join(failed)} failed.")


def _check_all(
    streams: Iterable[QAStream], titles: Mapping[str, str], most_records: int | None, unreachable: Collection[str]
) -> tuple[list[tuple[int, str]], list[str]]:
    """Return the verdict of each vendor, with its level, and the names of the streams that failed."""
    verdicts: list[tuple[int, str]] = []
    failed: list[str] = []
    for vendor, own in groupby(streams, key=lambda stream: stream.vendor):
        title = titles[vendor]
        failures: dict[str, Exception] = {}
        count = 0
        for count, stream in enumerate(own, 1):  # noqa: B007 - needed below
            stream.selected = True
            if failures and title in unreachable:  # each further stream would wait for the same
                failures[stream.name] = next(iter(failures.values()))
            elif (failure := _check(stream, most_records)) is not None:
                failures[stream.name] = failure
        if failures:
            reason = format_failure(title, next(iter(failures.values())))
            verdicts.append((logging.ERROR, f"{reason} ({len(failures)} of {count} streams failed)"))
            failed += failures
        else:
            verdicts.append((logging.INFO, f"{title}: connection test passed ({count} streams)"))
    return verdicts, failed


@contextlib.contextmanager
def _without_metrics() -> Iterator[None]:
    """Silence the SDK's metrics: they call a stream failed that was stopped after enough records."""
    metrics = logging.getLogger("singer_sdk.metrics")
    metrics.disabled = True
    try:
        yield
    finally:
        metrics.disabled = False


def _check(stream: QAStream, most_records: int | None) -> Exception | None:
    """Read a few records of a stream, and log how it went."""
    stream.ABORT_AT_RECORD_COUNT = most_records
    try:
        with contextlib.suppress(AbortedSyncFailedException, AbortedSyncPausedException):
            stream.sync()
    except Exception as failure:
        logger.debug("%s failed", stream.name, exc_info=failure)
        logger.error("%s", format_failure(stream.name, failure))  # noqa: TRY400 - in words for a person
        return failure
    logger.info("%s: connection test passed", stream.name)
    return None
