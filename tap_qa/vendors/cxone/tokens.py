"""Both ways to a CXone token."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from tap_qa.errors import CredentialsError, RequestRefusedError
from tap_qa.http.answers import decode_json
from tap_qa.http.auth import BearerAuth, NoAuth, Token, lifetime_seconds
from tap_qa.http.call import Answer, Call
from tap_qa.http.client import Client
from tap_qa.http.explanations import Hints
from tap_qa.http.failures import TransientError, UnreadableError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tap_qa.http.surroundings import Surroundings
    from tap_qa.vendor_clock import VendorClock

TITLE = "NICE CXone"
UNAUTHORISED = (
    "The access key was refused. Check cxone.access_key_id and cxone.access_key_secret; a key dies with its employee's "
    "deactivation."
)
_USUAL_LIFETIME_SECONDS = 3600


class Tokens:
    """Fetches tokens: by the access key at the region's host, or by the password grant of the global host.

    Sources: the vendor's page "Create Access Key" and its OpenAPI document of `/auth/token`.
    """

    def __init__(self, config: Mapping[str, Any], around: Surroundings, vendor_clock: VendorClock) -> None:
        """Prepare.

        Args:
            config: The settings of the vendor.
            around: What all clients share.
            vendor_clock: Learns the vendor's time from token answers.
        """
        self._around = around
        self._patient = False
        base, self._call = _by_password(config) if config.get("token_url") else _by_access_key(config)
        self._client = Client(
            TITLE,
            base,
            auth=NoAuth(),
            around=around,
            vendor_clock=vendor_clock,
            hints=Hints(unauthorised=UNAUTHORISED, not_found="Check cxone.url and cxone.token_url."),
        )
        self.auth = BearerAuth(self._fetch, around.clock)

    def greet(self) -> None:
        """Make sure that there is a token, however often it has to be asked for."""
        self._patient = True
        try:
            self.auth.headers()
        finally:
            self._patient = False

    def _fetch(self) -> Token:
        """Fetch a token; in the background once only, since whoever works there tries again by itself."""
        ask = self._client.call if self._patient else self._client.attempt
        try:
            token = ask(self._call, _token)
        except RequestRefusedError as refusal:
            what = f"HTTP {refusal.status}, the call for a token was refused."
            raise CredentialsError(TITLE, what, UNAUTHORISED) from refusal
        except TransientError as failure:
            # The call that needs the token was not sent, so nobody has to wonder what became of it.
            raise TransientError(str(failure), failure.wait, arrived=True, status=None) from failure
        self._around.hide(token.text)
        return token


def _by_access_key(config: Mapping[str, Any]) -> tuple[str, Call]:
    body = {"accessKeyId": config["access_key_id"], "accessKeySecret": config["access_key_secret"]}
    path = "authentication/v1/token/access-key"
    return config["url"], Call(path, method="POST", json=body, authorised=False, purpose="a token")


def _by_password(config: Mapping[str, Any]) -> tuple[str, Call]:
    parts = urlsplit(config["token_url"])
    pair = f"{config['client_id']}:{config['client_secret']}"
    form = {
        "grant_type": "password",
        "username": config["access_key_id"],
        "password": config["access_key_secret"],
    }
    call = Call(
        parts.path,
        method="POST",
        form=form,
        headers={"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"},
        authorised=False,
        purpose="a token",
    )
    return f"{parts.scheme}://{parts.netloc}", call


def _token(answer: Answer) -> Token:
    body = decode_json(answer)
    text = body.get("access_token") if isinstance(body, dict) else None
    if not isinstance(text, str) or not text:
        message = "an answer without an access_token"
        raise UnreadableError(message)
    return Token(text, lifetime_seconds(body.get("expires_in"), usual=_USUAL_LIFETIME_SECONDS))
