"""Time, as the one thing that nothing else in the package reads for itself."""

from __future__ import annotations

import time
from datetime import datetime, timezone
from typing import Protocol


class Clock(Protocol):
    """What the package needs to know of time; tests hand in one that they move."""

    def now(self) -> datetime:
        """Return this machine's idea of the instant, aware and in UTC."""
        ...

    def monotonic(self) -> float:
        """Return seconds that only ever grow; their zero means nothing."""
        ...

    def sleep(self, seconds: float) -> None:
        """Return after that many seconds (at once if none are left)."""
        ...


class SystemClock:
    """The clock of this machine."""

    def now(self) -> datetime:
        """Return the machine's time in UTC."""
        return datetime.now(timezone.utc)

    def monotonic(self) -> float:
        """Return the machine's monotonic seconds."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Sleep; a signal handler that raises ends the sleep at once."""
        if seconds > 0:
            time.sleep(seconds)
