"""Probes, and the one way in which they ask."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from tap_qa.errors import CredentialsError, PermissionDeniedError, RequestRejectedError
from tap_qa.http.request import Request

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from tap_qa.http.client import Client
    from tap_qa.http.request import Param, Response
    from tap_qa.http.server_clock import ServerClock
    from tap_qa.probes.answers import Answer

MAX_REQUESTS = 70
"""For one vendor."""

Group = Literal["access", "paging", "shape", "limits"]


class UndeclaredRequestError(AssertionError):
    """A probe asks for what it does not declare: a bug."""


class NoRequestsLeftError(Exception):
    """The probes of a vendor have used up what they may ask."""


@dataclass(frozen=True)
class Asked:
    """A kind of request that a probe may send."""

    method: str
    path: str
    """Below the vendor's URL; `{}` stands for an id."""

    params: frozenset[str] = frozenset()

    def allows(self, method: str, path: str, params: Mapping[str, Any]) -> bool:
        """Return whether a request is of this kind."""
        pattern = re.escape(self.path).replace(re.escape("{}"), "[^/]+")
        return method == self.method and re.fullmatch(pattern, path) is not None and set(params) <= self.params

    def __str__(self) -> str:
        names = ", ".join(sorted(self.params))
        return f"{self.method} {self.path}" + (f" ({names})" if names else "")


def get(path: str, *params: str) -> Asked:
    """Declare a GET with some of these parameters."""
    return Asked("GET", path, frozenset(params))


@dataclass(frozen=True)
class Reply:
    """A response of any status."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    text: str = ""

    @property
    def is_ok(self) -> bool:
        """Whether the vendor gave what was asked for."""
        return 200 <= self.status < 300  # noqa: PLR2004 - the success class

    @property
    def body(self) -> Any:  # noqa: ANN401 - JSON
        """The body as JSON; None if it is none."""
        try:
            return json.loads(self.text)
        except ValueError:
            return None

    def rows(self, *names: str) -> list[dict[str, Any]]:
        """Return the array of one of these names, or the body that is an array itself; no rows if there is neither."""
        body = self.body
        found = body if isinstance(body, list) else None
        if isinstance(body, dict):
            found = next((body[name] for name in names if isinstance(body.get(name), list)), None)
        return self.objects(found)

    @staticmethod
    def objects(value: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - JSON
        """Return the objects of an array; none if it is no array."""
        return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


@dataclass
class Account:
    """A vendor's account as probes see it.

    Attributes:
        config: The vendor's settings.
        requests: How many requests were sent.
    """

    config: Mapping[str, Any]
    client: Client
    server_clock: ServerClock
    probe: Probe | None = None
    requests: int = 0

    def now(self) -> datetime:
        """Return the vendor's time, in UTC."""
        return self.server_clock.now()

    def get(self, path: str, **params: Param) -> Reply:
        """Send a GET that the running probe declares."""
        return self.send(Request(path, params=params))

    def send(self, request: Request) -> Reply:
        """Send a request that the running probe declares, and return the response of whatever status.

        Raises:
            UndeclaredRequestError: The probe does not declare it.
            NoRequestsLeftError: The vendor was asked often enough.
            VendorError: There was no response worth reading.
        """
        declared = self.probe.asks if self.probe is not None else ()
        if not any(asked.allows(request.method, request.path, request.params) for asked in declared):
            message = f"{request.method} {request.path}"
            raise UndeclaredRequestError(message)
        if self.requests >= MAX_REQUESTS:
            raise NoRequestsLeftError
        self.requests += 1
        try:
            return self.client.send(request, _reply)
        except CredentialsError:
            return Reply(401)
        except PermissionDeniedError:
            return Reply(403)
        except RequestRejectedError as rejection:
            return Reply(rejection.status, text=rejection.error_body)


def _reply(response: Response) -> Reply:
    return Reply(response.status, response.headers, response.body.decode("utf-8", "replace"))


@dataclass(frozen=True)
class Probe:
    """One question to an account, and how its answer is read."""

    id: str
    group: Group
    question: str
    """The open fact, in a few words."""

    asks: tuple[Asked, ...]
    read: Callable[[Account], Answer]
    is_gate: bool = False
    """Whether the vendor's other probes make no sense if this one fails."""
