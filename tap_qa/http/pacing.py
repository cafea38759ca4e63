"""Keeping within a vendor's published rates, so that it never has to refuse."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass


@dataclass(frozen=True)
class Rate:
    """At most `calls` within any `seconds`."""

    calls: int
    seconds: float


class Pacer:
    """Tells when the next call of one kind may go out, by sliding windows over the calls that went."""

    def __init__(self, *rates: Rate) -> None:
        """Keep all of the given rates at once."""
        self._rates = rates
        self._calls: deque[float] = deque(maxlen=max((rate.calls for rate in rates), default=1))

    def delay(self, now: float) -> float:
        """Return how many seconds the next call has to wait.

        Args:
            now: The monotonic time, in seconds.
        """
        delay = 0.0
        for rate in self._rates:
            if len(self._calls) >= rate.calls:
                delay = max(delay, self._calls[-rate.calls] + rate.seconds - now)
        return delay

    def note(self, now: float) -> None:
        """Count a call that goes out now (monotonic seconds)."""
        self._calls.append(now)
