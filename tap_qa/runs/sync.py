"""One run of the selected streams: which stream's turn it is, and failures that stay with their stream."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from tap_qa.runtime.summary import StreamResult, log_summary

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tap_qa.streams.base import QAStream
    from tap_qa.streams.host import StreamHost

logger = logging.getLogger("tap-qa")
_MAX_WAIT_SECONDS = 3600.0


class SyncRun:
    """Reads streams; a failure of one leaves the others alone."""

    def __init__(self, host: StreamHost, streams: Sequence[QAStream]) -> None:
        """Prepare to read these streams, in this order."""
        self._host = host
        self._context = host.run_context
        self._streams = streams
        self._results = {stream.name: StreamResult(stream.stats) for stream in streams}

    @property
    def results(self) -> list[StreamResult]:
        """How the streams ended, or how far they are."""
        return list(self._results.values())

    def run(self) -> None:
        """Read all streams and log a summary.

        Raises:
            SyncFailedError: Some streams failed; each failure was logged.
        """
        try:
            with self._context.progress.logged_periodically():
                self._read_all()
        finally:
            # Some targets print the state only if it is the last line.
            self._host.write_state()
        log_summary(self.results)

    def _read_all(self) -> None:
        for stream in self._streams:
            self._run_isolated(stream, stream.prefetch)
        groups: dict[str, list[QAStream]] = {}
        for stream in self._streams:
            groups.setdefault(stream.turn_group or stream.name, []).append(stream)
        # Streams that take turns wait for jobs at the vendor, so they are read last.
        for group in sorted(groups.values(), key=lambda streams: streams[0].turn_group is not None):
            waiting = list(group)
            while waiting:
                stream = self._next_ready_stream(waiting)
                waiting.remove(stream)
                if self._sync_once(stream):
                    waiting.append(stream)
        for stream in self._streams:
            stream.key_conflicts.log_count()

    def _next_ready_stream(self, waiting: list[QAStream]) -> QAStream:
        """Return the first stream that need not wait for its vendor, once there is one."""
        if len(waiting) > 1:
            self._context.waiter.wait_until(
                lambda: any(stream.is_ready for stream in waiting), _MAX_WAIT_SECONDS, "the vendors' jobs"
            )
        return next((stream for stream in waiting if stream.is_ready), waiting[0])

    def _sync_once(self, stream: QAStream) -> bool:
        """Give a stream a turn; return whether it needs another."""
        if not self._run_isolated(stream, stream.sync):
            return False
        self._results[stream.name].is_complete = not stream.has_more
        return stream.has_more

    def _run_isolated(self, stream: QAStream, step: Callable[[], Any]) -> bool:
        """Run a step of a stream, unless the stream has failed; return whether it succeeded."""
        result = self._results[stream.name]
        if result.failure is not None:
            return False
        clock = self._context.clock
        started = clock.monotonic()
        stream.stats.started = stream.stats.started or started
        try:
            self._context.progress.stats = stream.stats
            self._host.connection(stream.vendor).track_requests(stream.stats)
            step()
        except Exception as failure:
            result.failure = failure
            logger.debug("%s failed", stream.name, exc_info=failure)
            stream.cancel()
            return False
        finally:
            self._context.progress.stats = None
            result.seconds += clock.monotonic() - started
        return True
