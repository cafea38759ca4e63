"""Telling why a call failed, and what a user can do about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import requests

from tap_qa.errors import (
    CredentialsError,
    PermissionMissingError,
    RateLimitError,
    RequestRefusedError,
    ShapeError,
    UnavailableError,
    VendorError,
)
from tap_qa.http.failures import DoubtfulError, TransientError, UnreadableError

if TYPE_CHECKING:
    from tap_qa.http.surroundings import Patience


@dataclass(frozen=True)
class Hints:
    """What a user can do about the usual refusals of one vendor."""

    unauthorised: str = ""
    forbidden: str = ""
    not_found: str = ""


class Explanations:
    """Composes the errors of one vendor's client."""

    def __init__(self, vendor: str, hints: Hints, patience: Patience) -> None:
        """Prepare.

        Args:
            vendor: Its name.
            hints: What to do about refusals.
            patience: What was tried before giving up.
        """
        self.vendor = vendor
        self._hints = hints
        self._patience = patience

    def refusal(
        self, what: str, status: int, complaint: str = ""
    ) -> VendorError | CredentialsError | PermissionMissingError:
        """Compose the error for a status that no further try will change."""
        if status == requests.codes.unauthorized:
            return CredentialsError(self.vendor, f"HTTP 401, {what} was refused.", self._hints.unauthorised)
        if status == requests.codes.forbidden:
            return PermissionMissingError(self.vendor, f"HTTP 403, {what} is not allowed.", self._hints.forbidden)
        do = self._hints.not_found if status == requests.codes.not_found else ""
        what = f"HTTP {status}, {what} was refused."
        return RequestRefusedError(self.vendor, what, do, status=status, complaint=complaint)

    def gave_up(self, what: str, failure: TransientError) -> VendorError:
        """Compose the error for a call whose every try failed, at last with this."""
        tries = self._patience.tries
        if isinstance(failure, UnreadableError):
            return ShapeError(self.vendor, f"{what} got, at {tries} tries, {failure}.")
        return UnavailableError(
            self.vendor,
            f"{what} failed at {tries} tries, at last with: {failure}.",
            "Run again later; nothing that was read is lost.",
        )

    def doubtful(self, what: str, failure: TransientError) -> DoubtfulError:
        """Compose the error for a call that broke off and must not be repeated blindly."""
        what = f"{what} broke off ({failure}); whether it was carried out is unknown."
        return DoubtfulError(self.vendor, what)

    def too_long(self, wait: float) -> RateLimitError:
        """Compose the error for a wait, in seconds, that is longer than allowed."""
        return RateLimitError(
            self.vendor,
            f"its rate limit asks for a wait of {wait / 60:.0f} minutes, "
            f"more than max_wait_minutes allows ({self._patience.longest_wait_seconds / 60:.0f}).",
            "Run again later, or raise max_wait_minutes.",
        )
