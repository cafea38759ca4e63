"""Fetching files that a vendor prepared, from wherever it keeps them.

A file goes to a temporary file without a name, which vanishes with the process however that ends. The request carries
no credentials: neither ours for the vendor's API nor any of ~/.netrc. Its URL is a secret as long as it lives, and
appears in no message, log or exception.
"""

from __future__ import annotations

import logging
import weakref
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

import requests
import urllib3
from typing_extensions import override

from tap_qa.errors import DownloadError
from tap_qa.http.connections import bound, exact_target, no_netrc
from tap_qa.http.url_policy import DownloadPolicy, is_loopback
from tap_qa.runtime.temporary import HINT, discard, problem_with_room, room_for, temporary_file

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tap_qa.runtime.context import RunContext

MAX_BYTES = 8 << 30
MAX_SECONDS = 3600.0
_NO_CONTENT = 204
_MAX_REDIRECTS = 3
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
# What object stores answer to a link whose time is over.
_EXPIRED = frozenset({400, 401, 403, 404, 410})
_CHUNK_BYTES = 1 << 18
_LOGGERS_WITH_URLS = ("urllib3.connectionpool", "urllib3.connection", "urllib3.util.retry", "urllib3.response")


class LinkExpiredError(DownloadError):
    """The link is refused; a fresh one may do."""


class IncompleteDownloadError(DownloadError):
    """The file did not arrive whole; a further try may do."""

    may_pass = True


class TooLargeError(DownloadError):
    """The file is larger than can be taken; that of a narrower window may do."""


@dataclass(frozen=True)
class Download:
    """A file that arrived whole."""

    file: IO[bytes]
    size: int
    declared_empty: bool = False
    """Whether the server said in so many words that there is nothing in it."""

    def __post_init__(self) -> None:
        """Make sure that the file is deleted when nothing refers to it any more."""
        weakref.finalize(self, self.file.close)

    def close(self) -> None:
        """Let go of it, and of its space on the disk."""
        self.file.close()


