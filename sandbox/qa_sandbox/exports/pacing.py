"""Rate limits as a vendor enforces them: at most so many calls in any window of so many seconds."""

from __future__ import annotations

import time
from collections import defaultdict, deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True)
class Limit:
    """At most `calls` in any `seconds` seconds."""

    calls: int
    seconds: float


@dataclass
class Pacer:
    """Admits or refuses calls per caller; a refused call does not count.

    Attributes:
        limits: All of them hold.
        clock: Seconds that only go forward; None switches the limits off.
        tolerance: Seconds by which a call may come early, as the network makes one that keeps the pace exactly.
    """

    limits: tuple[Limit, ...]
    clock: Callable[[], float] | None = time.monotonic
    tolerance: float = 0.05
    refused: int = 0
    _calls: dict[str, deque[float]] = field(default_factory=lambda: defaultdict(deque))

    def wait(self, caller: str) -> float:
        """Admit the call and return 0, or refuse it and return the seconds to wait."""
        if self.clock is None or not self.limits:
            return 0.0
        now = self.clock()
        calls = self._calls[caller]
        longest = max(limit.seconds for limit in self.limits)
        while calls and calls[0] <= now - longest:
            calls.popleft()
        wait = max(self._wait_for(limit, calls, now) for limit in self.limits)
        if wait > 0:
            self.refused += 1
            return wait
        calls.append(now)
        return 0.0

    def _wait_for(self, limit: Limit, calls: deque[float], now: float) -> float:
        if len(calls) < limit.calls:
            return 0.0
        wait = calls[-limit.calls] + limit.seconds - now
        return wait if wait > self.tolerance else 0.0
