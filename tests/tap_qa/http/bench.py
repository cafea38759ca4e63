"""A client and a real loopback server that misbehaves."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from starlette.applications import Starlette
from starlette.routing import Route
from typing_extensions import override

from qa_sandbox.http.json_body import Json
from qa_sandbox.vendor import Dataset, Rows, SimulatedVendor
from tap_qa.http.auth import StaticHeader, Token
from tap_qa.http.client import Client
from tap_qa.http.hints import Hints
from tap_qa.http.request import Request
from tap_qa.http.server_clock import ServerClock
from tap_qa.runtime.context import RetryPolicy, RunContext
from tap_qa.runtime.progress import Progress
from tap_qa.runtime.waiter import Waiter

if TYPE_CHECKING:
    from starlette.requests import Request as ServerRequest
    from starlette.responses import Response
    from starlette.types import ASGIApp

    from qa_harness.clock import FakeClock
    from qa_sandbox.http.effects import Effect
    from tap_qa.http.auth import Auth


BODY = {"rows": [{"id": number, "text": "ä" * 40} for number in range(50)]}

SECRET = "s3cret-token-0123456789"  # noqa: S105 - a made-up one


class QuietWorld(Dataset):
    """Nothing."""

    streams = ()

    @override
    def expected_records(self, stream: str) -> Rows:
        return {}

    @override
    def apply_due_events(self) -> None:
        """Nothing happens."""


class Echo(SimulatedVendor):
    """Answers every call with the same object, at two servers."""

    name: ClassVar[str] = "echo"
    servers: ClassVar[tuple[str, ...]] = ("api", "elsewhere")

    def __init__(self, clock: FakeClock) -> None:
        """Make its dataset."""
        super().__init__(clock)
        self._world = QuietWorld(clock)

    @property
    @override
    def dataset(self) -> Dataset:
        return self._world

    @override
    def app(self, server: str) -> ASGIApp:
        async def answer(_: ServerRequest) -> Response:
            return Json(BODY)

        return Starlette(routes=[Route("/{path:path}", answer, methods=["GET", "POST"])])

    @override
    def config(self) -> dict[str, Any]:
        return {}


@dataclass
class Bench:
    """A client and the server behind it."""

    echo: Echo
    clock: FakeClock
    hidden: list[str] = field(default_factory=list)

    def client(self, auth: Auth | None = None, *, patience: RetryPolicy | None = None, **options: Any) -> Client:  # noqa: ANN401
        progress = Progress(self.clock)
        run_context = RunContext(
            clock=self.clock,
            waiter=Waiter(self.clock, progress),
            progress=progress,
            retry_policy=patience or RetryPolicy(),
            add_secret=self.hidden.append,
        )
        hints = Hints(unauthorised="Check the token.", forbidden="Ask for the right.", not_found="Check the url.")
        return Client(
            "Echo",
            self.echo.urls["api"] + "/v1",
            auth=auth or StaticHeader("Authorization", f"Bearer {SECRET}"),
            run_context=run_context,
            server_clock=ServerClock("Echo", self.clock),
            hints=hints,
            **options,
        )

    def fault(self, effect: Effect, times: int | None = 1, **where: Any) -> None:  # noqa: ANN401
        self.echo.faults.add(effect, times=times, **where)

    @property
    def calls(self) -> int:
        return len(self.echo.request_log)


def get(client: Client, path: str = "things", **options: Any) -> Any:  # noqa: ANN401
    return client.json(Request(path, **options))


@dataclass
class Tokens:
    """Hands out numbered tokens."""

    lifetime: float = 3600
    given: int = 0

    def fetch(self) -> Token:
        self.given += 1
        return Token(f"token-{self.given}", self.lifetime)


def bearer(bench: Bench) -> list[str]:
    return [call.headers.get("authorization", "") for call in bench.echo.request_log]
