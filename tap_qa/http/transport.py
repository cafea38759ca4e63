"""Sends one request and reads its whole response, only from the server that was asked, and within a time limit."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

import requests
import urllib3

from tap_qa import json_codec
from tap_qa.http.attempt_errors import TransientError
from tap_qa.http.connections import bound
from tap_qa.http.failure_names import failure_name, never_connected
from tap_qa.http.request import Request, Response
from tap_qa.http.url_policy import same_origin

if TYPE_CHECKING:
    from collections.abc import Callable

    from tap_qa.runtime.clock import Clock
    from tap_qa.runtime.context import RetryPolicy

MAX_RESPONSE_SECONDS = 900
MAX_RESPONSE_BYTES = 256 << 20
_MAX_ERROR_BYTES = 1 << 16
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_MAX_REDIRECTS = 3
_CHUNK_BYTES = 1 << 16
_TRANSPORT_FAILURES = (requests.RequestException, urllib3.exceptions.HTTPError, OSError)


class UntrustedServerError(Exception):
    """The server can't be verified, redirects to another one, or sends without an end."""


class Transport:
    """Sends requests of one client. May be used from several threads."""

    def __init__(
        self,
        session: requests.Session,
        clock: Clock,
        retry_policy: RetryPolicy,
        on_date_header: Callable[[str | None], None],
    ) -> None:
        """Prepare.

        Args:
            session: Holds the connections, and what all requests have in common.
            clock: Its monotonic time limits a response as a whole.
            retry_policy: How long a connection may take, and how long a server may be silent.
            on_date_header: Gets the `Date` of each response, whatever its status.
        """
        self._session = session
        bound(session, clock, MAX_RESPONSE_SECONDS)
        self._clock = clock
        self._on_date_header = on_date_header
        self._timeout = (retry_policy.connect_timeout_seconds, retry_policy.read_timeout_seconds)

    def send(self, request: Request, url: str, headers: dict[str, str]) -> Response:
        """Send a request once.

        Raises:
            TransientError: No response came, or not all of it. Only the kind of failure is reported: its own text may
                hold the URL.
            UntrustedServerError: There is no TLS connection to trust, or a redirect leads to another server.
        """
        try:
            return self._exchange(request, url, headers)
        except requests.exceptions.SSLError as error:
            msg = "got no trustworthy TLS connection."
            raise UntrustedServerError(msg) from error
        except _TRANSPORT_FAILURES as error:
            raise TransientError(failure_name(error), outcome_known=never_connected(error)) from error
        except ValueError as error:
            # requests parses a redirect's target even with allow_redirects=False.
            msg = "is redirected to an address that is none."
            raise UntrustedServerError(msg) from error

    def _exchange(self, request: Request, url: str, headers: dict[str, str]) -> Response:
        params = dict(request.params)
        data: Any = request.form
        if request.json is not None:
            data, headers = bytes(json_codec.encode(request.json)), {"Content-Type": "application/json", **headers}
        for _ in range(_MAX_REDIRECTS + 1):
            response = self._session.request(
                request.method,
                url,
                params=params,
                data=data,
                headers=headers,
                timeout=self._timeout,
                allow_redirects=False,
                stream=True,
            )
            with response:
                self._on_date_header(response.headers.get("Date"))
                if response.status_code not in _REDIRECTS:
                    return Response(response.status_code, response.headers, _read(response))
                url, params = _redirected(request, response), {}
        msg = "is redirected without an end."
        raise UntrustedServerError(msg)


def _read(response: requests.Response) -> bytes:
    """Return a body: whole, or the start of it if it only explains a failure.

    Raises:
        UntrustedServerError: It is larger than any response should be.
    """
    if "," in response.headers.get("Content-Encoding", ""):
        msg = "the answer is compressed more than once"
        raise TransientError(msg)
    is_wanted = response.status_code < requests.codes.bad_request
    most = MAX_RESPONSE_BYTES if is_wanted else _MAX_ERROR_BYTES
    whole = io.BytesIO()  # unlike a list of chunks, it hands out its text without a copy
    while chunk := response.raw.read1(_CHUNK_BYTES, decode_content=True):
        whole.write(chunk)
        if whole.tell() > most:
            if is_wanted:
                msg = f"got an answer of over {most >> 20} MiB, which is not read."
                raise UntrustedServerError(msg)
            break
    return whole.getvalue()


def _redirected(request: Request, response: requests.Response) -> str:
    """Return where a redirect leads, if that may be followed: nowhere but to the same server, and by GET."""
    target = urljoin(response.url, response.headers.get("Location", ""))
    is_redirect = "Location" in response.headers
    if request.method == "GET" and is_redirect and same_origin(urlsplit(response.url), urlsplit(target)):
        return target
    msg = "is redirected to another address, which is not followed with credentials."
    raise UntrustedServerError(msg)
