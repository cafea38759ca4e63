"""Scorebuddy's API: its address, its token and its scopes."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from tap_qa.errors import CredentialsError, PermissionMissingError, RequestRefusedError
from tap_qa.http.auth import BearerAuth, NoAuth, Token, lifetime_seconds
from tap_qa.http.call import Call
from tap_qa.http.client import Client
from tap_qa.http.explanations import Hints
from tap_qa.vendor_clock import VendorClock
from tap_qa.vendors.scorebuddy.scopes import SCOPES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tap_qa.http.surroundings import Surroundings
    from tap_qa.progress import Tally

logger = logging.getLogger("tap-qa.scorebuddy")
TITLE = "Scorebuddy"
DEFAULT_TOKEN_SECONDS = 3600.0


def connect(config: Mapping[str, Any], around: Surroundings, read: frozenset[str]) -> Scorebuddy:
    """Prepare for an instance; nothing is sent yet."""
    return Scorebuddy(config, around, scopes=sorted({SCOPES[name] for name in read}))


def base_url(url: str) -> str:
    """Return the root of the API for any of the forms in which people give an instance's URL."""
    return f"{url.strip().rstrip('/').removesuffix('/api/v1').rstrip('/')}/api/v1"


class Scorebuddy:
    """One Scorebuddy instance."""

    def __init__(self, config: Mapping[str, Any], around: Surroundings, *, scopes: Sequence[str]) -> None:
        """Prepare.

        Args:
            config: The settings of the vendor.
            around: What all clients share.
            scopes: What the streams of this run need.
        """
        self._config = config
        self._around = around
        self._scopes = list(scopes)
        self.export_page_size: int = config["export_page_size"]
        self.vendor_clock = VendorClock(TITLE, around.clock)
        url = base_url(config["url"])
        hints = Hints(
            unauthorised="Check scorebuddy.client_id and scorebuddy.client_secret.",
            forbidden="Give the API client the scope that the stream needs (Admin > Developers > API Clients).",
            not_found="Check scorebuddy.url: it is the address of your instance, with its number.",
        )
        self._door = Client(TITLE, url, auth=NoAuth(), around=around, vendor_clock=self.vendor_clock, hints=hints)
        self.client = Client(
            TITLE,
            url,
            auth=BearerAuth(self._token, around.clock),
            around=around,
            vendor_clock=self.vendor_clock,
            hints=hints,
        )

    def greet(self) -> None:
        """Fetch the token, whose answer tells the time."""
        self.client.auth.headers()

    def count_for(self, tally: Tally | None) -> None:
        """Count requests for this stream."""
        self._door.tally = self.client.tally = tally

    # The token

    def _token(self) -> Token:
        """Fetch a token for the scopes of this run's streams.

        A client need not hold all of them, and Scorebuddy does not document what it answers then. So if it refuses
        them together, they are tried one by one, and the streams whose scope is missing fail by themselves.
        """
        try:
            return self._token_for(self._scopes)
        except (RequestRefusedError, PermissionMissingError):
            granted = [scope for scope in self._scopes if self._grants(scope)]
            if not granted or len(self._scopes) == 1:
                raise
            missing = ", ".join(scope for scope in self._scopes if scope not in granted)
            logger.warning("%s: the API client does not hold the scopes: %s", TITLE, missing)
            self._scopes = granted
            return self._token_for(granted)

    def _grants(self, scope: str) -> bool:
        try:
            self._token_for([scope])
        except (RequestRefusedError, PermissionMissingError, CredentialsError):
            return False
        return True

    def _token_for(self, scopes: Sequence[str]) -> Token:
        form = {
            "grant_type": "client_credentials",
            "client_id": self._config["client_id"],
            "client_secret": self._config["client_secret"],
            "scope": " ".join(scopes),
        }
        call = Call("authorisation/token", method="POST", form=form, authorised=False, purpose="a token")
        answer = self._door.json(call)
        text = answer.get("access_token") if isinstance(answer, dict) else None
        if not isinstance(text, str) or not text:
            raise CredentialsError(TITLE, "the answer to the call for a token holds none.", "Check scorebuddy.url.")
        self._around.hide(text)
        return Token(text, lifetime_seconds(answer.get("expires_in"), usual=DEFAULT_TOKEN_SECONDS))
