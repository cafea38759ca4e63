"""A vendor's account as probes see it: the one way in which they ask."""

from __future__ import annotations

import base64
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from tap_qa.errors import CredentialsError, PermissionDeniedError, RequestRejectedError
from tap_qa.http.attempt_errors import TransientError
from tap_qa.http.request import Request
from tap_qa.probes.asked import Asked, Reply
from tap_qa.probes.shapes import Shape, band, duration, known, words

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable
    from datetime import datetime

    from tap_qa.http.client import Client
    from tap_qa.http.request import Param, Response
    from tap_qa.http.server_clock import ServerClock
    from tap_qa.probes.shapes import EvidenceValue

T = TypeVar("T")
MAX_REQUESTS = 70
"""For one vendor."""

MAX_REQUESTS_WITH_EXPORTS = 200
"""Jobs have to be polled."""

MIN_QUOTA = 0.2
"""The share of an hourly budget that is left to others."""


class UndeclaredRequestError(AssertionError):
    """A probe asks for what it does not declare: a bug."""


class NoRequestsLeftError(Exception):
    """The probes of a vendor have used up what they may ask; its text says of what."""


class Connection(Protocol):
    """What the tap shares between the streams of a vendor."""

    client: Client
    server_clock: ServerClock

    def ensure_server_time(self) -> None:
        """Learn the vendor's time, and fetch a token where there is one."""
        ...


@dataclass(frozen=True)
class Permissions:
    """What the user lets the probes do.

    Attributes:
        exports: Ask for files.
        names: Name columns and fields that no public text knows.
        watched: The probe that watches something done by hand.
        prompt: Asks the user to do so, and returns when that is done.
    """

    exports: bool = False
    names: bool = False
    watched: str = ""
    prompt: Callable[[str], None] = print


@dataclass
class Account:
    """An account while it is asked.

    Attributes:
        config: The vendor's settings.
        asks: What the running probe may send.
        ends: The monotonic time after which nothing is asked any more.
        requests: How many requests were sent.
    """

    config: Mapping[str, Any]
    connection: Connection
    permissions: Permissions = field(default_factory=Permissions)
    ends: float = math.inf
    asks: tuple[Asked, ...] = ()
    requests: int = 0
    _found: dict[str, Any] = field(default_factory=dict)
    _quota_low: bool = False

    @property
    def client(self) -> Client:
        """The tap's own client."""
        return self.connection.client

    def now(self) -> datetime:
        """Return the vendor's time, in UTC, to the second."""
        return self.connection.server_clock.now().replace(microsecond=0)

    def get(self, path: str, **params: Param) -> Reply:
        """Send a GET that the running probe declares."""
        return self.send(Request(path, params=params))

    def send(self, request: Request, *, base: str = "", once: bool = False) -> Reply:
        """Send a request that the running probe declares, and return the response of whatever status.

        Args:
            request: What to send.
            base: Another root than the client's own.
            once: Whether a status that may pass is what the probe wants to see.

        Raises:
            UndeclaredRequestError: The probe does not declare it.
            NoRequestsLeftError: The vendor was asked often enough, or the time is over.
            VendorError: There was no response worth reading.
        """
        body = request.json or request.form or {}
        self.count(request.method, request.path, [*request.params, *(body if isinstance(body, Mapping) else ())])
        if base:
            request = replace(request, path=f"{base.rstrip('/')}/{request.path}", is_absolute_url=True)
        try:
            reply = self.client.send_once(request, _reply) if once else self.client.send(request, _reply)
        except CredentialsError:
            return Reply(401)
        except PermissionDeniedError:
            return Reply(403)
        except RequestRejectedError as rejection:
            return Reply(rejection.status, text=rejection.error_body)
        except TransientError as failure:
            if failure.status is None:
                raise self.client.retries_exhausted_error(request, failure, 1) from failure
            return Reply(failure.status)
        self._quota_low = _is_low(reply.headers)
        return reply

    def count(self, method: str, path: str, params: Iterable[str] = ()) -> None:
        """Count a request that is about to be sent; for the errors see `send`."""
        if not any(asked.allows(method, path, params) for asked in self.asks):
            message = f"{method} {path}"
            raise UndeclaredRequestError(message)
        most = MAX_REQUESTS_WITH_EXPORTS if self.permissions.exports or self.permissions.watched else MAX_REQUESTS
        if self._quota_low or self.requests >= most:
            reason = (
                "a fifth of the hourly budget is left to others" if self._quota_low else "it was asked often enough"
            )
            raise NoRequestsLeftError(reason)
        self._check_time(0)
        self.requests += 1

    def wait(self, seconds: float, what: str) -> None:
        """Let time pass.

        Raises:
            NoRequestsLeftError: There is not so much of it.
        """
        self._check_time(seconds)
        self.client.run_context.waiter.wait(seconds, what)

    def token_claims(self) -> Mapping[str, Any]:
        """Return what the bearer token says; nothing if it is no JWT."""
        token = self.client.auth.headers().get("Authorization", "").rpartition(" ")[2]
        payload = [*token.split("."), ""][1]
        try:
            claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        except ValueError:
            return {}
        return claims if isinstance(claims, dict) else {}

    def token_life(self) -> Shape:
        """Return for how long the bearer token can be used, by its claim `exp`."""
        expires = self.token_claims().get("exp")
        if not isinstance(expires, (int, float)):
            return Shape("not told")
        return duration(timedelta(seconds=expires - self.now().timestamp()))

    def ask_user(self, what: str) -> None:
        """Have the user do something; the time that it takes does not count."""
        clock = self.client.run_context.clock
        asked_at = clock.monotonic()
        self.permissions.prompt(what)
        self.ends += clock.monotonic() - asked_at

    def _check_time(self, seconds: float) -> None:
        if self.client.run_context.clock.monotonic() + seconds > self.ends:
            reason = "the time is over"
            raise NoRequestsLeftError(reason)

    def once(self, name: str, find: Callable[[], T]) -> T:
        """Return what an earlier probe found under this name; else find it."""
        if name not in self._found:
            self._found[name] = find()
        found: T = self._found[name]
        return found

    def names(self, found: Iterable[str], public: Collection[str]) -> dict[str, EvidenceValue]:
        """Return which of some names a public text knows, how many it does not, and, if the user lets us, which."""
        others = set(found) - set(public)
        named: dict[str, EvidenceValue] = {"unknown_names": words(others)} if self.permissions.names and others else {}
        return {"known": known(found, public), "unknown": band(len(others)), **named}


def _reply(response: Response) -> Reply:
    return Reply(response.status, response.headers, response.body.decode("utf-8", "replace"))


def _is_low(headers: Mapping[str, str]) -> bool:
    try:
        left, limit = (float(headers[f"X-RateLimit-{name}"]) for name in ("Remaining", "Limit"))
    except (KeyError, ValueError):
        return False
    return left < MIN_QUOTA * limit
