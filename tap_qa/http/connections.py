"""Connections whose responses have a limit of time, headers included, and whose requests are sent as they are given."""

from __future__ import annotations

import io
import threading
from http.client import HTTPResponse, LineTooLong
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from requests.adapters import HTTPAdapter
from typing_extensions import override
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable

    import requests

    from tap_qa.runtime.clock import Clock

_MAX_LINE_BYTES = 1 << 16


class SlowResponseError(TimeoutError):
    """A response took longer as a whole than it may, although its bytes came one after the other."""


class _TimedReader(io.RawIOBase):
    """Reads from a socket until a deadline."""

    def __init__(self, raw: io.RawIOBase, check: Callable[[], None]) -> None:
        super().__init__()
        self._raw = raw
        self._check = check

    @override
    def readable(self) -> bool:
        return True

    @override
    def readinto(self, buffer: Any) -> int | None:
        self._check()
        return self._raw.readinto(buffer)

    @override
    def close(self) -> None:
        self._raw.close()
        super().close()


class _BoundedReader(io.BufferedReader):
    """Reads lines that have a limit: urllib3 reads those between chunks without one."""

    @override
    def readline(self, size: int | None = -1, /) -> bytes:
        most = _MAX_LINE_BYTES + 1
        line = super().readline(most if size is None or size < 0 else min(size, most))
        if len(line) >= most:
            what = "line of a response"
            raise LineTooLong(what)
        return line


class _TimedSocket:
    """The part of a socket that `http.client.HTTPResponse` uses."""

    def __init__(self, sock: socket.socket, check: Callable[[], None]) -> None:
        self._sock = sock
        self._check = check

    def makefile(self, _mode: str) -> io.BufferedReader:
        raw: Any = self._sock.makefile("rb", buffering=0)
        return _BoundedReader(_TimedReader(raw, self._check))


class _Target(str):
    """A request's target that is sent letter by letter."""

    __slots__ = ()


class BoundedAdapter(HTTPAdapter):
    """Opens such connections. May be used from several threads."""

    def __init__(self, clock: Clock, seconds: float) -> None:
        """Prepare.

        Args:
            clock: Its monotonic time counts.
            seconds: How long a response may take, from the end of the request to its last byte.
        """
        self._pools = {
            "http": _bounded(HTTPConnectionPool, clock, seconds),
            "https": _bounded(HTTPSConnectionPool, clock, seconds),
        }
        super().__init__()

    @override
    def init_poolmanager(self, *arguments: Any, **options: Any) -> None:
        super().init_poolmanager(*arguments, **options)
        self.poolmanager.pool_classes_by_scheme = self._pools

    @override
    def proxy_manager_for(self, proxy: Any, **options: Any) -> Any:
        manager = super().proxy_manager_for(proxy, **options)
        if not str(proxy).lower().startswith("socks"):  # whose connections are of a kind of their own
            manager.pool_classes_by_scheme = self._pools
        return manager

    @override
    def request_url(self, request: requests.PreparedRequest, proxies: Any) -> str:
        url = super().request_url(request, proxies)
        target = getattr(request, "target", None)
        return _Target(target) if target and url.startswith("/") else url


def _bounded(pool_class: type[HTTPConnectionPool], clock: Clock, seconds: float) -> type[HTTPConnectionPool]:
    def open_response(sock: socket.socket, *arguments: Any, **options: Any) -> HTTPResponse:  # noqa: ANN401 - http.client's
        deadline = clock.monotonic() + seconds

        def check() -> None:
            if clock.monotonic() > deadline:
                msg = f"the answer took over {seconds:.0f} s"
                raise SlowResponseError(msg)

        timed: Any = _TimedSocket(sock, check)
        return HTTPResponse(timed, *arguments, **options)

    class Pool(pool_class):  # type: ignore[valid-type,misc] # made at run time
        """Makes such connections."""

        _current = threading.local()

        def _new_conn(self) -> Any:  # noqa: ANN401 - urllib3's
            connection = super()._new_conn()
            connection.response_class = open_response
            return connection

        def urlopen(self, method: str, url: str, *arguments: Any, **options: Any) -> Any:  # noqa: ANN401 - urllib3's
            self._current.target = url if isinstance(url, _Target) else None
            return super().urlopen(method, url, *arguments, **options)

        def _make_request(self, conn: Any, method: str, url: str, *arguments: Any, **options: Any) -> Any:  # noqa: ANN401 - urllib3's
            # urllib3 has normalised the target, which may break its signature.
            target = getattr(self._current, "target", None)
            return super()._make_request(conn, method, target or url, *arguments, **options)

    return Pool


def bound(session: requests.Session, clock: Clock, seconds: float) -> None:
    """Limit a session's responses, and keep it from looking for passwords and at what redirects lead to.

    All its requests have the same settings.

    Args:
        session: It; adapters of its own stay.
        clock: Its monotonic time counts.
        seconds: How long a response may take as a whole.
    """
    session.auth = no_netrc
    # requests prepares each redirect, and reads its body to the end, even with allow_redirects=False.
    session.resolve_redirects = lambda *_arguments, **_options: iter(())  # type: ignore[method-assign]
    session.merge_environment_settings = _remembered(session.merge_environment_settings)  # type: ignore[method-assign]
    for scheme in ("https://", "http://"):
        if type(session.get_adapter(scheme)) is HTTPAdapter:
            session.mount(scheme, BoundedAdapter(clock, seconds))


def _remembered(settings_of: Callable[..., Any]) -> Callable[..., Any]:
    """Look for proxies and certificates in the environment once for each server, and not at each request."""
    found: dict[str, dict[str, Any]] = {}

    def remembered(url: str, *arguments: Any, **options: Any) -> dict[str, Any]:  # noqa: ANN401 - those of requests
        server = url[: url.find("/", len("https://"))]
        if server not in found:
            found[server] = settings_of(url, *arguments, **options)
        return dict(found[server])

    return remembered


def no_netrc(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Authenticate a request by nothing: without any such hook, requests would look for a password in ~/.netrc."""
    return request


def exact_target(url: str) -> str:
    """Return the path and the query of a link as they were given; empty if they can't be sent so."""
    parts = urlsplit(url)
    target = url.partition("#")[0].partition("//")[2][len(parts.netloc) :]
    return target if target.startswith("/") and target.isascii() and target.isprintable() and " " not in target else ""
