"""Delays requests until a vendor's rate limits allow them: those it publishes, and those its responses state."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tap_qa.http.rate_limit_headers import is_quota_low, quota_reset_delay

if TYPE_CHECKING:
    from datetime import datetime

    from tap_qa.http.hints import ErrorFactory
    from tap_qa.http.request import Request, Response
    from tap_qa.runtime.context import RunContext


class Throttle:
    """The rate limits of one vendor's client."""

    def __init__(self, vendor: str, errors: ErrorFactory, run_context: RunContext) -> None:
        """Prepare.

        Args:
            vendor: Its name, for what is waited for.
            errors: Composes the error for a wait that is too long.
            run_context: Clock, waiter and the longest wait.
        """
        self._vendor = vendor
        self._errors = errors
        self._run_context = run_context
        self._blocked_until = 0.0
        self._quota_low = False

    @property
    def allows_guesses(self) -> bool:
        """Whether the quota allows requests for pages that are only likely to be needed."""
        return not self._quota_low and self._blocked_until <= self._run_context.clock.monotonic()

    def delay(self, request: Request) -> float:
        """Return how many seconds this request has to wait, if it were sent now."""
        now = self._run_context.clock.monotonic()
        paced = request.rate_limiter.delay(now) if request.rate_limiter is not None else 0.0
        return max(self._blocked_until - now, paced, 0.0)

    def wait(self, request: Request) -> None:
        """Return when this request may go out; it counts as sent then.

        Raises:
            RateLimitError: That is later than the settings allow.
        """
        clock, waiter = self._run_context.clock, self._run_context.waiter
        blocked = self._blocked_until - clock.monotonic()
        if blocked > self._run_context.retry_policy.max_wait_seconds:
            raise self._errors.wait_too_long_error(blocked)
        if blocked > 0:
            waiter.wait(blocked, f"{self._vendor}'s rate limit to be reset")
        if request.rate_limiter is not None:
            while (delay := request.rate_limiter.delay(clock.monotonic())) > 0:
                waiter.wait(delay, f"{self._vendor}'s pace")
            request.rate_limiter.record(clock.monotonic())

    def observe(self, response: Response, *, now: datetime, is_transient: bool) -> None:
        """Note what a response says about the limits.

        Args:
            response: Any response.
            now: The vendor's time.
            is_transient: Whether it is a failure that may pass; then only its sender waits as it demands.
        """
        self._quota_low = is_quota_low(response.headers, now=now)
        wait = quota_reset_delay(response.headers, now=now)
        if wait and not is_transient:
            self._blocked_until = self._run_context.clock.monotonic() + wait
