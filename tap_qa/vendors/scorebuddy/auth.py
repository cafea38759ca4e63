"""Scorebuddy's OAuth2 client credentials, and the scopes that its API clients hold (Open API, 1.8.1)."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from tap_qa.errors import CredentialsError, PermissionDeniedError, RequestRejectedError
from tap_qa.http.auth import Token, lifetime_seconds
from tap_qa.http.request import Request
from tap_qa.vendors.scorebuddy.settings import TITLE

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from tap_qa.http.client import Client

logger = logging.getLogger("tap-qa.scorebuddy")
DEFAULT_TOKEN_SECONDS = 3600.0


class TokenSource:
    """Fetches tokens for the scopes that a run needs."""

    def __init__(
        self, client: Client, config: Mapping[str, Any], scopes: Collection[str], add_secret: Callable[[str], None]
    ) -> None:
        """Prepare.

        Args:
            client: Sends requests without a token.
            config: The settings of the vendor.
            scopes: What the streams of this run need.
            add_secret: Keeps a token out of the logs.
        """
        self._client = client
        self._config = config
        self._scopes = sorted(scopes)
        self._add_secret = add_secret

    def fetch(self) -> Token:
        """Fetch a token.

        An API client need not hold all scopes, and Scorebuddy does not document its response then. So if the scopes
        are rejected together, each is tried alone, and only the streams whose scope is missing fail.
        """
        try:
            return self._token_for(self._scopes)
        except (RequestRejectedError, PermissionDeniedError):
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
        except (RequestRejectedError, PermissionDeniedError, CredentialsError):
            return False
        return True

    def _token_for(self, scopes: Sequence[str]) -> Token:
        form = {
            "grant_type": "client_credentials",
            "client_id": self._config["client_id"],
            "client_secret": self._config["client_secret"],
            "scope": " ".join(scopes),
        }
        request = Request("authorisation/token", method="POST", form=form, authenticated=False, description="a token")
        body = self._client.json(request)
        text = body.get("access_token") if isinstance(body, dict) else None
        if not isinstance(text, str) or not text:
            raise CredentialsError(TITLE, "the response to the token request holds no token.", "Check scorebuddy.url.")
        self._add_secret(text)
        return Token(text, lifetime_seconds(body.get("expires_in"), usual=DEFAULT_TOKEN_SECONDS))
