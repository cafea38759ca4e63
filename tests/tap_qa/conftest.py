"""What the tests of jobs and files share: time that stands still until it is moved, and a server of files."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest
from typing_extensions import override

from tap_qa.runtime.context import RetryPolicy, RunContext
from tap_qa.runtime.progress import Progress
from tap_qa.runtime.waiter import Waiter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

START = datetime(2024, 10, 12, 10, 0, tzinfo=timezone.utc)


class VirtualClock:
    """A clock on which sleeping takes no time."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def now(self) -> datetime:
        return START + timedelta(seconds=self.seconds)

    def monotonic(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        self.seconds += max(seconds, 0.0)


@pytest.fixture
def run_context() -> RunContext:
    return surroundings(VirtualClock())


def surroundings(clock: VirtualClock) -> RunContext:
    """Make what clients share, on a virtual clock."""
    progress = Progress(clock)
    patience = RetryPolicy(max_attempts=4, max_wait_seconds=4200, read_timeout_seconds=2)
    return RunContext(clock=clock, waiter=Waiter(clock, progress), progress=progress, retry_policy=patience)


class FileServer:
    """Answers each GET as the test says and remembers the requests."""

    def __init__(self) -> None:
        self.respond: Callable[[BaseHTTPRequestHandler], None] = lambda request: send(request, b"")
        self.requests: list[tuple[str, dict[str, str]]] = []
        self.url = ""


def send(request: BaseHTTPRequestHandler, body: bytes, status: int = 200, **headers: str) -> None:
    """Answer with a body and its length, unless `headers` say another."""
    request.send_response(status)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    for name, value in {"Content-Length": str(len(body)), **named}.items():
        request.send_header(name, value)
    request.end_headers()
    request.wfile.write(body)


@contextmanager
def file_server() -> Iterator[FileServer]:
    """Run a server of files on this machine."""
    served = FileServer()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            served.requests.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
            served.respond(self)

        @override
        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=lambda: server.serve_forever(poll_interval=0.01), daemon=True)
    thread.start()
    served.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield served
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture(scope="module")
def shared_file_server() -> Iterator[FileServer]:
    with file_server() as server:
        yield server


@pytest.fixture
def files(shared_file_server: FileServer) -> FileServer:
    shared_file_server.requests.clear()
    return shared_file_server
