"""Names failures of connections for messages, never by their own text, which may hold a URL with a secret."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import requests
import urllib3

from tap_qa.http.connections import SlowResponseError

if TYPE_CHECKING:
    from collections.abc import Iterator

_NAMES: tuple[tuple[tuple[type[BaseException], ...], str], ...] = (
    ((socket.gaierror, urllib3.exceptions.NameResolutionError), "name not found"),
    ((ConnectionRefusedError,), "connection refused"),
    ((requests.ConnectTimeout, urllib3.exceptions.ConnectTimeoutError), "no connection in time"),
)


def failure_name(error: BaseException) -> str:
    """Name a failure of a connection or of a response's transport."""
    causes = list(_causes(error))
    for cause in causes:
        if isinstance(cause, SlowResponseError):
            return str(cause)
    for kinds, name in _NAMES:
        if any(isinstance(cause, kinds) for cause in causes):
            return name
    if isinstance(error, (requests.Timeout, urllib3.exceptions.TimeoutError)):
        return "no answer in time"
    if isinstance(error, (requests.ConnectionError, ConnectionError, urllib3.exceptions.ProtocolError)):
        return "the connection failed or broke"
    if isinstance(error, (requests.exceptions.ContentDecodingError, urllib3.exceptions.DecodeError)):
        return "the answer's compression is broken"
    return type(error).__name__


def never_connected(error: BaseException) -> bool:
    """Return whether no connection came about at all, so that the vendor can't have got the request."""
    kinds = (requests.ConnectTimeout, ConnectionRefusedError, urllib3.exceptions.NewConnectionError)
    return any(isinstance(cause, kinds) for cause in _causes(error))


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield an exception and what it came of."""
    seen: set[int] = set()
    cause: BaseException | None = error
    while cause is not None and id(cause) not in seen:
        seen.add(id(cause))
        yield cause
        reason = getattr(cause, "reason", None)
        cause = cause.__cause__ or cause.__context__ or (reason if isinstance(reason, BaseException) else None)
