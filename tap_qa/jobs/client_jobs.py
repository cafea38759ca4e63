"""What the jobs of all vendors have in common when they are requested over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

import requests

from tap_qa.errors import PermissionDeniedError, TapQAError, UnavailableError

if TYPE_CHECKING:
    from tap_qa.http.attempt_errors import TransientError
    from tap_qa.http.client import Client


class ClientJobs:
    """The part of a JobApi that follows from its client."""

    def __init__(self, client: Client) -> None:
        """Send all requests by this client."""
        self.vendor = client.vendor
        self.client = client

    def has_running_job(self) -> bool:
        """Return that nothing is known of other jobs."""
        return False

    def retry_delay(self, failure: TransientError, usual: float) -> float:
        """Return how many seconds to wait after a failure."""
        return self.client.retry_delay(failure, usual)

    def retries_exhausted_error(self, failure: TransientError, what: str) -> TapQAError:
        """Compose the error for a request whose every attempt failed."""
        self.client.remember_outage(failure)
        if failure.status == requests.codes.forbidden:
            return PermissionDeniedError(
                self.vendor, f"HTTP 403, again and again: {what}.", self.client.hints.forbidden
            )
        return UnavailableError(
            self.vendor,
            f"no use asking again for {what}: {failure}.",
            "Run again later; nothing that was read is lost.",
        )
