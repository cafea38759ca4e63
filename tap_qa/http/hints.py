"""Why a request failed, and what a user can do about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import requests

from tap_qa.errors import (
    CredentialsError,
    PermissionDeniedError,
    RateLimitError,
    RequestRejectedError,
    UnavailableError,
    UnexpectedResponseError,
    VendorError,
)
from tap_qa.http.attempt_errors import (
    TRANSIENT_STATUSES,
    OutcomeUnknownError,
    TransientError,
    UnreadableResponseError,
)
from tap_qa.http.rate_limit_headers import demanded_wait

if TYPE_CHECKING:
    from datetime import datetime

    from tap_qa.http.request import Request, Response
    from tap_qa.runtime.context import RetryPolicy

_LATER = "Run again later; nothing that was read is lost."


@dataclass(frozen=True)
class Hints:
    """What a user can do about the usual rejections of one vendor."""

    unauthorised: str = ""
    forbidden: str = ""
    not_found: str = ""


class ErrorFactory:
    """Composes the errors of one vendor's client."""

    def __init__(self, vendor: str, hints: Hints, retry_policy: RetryPolicy) -> None:
        """Prepare.

        Args:
            vendor: Its name.
            hints: What to do about rejections.
            retry_policy: What was tried before giving up.
        """
        self.vendor = vendor
        self._hints = hints
        self._retry_policy = retry_policy

    def raise_for_status(self, what: str, request: Request, response: Response, *, now: datetime) -> None:
        """Raise for a response that is a rejection.

        Args:
            what: The request, for messages.
            request: The same.
            response: Its response.
            now: The vendor's time.
        """
        status = response.status
        if 200 <= status < 300:  # noqa: PLR2004 - the success class
            return
        throttled = status == requests.codes.forbidden and request.retry_on_403
        if status in TRANSIENT_STATUSES or throttled:
            message = f"HTTP {status}, which may be a throttle" if throttled else f"HTTP {status}"
            raise TransientError(message, demanded_wait(response.headers, now=now), status=status)
        raise self.rejection(what, status, error_body=response.body[:2000].decode("utf-8", "replace"))

    def rejection(
        self, what: str, status: int, error_body: str = ""
    ) -> VendorError | CredentialsError | PermissionDeniedError:
        """Compose the error for a status that a retry will not change."""
        if status == requests.codes.unauthorized:
            return CredentialsError(self.vendor, f"HTTP 401, {what} was refused.", self._hints.unauthorised)
        if status == requests.codes.forbidden:
            return PermissionDeniedError(self.vendor, f"HTTP 403, {what} is not allowed.", self._hints.forbidden)
        do = self._hints.not_found if status == requests.codes.not_found else ""
        what = f"HTTP {status}, {what} was refused."
        return RequestRejectedError(self.vendor, what, do, status=status, error_body=error_body)

    def retries_exhausted_error(self, what: str, failure: TransientError, attempts: int) -> VendorError:
        """Compose the error for a request whose every attempt failed, at last with this."""
        if isinstance(failure, UnreadableResponseError):
            return UnexpectedResponseError(self.vendor, f"{what} got, at {attempts} attempts, {failure}.")
        problem = f"failed at {attempts} attempts, at last with" if attempts > 1 else "failed at the only attempt"
        return UnavailableError(self.vendor, f"{what} {problem}: {failure}.", _LATER)

    def still_unreachable_error(self, failure: TransientError) -> UnavailableError:
        """Compose the error for a request to a vendor that was unreachable before."""
        return UnavailableError(self.vendor, f"it is still out of reach: {failure}.", _LATER)

    def outcome_unknown_error(self, what: str, failure: TransientError) -> OutcomeUnknownError:
        """Compose the error for a request that got no response and is not idempotent."""
        what = f"{what} broke off ({failure}); whether it was carried out is unknown."
        return OutcomeUnknownError(self.vendor, what)

    def wait_too_long_error(self, wait: float) -> RateLimitError:
        """Compose the error for a wait, in seconds, that is longer than allowed."""
        return RateLimitError(
            self.vendor,
            f"its rate limit asks for a wait of {wait / 60:.0f} minutes, "
            f"more than max_wait_minutes allows ({self._retry_policy.max_wait_seconds / 60:.0f}).",
            "Run again later, or raise max_wait_minutes.",
        )
