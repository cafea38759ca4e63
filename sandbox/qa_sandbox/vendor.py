"""What a vendor package gives the sandbox: a dataset, the apps over it, and the tap's config for them.

A package `qa_sandbox.vendors.<name>` sets `VENDOR` to its subclass of `SimulatedVendor`, which `vendors/discovery.py`
finds.
"""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from qa_sandbox.http.faults import FaultMiddleware, Faults
from qa_sandbox.http.recording_middleware import RecordingMiddleware
from qa_sandbox.http.request_log import ReceivedRequest, RequestLog
from qa_sandbox.http.server import SandboxServer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from starlette.types import ASGIApp

    from qa_sandbox.clock import SandboxClock

Row = dict[str, Any]
Rows = dict[tuple[Any, ...], Row]
"""Rows by primary key, the key's fields in the contract's order."""

HISTORY_DAYS = 40
"""How long before the clock's start the datasets' histories begin, unless told otherwise."""


class Dataset(ABC):
    """A vendor's data and its history.

    Attributes:
        clock: The vendor's clock.
        lock: Held while a request is answered, and by whoever changes the data from another thread.
        on_request: Called with each request before it is answered, to change the dataset while a client reads it.
    """

    history_days: int = HISTORY_DAYS
    """How long before the clock's start its history begins; a dataset of another length says so."""

    streams: ClassVar[tuple[str, ...]]
    """The tap's streams that this dataset holds the expected records of, with the vendor's prefix."""

    def __init__(self, clock: SandboxClock) -> None:
        """Take the clock."""
        self.clock = clock
        self.lock = threading.RLock()
        self.on_request: list[Callable[[ReceivedRequest], None]] = []

    @abstractmethod
    def expected_records(self, stream: str) -> Rows:
        """The rows that a right tap has delivered once it is through, as it emits them, by primary key."""

    @abstractmethod
    def apply_due_events(self) -> None:
        """Lets happen what happens between the last call and the clock's present."""

    def advance(self, *, days: float = 0, hours: float = 0) -> None:
        """Moves the clock on and lets things happen: new rows, edits of old ones."""
        self.clock.advance(timedelta(days=days, hours=hours))
        with self.lock:
            self.apply_due_events()

    def notify(self, call: ReceivedRequest) -> None:
        """Tells the watchers of a request."""
        with self.lock:
            for watcher in tuple(self.on_request):
                watcher(call)


class SimulatedVendor(ABC):
    """A vendor: its dataset, and its servers with their faults and traffic.

    Attributes:
        name: As in the tap's settings.
        clock: Its clock, shared with the other vendors of a sandbox.
        faults: Switched on by tests, for all its servers.
        request_log: What came in, at all its servers.
        urls: The root of each server by name, without a slash at the end; known before any app is made.
    """

    name: ClassVar[str]
    servers: ClassVar[tuple[str, ...]] = ("api",)
    """The servers it needs; `api` first, then others, such as a host for downloads."""

    def __init__(self, clock: SandboxClock) -> None:
        """Take the clock; subclasses make their dataset."""
        self.clock = clock
        self.faults = Faults()
        self.request_log = RequestLog()
        self.urls: dict[str, str] = {}
        self._open: list[SandboxServer] = []

    @property
    @abstractmethod
    def dataset(self) -> Dataset:
        """Its data."""

    @abstractmethod
    def app(self, server: str) -> ASGIApp:
        """The app of one of its `servers`; called once each, when `urls` is complete."""

    @abstractmethod
    def config(self) -> dict[str, Any]:
        """The vendor's object of the tap's config, fit for a sync of all its streams."""

    def start(self, ports: Mapping[str, int] | None = None) -> None:
        """Opens its servers, on free ports unless given by name."""
        chosen = ports or {}
        late: dict[str, ASGIApp] = {}
        for server in self.servers:
            opened = SandboxServer(_late(late, server), chosen.get(server, 0))
            self.urls[server] = opened.url
            self._open.append(opened)
        for server in self.servers:
            faulty = FaultMiddleware(self.app(server), self.faults, self.clock, server)
            late[server] = RecordingMiddleware(faulty, self.clock, self.request_log, server, self._tell)
        for opened in self._open:
            opened.start()

    def _tell(self, call: ReceivedRequest) -> None:
        self.dataset.notify(call)

    def close(self) -> None:
        """Closes its servers. Safe to call twice."""
        while self._open:
            self._open.pop().close()


def _late(apps: Mapping[str, ASGIApp], server: str) -> ASGIApp:
    async def app(scope: Any, receive: Any, send: Any) -> None:  # noqa: ANN401 - passed through unseen
        await apps[server](scope, receive, send)

    return app
