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
from tap_qa.http.attempt_errors import OutcomeUnknownError, TransientError, UnreadableResponseError

if TYPE_CHECKING:
    from tap_qa.runtime.context import RetryPolicy


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
        self._patience = retry_policy

    def rejection(
        self, what: str, status: int, complaint: str = ""
    ) -> VendorError | CredentialsError | PermissionDeniedError:
        """Compose the error for a status that no further try will change."""
        if status == requests.codes.unauthorized:
            return CredentialsError(self.vendor, f"HTTP 401, {what} was refused.", self._hints.unauthorised)
        if status == requests.codes.forbidden:
            return PermissionDeniedError(self.vendor, f"HTTP 403, {what} is not allowed.", self._hints.forbidden)
        do = self._hints.not_found if status == requests.codes.not_found else ""
        what = f"HTTP {status}, {what} was refused."
        return RequestRejectedError(self.vendor, what, do, status=status, error_body=complaint)

    def gave_up(self, what: str, failure: TransientError) -> VendorError:
        """Compose the error for a request whose every attempt failed, at last with this."""
        attempts = self._patience.max_attempts
        if isinstance(failure, UnreadableResponseError):
            return UnexpectedResponseError(self.vendor, f"{what} got, at {attempts} tries, {failure}.")
        return UnavailableError(
            self.vendor,
            f"{what} failed at {attempts} tries, at last with: {failure}.",
            "Run again later; nothing that was read is lost.",
        )

    def doubtful(self, what: str, failure: TransientError) -> OutcomeUnknownError:
        """Compose the error for a request that got no response and must not be repeated blindly."""
        what = f"{what} broke off ({failure}); whether it was carried out is unknown."
        return OutcomeUnknownError(self.vendor, what)

    def wait_too_long_error(self, wait: float) -> RateLimitError:
        """Compose the error for a wait, in seconds, that is longer than allowed."""
        return RateLimitError(
            self.vendor,
            f"its rate limit asks for a wait of {wait / 60:.0f} minutes, "
            f"more than max_wait_minutes allows ({self._patience.longest_wait_seconds / 60:.0f}).",
            "Run again later, or raise max_wait_minutes.",
        )
