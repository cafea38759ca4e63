"""How a single attempt can fail; the client decides what follows."""

from __future__ import annotations

from typing_extensions import override

from tap_qa.errors import VendorError

TRANSIENT_STATUSES = frozenset({408, 425, 429, 500, 502, 503, 504})
OUTAGE_STATUSES = frozenset({502, 503, 504})
"""The statuses of a gateway whose vendor does not respond."""


class TransientError(Exception):
    """An attempt failed in a way that may pass; its text may be logged."""

    def __init__(
        self, what: str, wait: float | None = None, *, outcome_known: bool = True, status: int | None = None
    ) -> None:
        """Note what happened.

        Args:
            what: What happened.
            wait: The seconds to wait that the vendor demands, if it does.
            outcome_known: Whether the vendor is known to have acted on it or not.
            status: The HTTP status, if there was a response.
        """
        super().__init__(what)
        self.wait = wait
        self.outcome_known = outcome_known
        self.status = status

    @property
    def is_outage(self) -> bool:
        """Whether the vendor as a whole seems to be out of reach."""
        return self.status is None or self.status in OUTAGE_STATUSES


class UnreadableResponseError(TransientError):
    """A response came that is not what it should be: a login or maintenance page, cut off, or of another shape."""

    @property
    @override
    def is_outage(self) -> bool:
        return False


class BrokenTextError(UnreadableResponseError):
    """A response is what it should be, but for bytes that are no UTF-8."""


class OutcomeUnknownError(VendorError):
    """A request that is not idempotent got no response: whether the vendor carried it out is unknown."""

    may_pass = True
