"""The outermost layer of each server: notes the traffic, tells the dataset's watchers, sets the `Date` header."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa_sandbox.clock import real_monotonic
from qa_sandbox.http.request_log import ReceivedRequest

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from qa_sandbox.clock import SandboxClock
    from qa_sandbox.http.request_log import RequestLog


class RecordingMiddleware:
    """ASGI middleware: reads the whole request, notes it, and passes it on with the vendor's date on the answer."""

    def __init__(
        self,
        app: ASGIApp,
        clock: SandboxClock,
        request_log: RequestLog,
        server: str = "api",
        watchers: Callable[[ReceivedRequest], None] = lambda _: None,
    ) -> None:
        """Stand before an app.

        Args:
            app: The next layer.
            clock: The vendor's clock.
            request_log: Where calls are noted.
            server: The name of this server among the vendor's.
            watchers: Called with each call before it is answered.
        """
        self._app = app
        self._clock = clock
        self._traffic = request_log
        self._server = server
        self._watchers = watchers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        body = await _whole_body(receive)
        call = self._call(scope, body)
        self._traffic.add(call)
        self._watchers(call)
        pending: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

        async def replay() -> Message:
            return pending.pop() if pending else await receive()

        status = 0

        async def stamped(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = [pair for pair in message["headers"] if pair[0] != b"date"]
                message = {**message, "headers": [*headers, (b"date", self._clock.http_date().encode())]}
            elif not message.get("more_body", False):
                call.status = status
            await send(message)

        await self._app(scope, replay, stamped)

    def _call(self, scope: Scope, body: bytes) -> ReceivedRequest:
        return ReceivedRequest(
            server=self._server,
            method=scope["method"],
            path=scope["path"],
            query_string=scope["query_string"].decode("latin-1"),
            headers={name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]},
            body=body,
            at=self._clock.now(),
            monotonic=real_monotonic(),
        )


async def _whole_body(receive: Receive) -> bytes:
    body = bytearray()
    while True:
        message = await receive()
        body.extend(message.get("body", b""))
        if not message.get("more_body", False):
            return bytes(body)
