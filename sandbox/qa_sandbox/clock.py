"""The vendors' clock: the only module of the sandbox that reads the time."""

from __future__ import annotations

import time
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime

DEFAULT_START = datetime(2026, 6, 15, 6, 0, tzinfo=timezone.utc)
"""Where a sandbox's time begins unless told otherwise; fixed, so that the same seed gives the same rows."""


class SandboxClock:
    """Time as the vendors see it: it can be moved on, and frozen."""

    def __init__(self, start: datetime | None = None, *, frozen: bool = False) -> None:
        """Set the clock.

        Args:
            start: The instant it shows at first; aware. Default `DEFAULT_START`.
            frozen: Whether it moves only by `advance`; else it also runs with real time.
        """
        self.start = (start or DEFAULT_START).astimezone(timezone.utc)
        self._shift = timedelta()
        self._frozen = frozen
        self._origin = real_monotonic()

    def now(self) -> datetime:
        """The present instant, in UTC."""
        running = timedelta() if self._frozen else timedelta(seconds=real_monotonic() - self._origin)
        return self.start + self._shift + running

    def monotonic(self) -> float:
        """Seconds since the start; the counterpart of `sleep` for code that takes an injected clock."""
        return (self.now() - self.start).total_seconds()

    def advance(self, by: timedelta) -> None:
        """Moves time on (or back, if negative) at once."""
        self._shift += by

    def sleep(self, seconds: float) -> None:
        """Passes the time without waiting; to be injected where a client would sleep."""
        self.advance(timedelta(seconds=max(seconds, 0)))

    def http_date(self, ahead: timedelta = timedelta()) -> str:
        """The present instant, or one `ahead` of it, as headers show it."""
        return http_date(self.now() + ahead)


def http_date(instant: datetime) -> str:
    """An instant in UTC as HTTP headers show it."""
    return format_datetime(instant.replace(microsecond=0), usegmt=True)


def real_monotonic() -> float:
    """Seconds of the machine's monotonic clock, for pacing as it really was."""
    return time.monotonic()


def real_now() -> datetime:
    """The machine's own time, in UTC."""
    return datetime.now(timezone.utc)
