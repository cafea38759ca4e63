"""What the jobs of all vendors have in common when they are asked for over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

import requests

from tap_qa.errors import PermissionMissingError, TapQAError, UnavailableError

if TYPE_CHECKING:
    from tap_qa.http.client import Client
    from tap_qa.http.failures import TransientError


class ClientJobs:
    """The part of a JobApi that follows from its client."""

    def __init__(self, client: Client) -> None:
        """Prepare to call by this client."""
        self.vendor = client.vendor
        self.client = client

    def busy(self) -> bool:
        """Tell that nothing is known of other jobs."""
        return False

    def wait_for(self, failure: TransientError, usual: float) -> float:
        """Return how many seconds to wait after a failure."""
        return self.client.wait_for(failure, usual)

    def gave_up(self, failure: TransientError, what: str) -> TapQAError:
        """Compose the error for a call whose every try failed."""
        if failure.status == requests.codes.forbidden:
            return PermissionMissingError(
                self.vendor, f"HTTP 403, again and again: {what}.", self.client.hints.forbidden
            )
        return UnavailableError(
            self.vendor,
            f"no use asking again for {what}: {failure}.",
            "Run again later; nothing that was read is lost.",
        )
