"""Logs what a long run is doing.

A thread of its own logs a line when there was none for a while, so that neither a slow response nor a long
wait is ever silent, however the main thread spends its time.
"""

from __future__ import annotations

import logging
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tap_qa.runtime.clock import Clock

logger = logging.getLogger("tap-qa.progress")
SECONDS_BETWEEN_LINES = 20.0


@dataclass
class StreamStats:
    """What one stream has done so far."""

    stream: str
    started: float
    rows: int = 0
    windows: int = 0
    windows_planned: int = 0
    requests: int = 0
    repaired_texts: set[int] = field(default_factory=set)
    """Hashes of texts that vendors wrote in a way that JSON does not allow."""


@dataclass
class Progress:
    """What the run does now, and when that was last logged."""

    clock: Clock
    stats: StreamStats | None = None
    _waits: list[tuple[str, float]] = field(default_factory=list)
    _last_logged_at: float | None = None
    _stop: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def waiting(self, what: str, seconds: float) -> Iterator[None]:
        """Log, while the block runs, that `what` is waited for, for about `seconds`."""
        wait = (what, self.clock.monotonic() + seconds)
        self._waits.append(wait)
        try:
            yield
        finally:
            self._waits.remove(wait)

    def line(self) -> str | None:
        """Compose the line for now; None if nothing is going on."""
        now = self.clock.monotonic()
        stats, waits = self.stats, list(self._waits)
        parts = []
        if stats is not None:
            rate = stats.rows / max(now - stats.started, 0.001)
            window = f"window {stats.windows + 1} of {stats.windows_planned}, " if stats.windows_planned else ""
            parts.append(f"{stats.stream}: {window}{stats.rows} rows, {rate:.0f} rows/s, {stats.requests} requests")
        if waits:
            what, until = waits[-1]
            left = max(until - now, 0)
            at = self.clock.now() + timedelta(seconds=left)
            parts.append(f"waiting for {what}, at most until {at:%H:%M:%S} UTC")
        return "; ".join(parts) or None

    def log_if_due(self) -> None:
        """Log a line if the last one was long enough ago."""
        now = self.clock.monotonic()
        if self._last_logged_at is None:
            self._last_logged_at = now
        if now - self._last_logged_at < SECONDS_BETWEEN_LINES:
            return
        line = self.line()
        if line is not None:
            self._last_logged_at = now
            logger.info("%s", line)

    @contextmanager
    def logged_periodically(self) -> Iterator[None]:
        """Log the progress periodically while the block runs."""
        thread = threading.Thread(target=self._log_until_stopped, name="progress", daemon=True)
        self._stop.clear()
        thread.start()
        try:
            yield
        finally:
            self._stop.set()

    def _log_until_stopped(self) -> None:
        while not self._stop.wait(1.0):
            self.log_if_due()
