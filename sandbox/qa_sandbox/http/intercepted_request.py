"""One request and its answer, with a hand on the socket: what faults are made of."""

from __future__ import annotations

import asyncio
import socket
import struct
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from qa_sandbox.clock import SandboxClock

Headers = list[tuple[str, str]]


@dataclass(frozen=True)
class Answer:
    """A whole response.

    Attributes:
        status: HTTP status.
        headers: Names and values in order; `content-length` is added at sending.
        body: The bytes as they go out.
    """

    status: int
    headers: Headers
    body: bytes

    def with_body(self, body: bytes) -> Answer:
        """The same with another body."""
        return replace(self, body=body)

    def without_header(self, name: str) -> Answer:
        """The same without a header."""
        return replace(self, headers=[pair for pair in self.headers if pair[0].lower() != name.lower()])


class InterceptedRequest:
    """A request under way, as a fault's effect sees it.

    Attributes:
        scope: The ASGI scope of the request.
        clock: The vendor's clock.
    """

    def __init__(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send, clock: SandboxClock) -> None:
        """Take the request apart."""
        self.scope = scope
        self.clock = clock
        self._app = app
        self._receive = receive
        self._send = send

    async def forward(self) -> None:
        """Lets the vendor answer, untouched."""
        await self._app(self.scope, self._receive, self._send)

    async def answer(self) -> Answer:
        """What the vendor would answer; nothing is sent yet."""
        status, headers, body = 0, Headers(), bytearray()

        async def hold(message: Message) -> None:
            nonlocal status, headers
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in message["headers"]]
            else:
                body.extend(message.get("body", b""))

        await self._app(self.scope, self._receive, hold)
        return Answer(status, headers, bytes(body)).without_header("content-length")

    async def reply(self, answer: Answer) -> None:
        """Sends an answer in good form."""
        length = [] if _bodiless(answer.status) else [("content-length", str(len(answer.body)))]
        headers = answer.without_header("content-length").headers + length
        raw = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
        await self._send({"type": "http.response.start", "status": answer.status, "headers": raw})
        await self._send({"type": "http.response.body", "body": b"" if _bodiless(answer.status) else answer.body})

    def head(self, answer: Answer, *extra: str) -> bytes:
        """The status line and headers of an answer as bytes for `write`; `extra` are whole header lines."""
        reason = HTTPStatus(answer.status).phrase
        lines = [f"HTTP/1.1 {answer.status} {reason}", f"date: {self.clock.http_date()}"]
        lines += [f"{name}: {value}" for name, value in answer.headers if name.lower() != "date"]
        return "\r\n".join([*lines, *extra, "", ""]).encode("latin-1")

    async def write(self, data: bytes) -> None:
        """Puts bytes on the socket as they are, and waits until they are gone. End with `close` or `reset`."""
        self._transport.write(data)
        # A transport of uvicorn's has no event of ours to wait for.
        while self._transport.get_write_buffer_size() and not self._transport.is_closing():  # noqa: ASYNC110
            await asyncio.sleep(0.001)

    async def close(self) -> None:
        """Ends the connection in good manners (FIN)."""
        self._transport.close()
        await self._gone()

    async def reset(self) -> None:
        """Breaks the connection (RST)."""
        linger = struct.pack("ii", 1, 0)
        sock = cast("socket.socket", self._transport.get_extra_info("socket"))
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self._transport.abort()
        await self._gone()

    @property
    def _transport(self) -> asyncio.Transport:
        return cast("asyncio.Transport", self.scope["state"]["transport"])

    async def _gone(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass


def _bodiless(status: int) -> bool:
    return status in {HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED}
