"""Canary Speech's API: its address and its token."""

from __future__ import annotations

import base64
import json
import math
from typing import TYPE_CHECKING, Any

from tap_qa.http.answers import decode_json
from tap_qa.http.auth import BearerAuth, NoAuth, Token
from tap_qa.http.call import Call
from tap_qa.http.client import Client
from tap_qa.http.explanations import Hints
from tap_qa.http.failures import UnreadableError
from tap_qa.vendor_clock import VendorClock

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from tap_qa.http.call import Answer
    from tap_qa.http.surroundings import Surroundings
    from tap_qa.progress import Tally

TITLE = "Canary Speech"
UNTOLD_TOKEN_SECONDS = 600.0
"""How long a token is used that does not tell when it expires."""


def connect(config: Mapping[str, Any], around: Surroundings, _read: frozenset[str]) -> CanarySpeech:
    """Prepare for a project; nothing is sent yet."""
    return CanarySpeech(config, around)


class CanarySpeech:
    """One project of Canary Speech."""

    def __init__(self, config: Mapping[str, Any], around: Surroundings) -> None:
        """Prepare.

        Args:
            config: The settings of the vendor.
            around: What all clients share.
        """
        self._api_key: str = config["api_key"]
        self._around = around
        self.vendor_clock = VendorClock(TITLE, around.clock)
        url = config["url"].strip().rstrip("/")
        hints = Hints(
            unauthorised="Check canary_speech.api_key; a lost key can't be recovered, only replaced.",
            forbidden="The API key needs the scope scope:api.",
            not_found="Check the id, and that canary_speech.url is the host of the project's region.",
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

    def _token(self) -> Token:
        call = Call(
            "v3/auth/tokens/get",
            method="POST",
            json={},
            headers={"Csc-Api-Key": self._api_key},
            authorised=False,
            purpose="a token",
        )
        text = self._door.call(call, _access_token)
        self._around.hide(text)
        return Token(text, lifetime_seconds(text, now=self.vendor_clock.now()))


def _access_token(answer: Answer) -> str:
    body = decode_json(answer)
    text = body.get("accessToken") if isinstance(body, dict) else None
    if not isinstance(text, str) or not text:
        msg = "an answer without an accessToken"
        raise UnreadableError(msg)
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
        return UNTOLD_TOKEN_SECONDS
    if not math.isfinite(seconds):
        return UNTOLD_TOKEN_SECONDS
    # One that is over on arrival is used once and renewed: better than asking for tokens for ever.
    return max(seconds, 0.0)
