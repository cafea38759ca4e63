"""Who may call, and how often: tokens, scopes and the hourly budget."""

from __future__ import annotations

import base64
import json
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any, NoReturn
from urllib.parse import parse_qsl

from starlette.datastructures import MutableHeaders

from qa_sandbox.clock import http_date
from qa_sandbox.http.json_body import Json

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from qa_sandbox.clock import SandboxClock
    from qa_sandbox.vendors.scorebuddy.rules import Rules

CLIENT_ID = "tap-qa-sandbox"
CLIENT_SECRET = "sandboxsecret" + "0" * 51
_EPOCH = datetime.fromtimestamp(0, timezone.utc)
_OTHERS_BUDGET = 500
"""What those without a token have more, where they have a budget of their own."""


class Refusal(Exception):  # noqa: N818 - it is an answer
    """A request that is answered with an error."""

    def __init__(self, status: int, kind: str, description: str) -> None:
        """Take status, type and text as the vendor words errors."""
        super().__init__(description)
        self.status = status
        self.body = {"error": {"type": kind, "description": description}}


def reject(name: str, text: str) -> NoReturn:
    """Refuse a request for one of its parameters, in the vendor's words."""
    raise Refusal(400, "BAD_REQUEST", f"{name}: {text}")


async def refuse(_: Request, error: Exception) -> Json:
    """Starlette's handler of a refusal."""
    assert isinstance(error, Refusal)  # noqa: S101 - registered for it alone
    return Json(error.body, error.status)


class Tokens:
    """Gives out bearer tokens, and checks them."""

    def __init__(self, rules: Rules, clock: SandboxClock) -> None:
        """Start with none given out."""
        self._rules = rules
        self._clock = clock
        self._live: dict[str, tuple[datetime, frozenset[str]]] = {}
        self._given = 0

    def revoke(self) -> None:
        """Ends all tokens at once."""
        self._live.clear()

    async def issue(self, request: Request) -> Json:
        """Answers a request for a token, as a form or as JSON."""
        fields = _fields(await request.body(), request.headers.get("content-type", ""))
        if fields.get("grant_type") != "client_credentials":
            return _oauth_error(400, "unsupported_grant_type")
        if (fields.get("client_id"), fields.get("client_secret")) != (CLIENT_ID, CLIENT_SECRET):
            return _oauth_error(401, "invalid_client")
        wanted = frozenset(str(fields.get("scope") or "").split(" ")) - {""}
        unknown = [scope for scope in wanted if "," in scope or ":" not in scope]
        if not wanted or unknown or (self._rules.refuses_scopes and wanted - self._rules.granted):
            return _oauth_error(400, "invalid_scope")
        if self._rules.only_newest_token:
            self.revoke()
        seconds = self._rules.token_seconds
        token = self._make(wanted & self._rules.granted, seconds)
        return Json({"token_type": "Bearer", "expires_in": seconds, "access_token": token})

    def require(self, request: Request, scope: str) -> None:
        """Lets a request pass that has a live token of this scope.

        Raises:
            Refusal: 401 without one, 403 with one of other scopes.
        """
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        until, scopes = self._live.get(token, (None, frozenset()))
        if kind != "Bearer" or until is None or until <= self._clock.now():
            raise Refusal(401, "UNAUTHORIZED", "The access token is missing, invalid or expired")
        if scope not in scopes:
            raise Refusal(403, "FORBIDDEN", "The client may not see this resource")

    def _make(self, scopes: frozenset[str], seconds: int) -> str:
        self._given += 1
        until = self._clock.now() + timedelta(seconds=seconds)
        claims = {"jti": self._given, "exp": int(until.timestamp()), "scopes": sorted(scopes)}
        parts = ({"typ": "JWT", "alg": "RS256"}, claims, {"not": "a signature"})
        encoded = (base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in parts)
        token = ".".join(encoded)
        self._live[token] = until, scopes
        return token


class BudgetMiddleware:
    """Counts calls but pings within a period of the clock, tells in each answer what is left, and refuses beyond."""

    def __init__(self, app: ASGIApp, rules: Rules, clock: SandboxClock) -> None:
        """Start with nothing used."""
        self._app = app
        self._rules = rules
        self._clock = clock
        self._begun = _EPOCH
        self._used = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        period = self._rules.budget_period
        begun = _EPOCH + (self._clock.now() - _EPOCH) // period * period
        if begun != self._begun:
            self._begun, self._used = begun, 0
        path = scope["path"].rstrip("/")
        is_token = path.endswith("/authorisation/token")
        if not path.endswith("/ping") and (self._rules.counts_tokens or not is_token):
            self._used += 1
        left = self._rules.hourly_budget - self._used
        told = left
        if self._rules.budget == "token" and not any(name == b"authorization" for name, _ in scope["headers"]):
            told += _OTHERS_BUDGET
        reset = date_text(begun + period, self._rules)

        async def tell(message: Message) -> None:
            if message["type"] == "http.response.start" and self._rules.budget != "untold":
                headers = MutableHeaders(scope=message)
                headers["X-RateLimit-Limit"] = str(self._rules.hourly_budget)
                headers["X-RateLimit-Remaining"] = str(max(told, 0))
                headers["X-RateLimit-Reset"] = reset
            await send(message)

        if left < 0:
            body = Refusal(429, "TOO_MANY_REQUESTS", "The hourly limit is used up").body
            await Json(body, 429, {"Retry-After": reset})(scope, receive, tell)
        else:
            await self._app(scope, receive, tell)


def date_text(instant: datetime, rules: Rules) -> str:
    """A UTC instant as headers show it."""
    if rules.date_form == "http-date":
        return http_date(instant)
    return instant.isoformat() if rules.date_form == "iso" else instant.strftime("%Y-%m-%d %H:%M:%S")


def _fields(body: bytes, content_type: str) -> dict[str, Any]:
    if "json" not in content_type:
        return dict(parse_qsl(body.decode("utf-8", "replace")))
    try:
        fields = json.loads(body)
    except ValueError:
        return {}
    return fields if isinstance(fields, dict) else {}


def _oauth_error(status: int, error: str) -> Json:
    return Json({"error": error, "error_description": error.replace("_", " ")}, status)
