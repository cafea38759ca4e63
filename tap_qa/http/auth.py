"""Authenticates requests: headers that add credentials, and tokens that are refreshed."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from tap_qa.errors import CredentialsError, PermissionDeniedError, RequestRejectedError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tap_qa.errors import TapQAError
    from tap_qa.runtime.clock import Clock

REFRESH_EARLY_SECONDS = 60.0


class Auth(Protocol):
    """What a client calls before each request, and after a 401."""

    def headers(self) -> Mapping[str, str]:
        """Return the headers that add credentials."""
        ...

    def refresh(self) -> bool:
        """Drop rejected credentials; return whether a repeat with new ones makes sense."""
        ...


class NoAuth:
    """For requests without credentials."""

    def headers(self) -> Mapping[str, str]:
        """Return nothing."""
        return {}

    def refresh(self) -> bool:
        """Return that there is nothing to refresh."""
        return False


@dataclass(frozen=True)
class StaticHeader:
    """One header that holds a long-lived token."""

    name: str
    value: str

    def headers(self) -> Mapping[str, str]:
        """Return the header."""
        return {self.name: self.value}

    def refresh(self) -> bool:
        """Return that a token made by hand can't be refreshed by the tap."""
        return False


@dataclass(frozen=True)
class Token:
    """A token as the vendor issued it."""

    text: str
    lifetime_seconds: float


def lifetime_seconds(claimed: Any, *, usual: float) -> float:  # noqa: ANN401 - JSON
    """Return a token's lifetime in seconds.

    Args:
        claimed: What the vendor says, if anything.
        usual: What to return if that is no lifetime.
    """
    try:
        seconds = float(claimed)
    except (TypeError, ValueError, OverflowError):
        return usual
    return seconds if seconds > 0 and math.isfinite(seconds) else usual


class BearerAuth:
    """A short-lived token, fetched when first needed, shared by a vendor's streams and refreshed a little early."""

    def __init__(self, fetch: Callable[[], Token], clock: Clock) -> None:
        """Prepare.

        Args:
            fetch: Gets a new token from the vendor.
            clock: Its monotonic time decides when a token is too old: a wall clock may be set back.
        """
        self._fetch = fetch
        self._clock = clock
        self._token: Token | None = None
        self._use_until = 0.0
        self._rejection: TapQAError | None = None

    def headers(self) -> Mapping[str, str]:
        """Return the `Authorization` header, with a new token if the old one is about to expire.

        Raises:
            TapQAError: There is no token. If the vendor rejected the credentials, they are not sent again.
        """
        if self._rejection is not None:
            raise self._rejection
        if self._token is None or self._clock.monotonic() >= self._use_until:
            requested_at = self._clock.monotonic()
            try:
                self._token = self._fetch()
            except (CredentialsError, PermissionDeniedError, RequestRejectedError) as rejection:
                self._rejection = rejection
                raise
            lifetime = self._token.lifetime_seconds
            self._use_until = requested_at + lifetime - min(REFRESH_EARLY_SECONDS, lifetime / 10)
        return {"Authorization": f"Bearer {self._token.text}"}

    def refresh(self) -> bool:
        """Forget the token; the next request fetches a new one."""
        self._token = None
        return True
