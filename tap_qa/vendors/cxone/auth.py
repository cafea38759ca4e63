"""Both ways to a CXone token."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from tap_qa.errors import CredentialsError, RequestRejectedError
from tap_qa.http.attempt_errors import TransientError, UnreadableResponseError
from tap_qa.http.auth import BearerAuth, NoAuth, Token, lifetime_seconds
from tap_qa.http.client import Client
from tap_qa.http.hints import Hints
from tap_qa.http.request import Request, Response
from tap_qa.http.response import decode_json
from tap_qa.vendors.cxone.settings import TITLE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tap_qa.http.server_clock import ServerClock
    from tap_qa.runtime.context import RunContext

UNAUTHORISED = (
    "The access key was refused. Check cxone.access_key_id and cxone.access_key_secret; a key dies with its employee's "
    "deactivation."
)
_USUAL_LIFETIME_SECONDS = 3600


class Tokens:
    """Fetches tokens: by the access key at the region's host, or by the password grant of the global host.

    Sources: the vendor's page "Create Access Key" and its OpenAPI document of `/auth/token`.
    """

    def __init__(self, config: Mapping[str, Any], run_context: RunContext, server_clock: ServerClock) -> None:
        """Prepare.

        Args:
            config: The settings of the vendor.
            run_context: What all clients share.
            server_clock: Learns the vendor's time from token responses.
        """
        self._run_context = run_context
        self._patient = False
        base, self._call = _by_password(config) if config.get("token_url") else _by_access_key(config)
        self._client = Client(
            TITLE,
            base,
            auth=NoAuth(),
            run_context=run_context,
            server_clock=server_clock,
            hints=Hints(unauthorised=UNAUTHORISED, not_found="Check cxone.url and cxone.token_url."),
        )
        self.auth = BearerAuth(self._fetch, run_context.clock)

    def ensure_server_time(self) -> None:
        """Make sure that there is a token, however often it has to be asked for."""
        self._patient = True
        try:
            self.auth.headers()
        finally:
            self._patient = False

    def _fetch(self) -> Token:
        """Fetch a token; in the background once only, since background tasks retry by themselves."""
        ask = self._client.send if self._patient else self._client.send_once
        try:
            token = ask(self._call, _token)
        except RequestRejectedError as rejection:
            what = f"HTTP {rejection.status}, the call for a token was refused."
            raise CredentialsError(TITLE, what, UNAUTHORISED) from rejection
        except TransientError as failure:
            # The request that needs the token was not sent, so its outcome is known.
            raise TransientError(str(failure), failure.wait, outcome_known=True, status=None) from failure
        self._run_context.add_secret(token.text)
        return token


def _by_access_key(config: Mapping[str, Any]) -> tuple[str, Request]:
    body = {"accessKeyId": config["access_key_id"], "accessKeySecret": config["access_key_secret"]}
    path = "authentication/v1/token/access-key"
    return config["url"], Request(path, method="POST", json=body, authenticated=False, description="a token")


def _by_password(config: Mapping[str, Any]) -> tuple[str, Request]:
    parts = urlsplit(config["token_url"])
    pair = f"{config['client_id']}:{config['client_secret']}"
    form = {
        "grant_type": "password",
        "username": config["access_key_id"],
        "password": config["access_key_secret"],
    }
    request = Request(
        parts.path,
        method="POST",
        form=form,
        headers={"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"},
        authenticated=False,
        description="a token",
    )
    return f"{parts.scheme}://{parts.netloc}", request


def _token(response: Response) -> Token:
    body = decode_json(response)
    text = body.get("access_token") if isinstance(body, dict) else None
    if not isinstance(text, str) or not text:
        message = "an answer without an access_token"
        raise UnreadableResponseError(message)
    return Token(text, lifetime_seconds(body.get("expires_in"), usual=_USUAL_LIFETIME_SECONDS))
