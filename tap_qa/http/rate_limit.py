"""Keeps within a vendor's published rate limits, so that it never has to reject a request."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

_MARGIN_SHARE = 0.05
_MIN_MARGIN_SECONDS = 0.05


@dataclass(frozen=True)
class RateLimit:
    """At most `requests` within any `seconds`."""

    requests: int
    seconds: float

    @property
    def kept_seconds(self) -> float:
        """The period that is kept: a little longer, since requests may arrive closer together than they were sent."""
        return self.seconds + max(_MARGIN_SHARE * self.seconds, _MIN_MARGIN_SECONDS)


class RateLimiter:
    """Computes when the next request of one kind may be sent, by sliding windows over those already sent."""

    def __init__(self, *rates: RateLimit) -> None:
        """Keep all of these rates at once."""
        self._rates = rates
        self._sent: deque[float] = deque(maxlen=max((rate.requests for rate in rates), default=1))

    def delay(self, now: float) -> float:
        """Return how many seconds the next request has to wait.

        Args:
            now: The monotonic time, in seconds.
        """
        delay = 0.0
        for rate in self._rates:
            if len(self._sent) >= rate.requests:
                delay = max(delay, self._sent[-rate.requests] + rate.kept_seconds - now)
        return delay

    def record(self, now: float) -> None:
        """Count a request that goes out now (monotonic seconds)."""
        self._sent.append(now)
