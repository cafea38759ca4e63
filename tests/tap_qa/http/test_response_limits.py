"""Limits of time and size of every part of a response."""

from __future__ import annotations

import contextlib
import socket
import threading
import zlib
from typing import TYPE_CHECKING, Any

import pytest
import requests

from qa_harness.clock import FakeClock
from tap_qa.http import connections
from tap_qa.http import transport as transport_module
from tap_qa.http.attempt_errors import TransientError
from tap_qa.http.request import Request
from tap_qa.http.transport import Transport, UntrustedServerError
from tap_qa.runtime.context import RetryPolicy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

OK = b"HTTP/1.1 200 OK\r\n"
DRIPS = {
    "body": (OK + b"Content-Length: 9999\r\n\r\n", b" "),
    "one header": (OK + b"X: ", b"a"),
    "many headers": (OK, b"X: a\r\n"),
    "100 Continue": (b"", b"HTTP/1.1 100 C\r\n\r\n"),
    "chunk size": (OK + b"Transfer-Encoding: chunked\r\n\r\n1;", b"a"),
    "trailer": (OK + b"Transfer-Encoding: chunked\r\n\r\n2\r\n[]\r\n0\r\n", b"X: a\r\n"),
    "gzip header": (OK + b"Content-Encoding: gzip\r\nContent-Length: 9999\r\n\r\n\x1f\x8b\x08\x08\0\0\0\0\0\3", b"a"),
}


@pytest.mark.parametrize("part", DRIPS)
def test_each_part_of_a_response_has_a_limit_of_time(part: str, monkeypatch: pytest.MonkeyPatch) -> None:
    start, piece = DRIPS[part]
    clock = FakeClock()
    read = connections._TimedReader.readinto  # noqa: SLF001 - bytes come one by one

    def read_a_byte(reader: Any, buffer: Any) -> int | None:  # noqa: ANN401 - of the io module
        clock.sleep(5)
        return read(reader, memoryview(buffer)[:1])

    def drip(connection: socket.socket) -> None:
        connection.sendall(start + piece * 200)
        connection.recv(1)  # until the client hangs up

    monkeypatch.setattr(connections._TimedReader, "readinto", read_a_byte)  # noqa: SLF001
    with raw_server(drip) as url, pytest.raises(TransientError, match="took over 900 s"):
        transport(clock).send(Request(""), url, {})


def test_a_line_between_chunks_has_a_limit_of_size() -> None:
    def answer(connection: socket.socket) -> None:
        connection.sendall(OK + b"Transfer-Encoding: chunked\r\n\r\n2;" + b"a" * (1 << 17) + b"\r\n[]\r\n0\r\n\r\n")

    with raw_server(answer) as url, pytest.raises(TransientError, match="broke"):
        transport(FakeClock()).send(Request(""), url, {})


@pytest.mark.parametrize(
    ("status", "headers"),
    [(200, ""), (200, "Content-Encoding: gzip\r\n"), (500, ""), (302, "Location: http://127.0.0.1:1/\r\n")],
)
def test_a_body_without_an_end_is_not_read(status: int, headers: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport_module, "MAX_RESPONSE_BYTES", 1 << 20)
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    sent = []

    def flood(connection: socket.socket) -> None:
        connection.sendall(f"HTTP/1.1 {status} X\r\n{headers}Connection: close\r\n\r\n".encode())
        for _ in range(1000):
            piece = b" " * (1 << 18)
            connection.sendall(packer.compress(piece) if "gzip" in headers else piece)
            sent.append(1)

    with raw_server(flood) as url:
        if status == 500:
            assert len(transport(FakeClock()).send(Request(""), url, {}).body) < 1 << 18
        else:
            with pytest.raises(UntrustedServerError, match="redirected" if status == 302 else "over 1 MiB"):
                transport(FakeClock()).send(Request(""), url, {})
    assert len(sent) < 1000


def test_an_answer_that_is_compressed_twice_is_not_inflated() -> None:
    def answer(connection: socket.socket) -> None:
        connection.sendall(OK + b"Content-Encoding: gzip, gzip\r\nContent-Length: 2\r\n\r\n[]")

    with raw_server(answer) as url, pytest.raises(TransientError, match="compressed more than once"):
        transport(FakeClock()).send(Request(""), url, {})


def transport(clock: FakeClock) -> Transport:
    return Transport(requests.Session(), clock, RetryPolicy(read_timeout_seconds=5), lambda _date: None)


@contextlib.contextmanager
def raw_server(respond: Callable[[socket.socket], None]) -> Iterator[str]:
    """A server whose responses are written byte by byte."""

    def serve() -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = listener.accept()
                with connection, contextlib.suppress(OSError):
                    connection.recv(1 << 16)
                    respond(connection)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
        listener.shutdown(socket.SHUT_RDWR)
    thread.join(5)
