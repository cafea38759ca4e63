"""Canary Speech's API: its address and its token."""

from __future__ import annotations

import base64
import json
import math
from typing import TYPE_CHECKING, Any

from tap_qa.http.attempt_errors import UnreadableResponseError
from tap_qa.http.auth import BearerAuth, NoAuth, Token
from tap_qa.http.client import Client
from tap_qa.http.hints import Hints
from tap_qa.http.request import Request
from tap_qa.http.response import decode_json
from tap_qa.http.server_clock import ServerClock
from tap_qa.vendors.canary_speech.settings import TITLE

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from tap_qa.http.request import Response
    from tap_qa.runtime.context import RunContext
    from tap_qa.runtime.progress import StreamStats

DEFAULT_TOKEN_SECONDS = 600.0
"""How long a token without an expiry is used."""


class CanarySpeech:
    """One project of Canary Speech."""

    def __init__(
        self, config: Mapping[str, Any], run_context: RunContext, _streams: Collection[type[Any]] = ()
    ) -> None:
        """Prepare; nothing is sent yet.

        Args:
            config: The settings of the vendor.
            run_context: What all clients share.
        """
        self._api_key: str = config["api_key"]
        self._run_context = run_context
        self.server_clock = ServerClock(TITLE, run_context.clock)
        url = config["url"].strip().rstrip("/")
        hints = Hints(
            unauthorised="Check canary_speech.api_key; a lost key can't be recovered, only replaced.",
            forbidden="The API key needs the scope scope:api.",
            not_found="Check the id, and that canary_speech.url is the host of the project's region.",
        )
        self._token_client = Client(
            TITLE, url, auth=NoAuth(), run_context=run_context, server_clock=self.server_clock, hints=hints
        )
        self.client = Client(
            TITLE,
            url,
            auth=BearerAuth(self._token, run_context.clock),
            run_context=run_context,
            server_clock=self.server_clock,
            hints=hints,
        )

    def ensure_server_time(self) -> None:
        """Fetch the token, whose response has the server time."""
        self.client.auth.headers()

    def track_requests(self, stats: StreamStats | None) -> None:
        """Count requests for this stream."""
        self._token_client.stats = self.client.stats = stats

    @property
    def token_request(self) -> Request:
        """The request for a token."""
        return Request(
            "v3/auth/tokens/get",
            method="POST",
            json={},
            headers={"Csc-Api-Key": self._api_key},
            authenticated=False,
            description="a token",
        )

    def add_secret(self, token: str) -> None:
        """Keep a token out of the logs."""
        self._run_context.add_secret(token)

    def _token(self) -> Token:
        text = self._token_client.send(self.token_request, _access_token)
        self.add_secret(text)
        return Token(text, lifetime_seconds(text, now=self.server_clock.now()))


def _access_token(response: Response) -> str:
    body = decode_json(response)
    text = body.get("accessToken") if isinstance(body, dict) else None
    if not isinstance(text, str) or not text:
        msg = "an answer without an accessToken"
        raise UnreadableResponseError(msg)
    return text


def lifetime_seconds(token: str, *, now: datetime) -> float:
    """Return for how long a token may still be used, by the claim `exp` of the JWT that it is.

    Args:
        token: The access token; its signature is the vendor's business.
        now: The vendor's time.
    """
    try:
        payload = token.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        seconds = float(claims["exp"]) - now.timestamp()
    except (IndexError, KeyError, TypeError, ValueError, OverflowError, RecursionError):
        return DEFAULT_TOKEN_SECONDS
    if not math.isfinite(seconds):
        return DEFAULT_TOKEN_SECONDS
    # One that is over on arrival is used once and renewed: better than asking for tokens forever.
    return max(seconds, 0.0)