class Downloads:
    """Fetches the files of one vendor."""

    def __init__(
        self,
        vendor: str,
        base_url: str,
        run_context: RunContext,
        *,
        rule: DownloadPolicy | None = None,
        max_bytes: int = MAX_BYTES,
    ) -> None:
        """Prepare.

        Args:
            vendor: Its name, for messages.
            base_url: Of its API: only a vendor on this machine may hand out files that are on this machine.
            run_context: Clock, retry policy and the like.
            rule: What may be fetched; by default what `base_url` makes trustworthy.
            max_bytes: The largest file, in bytes.
        """
        self._vendor = vendor
        self._run_context = run_context
        self._rule = rule or DownloadPolicy(loopback_allowed=is_loopback(urlsplit(base_url).hostname))
        self._most = max_bytes
        self._session = run_context.new_session()
        self._session.headers.update(
            {"User-Agent": run_context.user_agent, "Accept": "*/*", "Accept-Encoding": "identity"}
        )
        bound(self._session, run_context.clock, MAX_SECONDS)

    def fetch(self, url: str, what: str) -> Download:
        """Fetch a file, once.

        Args:
            url: Where it is.
            what: What it is, for messages: "the export of total_scores".

        Raises:
            LinkExpiredError: The link is refused.
            IncompleteDownloadError: The server or the network failed.
            TooLargeError: It is larger than the limit.
            DownloadError: The URL must not be fetched, or the disk is full.
        """
        with room_for(self._vendor, what):
            file = temporary_file()
        try:
            with urls_unlogged():
                result = self._try(url, file, what)
        except BaseException:
            discard(file)
            raise
        if isinstance(result, DownloadError):
            discard(file)
            # Raised out here, lest the original error with its URL hangs on as the context.
            raise result
        return result

    def _try(self, url: str, file: IO[bytes], what: str) -> Download | DownloadError:
        """Write the file; return it, or the failure."""
        try:
            declared_empty = self._receive(url, file, what)
            size = file.tell()
            file.seek(0)
        except DownloadError as error:
            return error
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            return self._failure(error, what)
        return Download(file, size, declared_empty)

    def _receive(self, url: str, file: IO[bytes], what: str) -> bool:
        """Write the file; return whether the server announced that it is empty."""
        policy = self._run_context.retry_policy
        timeout = (policy.connect_timeout_seconds, policy.read_timeout_seconds)
        with self._run_context.progress.waiting(f"{self._vendor}'s file, {what}", MAX_SECONDS):
            for _ in range(_MAX_REDIRECTS + 1):
                self._check(url, what)
                self._session.cookies.clear()
                with self._get(url, timeout) as response:
                    target = response.headers.get("Location")
                    if response.status_code in _REDIRECTS and target:
                        url = urljoin(url, target)
                        continue
                    self._check_status(response.status_code, what)
                    self._copy(response, file, what)
                    return response.status_code == _NO_CONTENT or response.headers.get("Content-Length") == "0"
        raise DownloadError(self._vendor, f"{what} is redirected without an end.")

    def _get(self, url: str, timeout: tuple[float, float]) -> requests.Response:
        """Ask for a link letter by letter as it was given: its signature may cover each."""
        request = _LinkRequest()
        request.prepare("GET", url, headers=self._session.headers, auth=no_netrc)
        request.target = exact_target(url)
        settings = self._session.merge_environment_settings(request.url, {}, stream=True, verify=None, cert=None)
        return self._session.send(request, timeout=timeout, allow_redirects=False, **settings)

    def _check(self, url: str, what: str) -> None:
        problem = self._rule.violation(url)
        if problem is not None:
            raise DownloadError(self._vendor, f"{what} is not fetched from where it is said to be: {problem}.")

    def _check_status(self, status: int, what: str) -> None:
        if status in _EXPIRED:
            raise LinkExpiredError(self._vendor, f"the link to {what} is refused or has expired (HTTP {status}).")
        if status not in {requests.codes.ok, _NO_CONTENT}:
            raise IncompleteDownloadError(self._vendor, f"{what} can't be fetched (HTTP {status}).")

    def _copy(self, response: requests.Response, file: IO[bytes], what: str) -> None:
        deadline = self._run_context.clock.monotonic() + MAX_SECONDS
        size = 0
        # urllib3 raises if the body is shorter than announced.
        while chunk := response.raw.read1(_CHUNK_BYTES, decode_content=True):
            size += len(chunk)
            if size > self._most:
                raise TooLargeError(self._vendor, f"{what} is larger than {self._most >> 20} MiB.")
            file.write(chunk)
            if self._run_context.clock.monotonic() > deadline:
                raise IncompleteDownloadError(self._vendor, f"{what} took over {MAX_SECONDS:.0f} s to arrive.")

    def _failure(self, error: Exception, what: str) -> DownloadError:
        problem = problem_with_room(error, what) if isinstance(error, OSError) else ""
        if problem:
            return DownloadError(self._vendor, problem, HINT)
        if isinstance(error, requests.exceptions.SSLError):
            return DownloadError(self._vendor, f"the server that holds {what} has no trustworthy TLS certificate.")
        return IncompleteDownloadError(self._vendor, f"{what} can't be fetched whole ({type(error).__name__}).")


class _LinkRequest(requests.PreparedRequest):
    """A request for a link."""

    target: str
    """Its path and query as they were given, if they can be sent so."""


class _DropAll(logging.Filter):
    """Drops everything."""

    @override
    def filter(self, record: logging.LogRecord) -> bool:
        return False


@contextmanager
def urls_unlogged() -> Iterator[None]:
    """Keep the libraries from logging the URL, at whatever level a user has set."""
    mute = _DropAll()
    loggers = [logging.getLogger(name) for name in _LOGGERS_WITH_URLS]
    for logger in loggers:
        logger.addFilter(mute)
    try:
        yield
    finally:
        for logger in loggers:
            logger.removeFilter(mute)
