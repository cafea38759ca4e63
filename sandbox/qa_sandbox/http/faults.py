"""Faults that a test switches on: which requests they hit, how often, and to what effect."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qa_sandbox.http.intercepted_request import InterceptedRequest

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

    from qa_sandbox.clock import SandboxClock
    from qa_sandbox.http.effects import Effect


@dataclass
class Fault:
    """A rule: requests that match it, after the first `skip` of them and for `times` of them, get its effect.

    Attributes:
        effect: One of `qa_sandbox.http.effects`, or a coroutine function of an `Exchange`.
        method: In capitals; None is any.
        path: A regular expression that is searched in the path.
        query: A regular expression that is searched in the query string as sent.
        server: Which of the vendor's servers; None is any.
        skip: How many matching requests go through first.
        times: How many are hit after these; None is all.
        seen: Matching requests so far.
        hits: How many of these got the effect.
    """

    effect: Effect
    method: str | None = None
    path: str = ""
    query: str = ""
    server: str | None = None
    skip: int = 0
    times: int | None = 1
    seen: int = 0
    hits: int = 0

    def strikes(self, scope: Scope, server: str) -> bool:
        """Whether this request gets the effect; counts it."""
        if (
            self.method not in {None, scope["method"]}
            or self.server not in {None, server}
            or not re.search(self.path, scope["path"])
            or not re.search(self.query, scope["query_string"].decode("latin-1"))
        ):
            return False
        self.seen += 1
        if self.seen <= self.skip or (self.times is not None and self.hits >= self.times):
            return False
        self.hits += 1
        return True


class Faults:
    """The faults of one vendor, in order: the first that strikes decides."""

    def __init__(self) -> None:
        """Start with none."""
        self._faults: list[Fault] = []

    def add(  # noqa: PLR0913 - every argument is a named part of one rule
        self,
        effect: Effect,
        *,
        method: str | None = None,
        path: str = "",
        query: str = "",
        server: str | None = None,
        skip: int = 0,
        times: int | None = 1,
    ) -> Fault:
        """Switches a fault on; see `Fault` for the arguments."""
        fault = Fault(effect, method, path, query, server, skip, times)
        self._faults.append(fault)
        return fault

    def remove(self, fault: Fault) -> None:
        """Switches one off."""
        self._faults.remove(fault)

    def clear(self) -> None:
        """Switches all off."""
        self._faults.clear()

    def strike(self, scope: Scope, server: str) -> Effect | None:
        """The effect that this request gets, if any."""
        return next((fault.effect for fault in tuple(self._faults) if fault.strikes(scope, server)), None)


class FaultMiddleware:
    """Stands before a vendor's app and lets faults strike."""

    def __init__(self, app: ASGIApp, faults: Faults, clock: SandboxClock, server: str = "api") -> None:
        """Stand before an app."""
        self._app = app
        self._faults = faults
        self._clock = clock
        self._server = server

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request."""
        effect = self._faults.strike(scope, self._server) if scope["type"] == "http" else None
        if effect is None:
            await self._app(scope, receive, send)
        else:
            await effect(InterceptedRequest(self._app, scope, receive, send, self._clock))
