"""The one way to a vendor's API: sends calls, tries again, waits, renews tokens and explains failures."""

from __future__ import annotations

import logging
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urljoin, urlsplit

import requests
import urllib3

from tap_qa.errors import (
    CredentialsError,
    PermissionMissingError,
    RateLimitError,
    RequestRefusedError,
    ShapeError,
    UnavailableError,
    VendorError,
)
from tap_qa.http import body as json_body
from tap_qa.http.call import Answer, Call
from tap_qa.http.urls import same_origin
from tap_qa.http.waits import LONGEST_BACKOFF_SECONDS, backoffs, demanded, exhausted

if TYPE_CHECKING:
    from collections.abc import Callable

    from msgspec import Raw

    from tap_qa.clock import Clock
    from tap_qa.http.auth import Auth
    from tap_qa.progress import Progress, Tally
    from tap_qa.vendor_clock import VendorClock
    from tap_qa.waiting import Waiter

logger = logging.getLogger("tap-qa.http")

T = TypeVar("T")

CONNECT_TIMEOUT_SECONDS = 10
LONGEST_ANSWER_SECONDS = 900
TRANSIENT_STATUSES = frozenset({408, 425, 429, 500, 502, 503, 504})
_UNTOUCHED_STATUSES = frozenset({425, 429})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_MOST_REDIRECTS = 3
_CHUNK_BYTES = 1 << 16
_TRANSPORT_FAILURES = (requests.RequestException, urllib3.exceptions.HTTPError, OSError)


class TransientError(Exception):
    """A try failed in a way that may pass; its text is fit for a log."""

    def __init__(self, what: str, wait: float | None = None, *, arrived: bool = True, untouched: bool = False) -> None:
        """Note what is known of it.

        Args:
            what: What happened.
            wait: The seconds that the vendor demands to wait.
            arrived: Whether the vendor surely got the request.
            untouched: Whether the vendor surely did nothing about it.
        """
        super().__init__(what)
        self.wait = wait
        self.arrived = arrived
        self.untouched = untouched


class UnreadableError(TransientError):
    """An answer came that is not what it should be: a login or maintenance page, cut off, or of another shape."""


class DoubtfulError(VendorError):
    """A call that must not be repeated blindly broke off: whether the vendor carried it out is unknown."""

    wait: float | None = None
    """The seconds that the vendor demands to wait before anything else."""


@dataclass(frozen=True)
class Hints:
    """What a user can do about the usual refusals of one vendor."""

    unauthorised: str = ""
    forbidden: str = ""
    not_found: str = ""


@dataclass(frozen=True)
class Patience:
    """How long to keep trying."""

    tries: int = 8
    longest_wait_seconds: float = 70 * 60
    read_timeout_seconds: float = 120


@dataclass(frozen=True)
class Surroundings:
    """What all clients of one run share."""

    clock: Clock
    waiter: Waiter
    progress: Progress
    patience: Patience = field(default_factory=Patience)
    user_agent: str = "tap-qa"
    hide: Callable[[str], None] = lambda _secret: None
    """Keeps a secret that was learnt on the way, as a token, out of the logs."""

    new_session: Callable[[], requests.Session] = requests.Session
    """Opens what connections are made through; tests put a vendor of their own behind it."""


def no_netrc(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Authenticate a request by nothing: without any such hook, requests would look for a password in ~/.netrc."""
    return request


class Client:
    """Talks to one vendor. Streams of the vendor share it, and so its token, its pace and its connections."""

    def __init__(  # noqa: PLR0913 - what a vendor is made of
        self,
        vendor: str,
        base_url: str,
        *,
        auth: Auth,
        around: Surroundings,
        vendor_clock: VendorClock,
        hints: Hints | None = None,
        request_id_header: str | None = None,
    ) -> None:
        """Prepare.

        Args:
            vendor: Its name, for messages.
            base_url: What paths are below, without a slash at its end.
            auth: Proves who we are.
            around: Clock, patience and the like.
            vendor_clock: Is told the `Date` of answers.
            hints: What to do about refusals.
            request_id_header: A header that takes a unique id of each call, which the vendor's support can look up.
        """
        self.vendor = vendor
        self.base_url = base_url.rstrip("/")
        self.auth = auth
        self.around = around
        self.vendor_clock = vendor_clock
        self.hints = hints or Hints()
        self.tally: Tally | None = None
        self._request_id_header = request_id_header
        self._request_id = ""
        self._hold_until = 0.0
        self._session = around.new_session()
        self._session.headers["User-Agent"] = around.user_agent
        self._session.headers["Accept"] = "application/json"
        self._session.auth = no_netrc

    def json(self, call: Call) -> Any:  # noqa: ANN401 - JSON is anything
        """Make a call and read its answer as JSON."""
        return self.call(call, decode_json)

    def call(self, call: Call, parse: Callable[[Answer], T]) -> T:
        """Make a call, again and again if need be, and parse its answer.

        Args:
            call: What to ask.
            parse: Reads the answer; raises TransientError if the answer is not worth reading, so that the call is
                made again.

        Raises:
            UnavailableError: Every try failed.
            RateLimitError: The vendor wants a longer wait than allowed.
            CredentialsError: 401, also with a new token.
            PermissionMissingError: 403.
            RequestRefusedError: Any other refusal.
            ShapeError: The answer never became readable.
            DoubtfulError: A call that is not repeatable broke off.
        """
        waits = backoffs()
        renewed = False
        tries = self.around.patience.tries
        for attempt in range(1, tries + 1):
            try:
                answer = self._send(call)
                if (
                    answer.status == requests.codes.unauthorized
                    and call.authorised
                    and not renewed
                    and self.auth.renew()
                ):
                    renewed = True
                    answer = self._send(call)
                self._check(call, answer)
                return parse(answer)
            except TransientError as failure:  # noqa: PERF203 - trying again is what the loop is for
                if (call.once and not failure.untouched) or not (call.repeatable or failure.arrived):
                    raise self._doubt(call, failure) from failure
                if attempt == tries:
                    raise self._gave_up(call, failure) from failure
                wait = self._wait_for(failure, next(waits))
                logger.info(
                    "%s: %s failed (%s); try %d of %d follows in %.1f s",
                    self.vendor,
                    self._what(call),
                    failure,
                    attempt + 1,
                    tries,
                    wait,
                )
                self.around.waiter.wait(wait, f"{self.vendor}, try {attempt + 1} of {tries} ({failure})")
        raise AssertionError  # pragma: no cover - the last try returns or raises

    def _doubt(self, call: Call, failure: TransientError) -> DoubtfulError:
        what = f"{self._what(call)} broke off ({failure}); whether it was carried out is unknown."
        doubt = DoubtfulError(self.vendor, what)
        doubt.wait = None if failure.wait is None else self._wait_for(failure, 1.0)
        return doubt

    def _wait_for(self, failure: TransientError, usual: float) -> float:
        if failure.wait is None:
            return usual
        longest = self.around.patience.longest_wait_seconds
        if failure.wait > longest:
            raise self._too_long(failure.wait)
        # A little more than demanded: the vendor's clock may run behind, and we are not alone.
        return failure.wait + min(usual, 1.0)

    def _too_long(self, wait: float) -> RateLimitError:
        return RateLimitError(
            self.vendor,
            f"its rate limit asks for a wait of {wait / 60:.0f} minutes, "
            f"more than max_wait_minutes allows ({self.around.patience.longest_wait_seconds / 60:.0f}).",
            "Run again later, or raise max_wait_minutes.",
        )

    def _gave_up(self, call: Call, failure: TransientError) -> VendorError:
        tries = self.around.patience.tries
        if isinstance(failure, UnreadableError):
            return ShapeError(self.vendor, f"{self._what(call)} got, at {tries} tries, {failure}.")
        return UnavailableError(
            self.vendor,
            f"{self._what(call)} failed at {tries} tries, at last with: {failure}.",
            "Run again later; nothing that was read is lost.",
        )

    def _what(self, call: Call) -> str:
        what = f"the call for {call.purpose}" if call.purpose else f"the call {call.method} {call.path}"
        return f"{what} ({self._request_id_header} {self._request_id})" if self._request_id else what

    def _send(self, call: Call) -> Answer:
        """Send once, when the pace allows, and read the answer to its end."""
        clock = self.around.clock
        headers = dict(self.auth.headers()) if call.authorised else {}
        headers.update(call.headers)
        if self._request_id_header:
            headers[self._request_id_header] = self._request_id = str(uuid.uuid4())
        self._keep_pace(call)
        self.around.waiter.work()
        if self.tally is not None:
            self.tally.requests += 1
        with self.around.progress.waiting(f"{self.vendor}'s answer", self.around.patience.read_timeout_seconds):
            deadline = clock.monotonic() + LONGEST_ANSWER_SECONDS
            try:
                answer = self._exchange(call, headers, deadline)
            except requests.exceptions.SSLError as error:
                raise VendorError(
                    self.vendor, f"{self._what(call)} got no trustworthy TLS connection.", f"Check {self.vendor}.url."
                ) from error
            except _TRANSPORT_FAILURES as error:
                # Only the kind of failure is told: its text may hold the URL.
                reached = not isinstance(error, requests.ConnectTimeout) and not _refused(error)
                raise TransientError(_kind(error), arrived=not reached, untouched=not reached) from error
        self._observe(answer)
        return answer

    def _exchange(self, call: Call, headers: dict[str, str], deadline: float) -> Answer:
        url = call.path if call.absolute else f"{self.base_url}/{call.path.lstrip('/')}"
        params = dict(call.params)
        data: Any = call.form
        if call.json is not None:
            data = bytes(json_body.encode(call.json))
            headers = {"Content-Type": "application/json", **headers}
        for _ in range(_MOST_REDIRECTS + 1):
            response = self._session.request(
                call.method,
                url,
                params=params,
                data=data,
                headers=headers,
                timeout=(CONNECT_TIMEOUT_SECONDS, self.around.patience.read_timeout_seconds),
                allow_redirects=False,
                stream=True,
            )
            with response:
                if response.status_code not in _REDIRECTS:
                    return Answer(response.status_code, response.headers, self._read(response, deadline))
                url, params = self._redirected(call, response), {}
        raise VendorError(self.vendor, f"{self._what(call)} is redirected without an end.", f"Check {self.vendor}.url.")

    def _redirected(self, call: Call, response: requests.Response) -> str:
        """Return where a redirect leads, if that may be followed: nowhere but to the same server, and by GET."""
        target = urljoin(response.url, response.headers.get("Location", ""))
        if (
            call.method == "GET"
            and "Location" in response.headers
            and same_origin(urlsplit(response.url), urlsplit(target))
        ):
            return target
        raise VendorError(
            self.vendor,
            f"{self._what(call)} is redirected to another address, which is not followed with credentials.",
            f"Check {self.vendor}.url.",
        )

    def _read(self, response: requests.Response, deadline: float) -> bytes:
        chunks = []
        # read1 returns what has come, so that a server that drips bytes can't hold us for ever.
        while chunk := response.raw.read1(_CHUNK_BYTES, decode_content=True):
            chunks.append(chunk)
            if self.around.clock.monotonic() > deadline:
                msg = f"the answer took over {LONGEST_ANSWER_SECONDS} s"
                raise TransientError(msg)
        return b"".join(chunks)

    def _keep_pace(self, call: Call) -> None:
        clock = self.around.clock
        held = self._hold_until - clock.monotonic()
        if held > 0:
            self.around.waiter.wait(held, f"{self.vendor}'s rate limit to be reset")
        if call.pacer is not None:
            while (delay := call.pacer.delay(clock.monotonic())) > 0:
                self.around.waiter.wait(delay, f"{self.vendor}'s pace")
            call.pacer.note(clock.monotonic())

    def _observe(self, answer: Answer) -> None:
        self.vendor_clock.observe(answer.headers.get("Date"))
        wait = exhausted(answer.headers, now=self.vendor_clock.now())
        if wait and answer.status not in TRANSIENT_STATUSES:
            if wait > self.around.patience.longest_wait_seconds:
                raise self._too_long(wait)
            self._hold_until = self.around.clock.monotonic() + wait

    def _check(self, call: Call, answer: Answer) -> None:
        """Raise for an answer that is a refusal."""
        status = answer.status
        if 200 <= status < 300:  # noqa: PLR2004 - the success class
            return
        if status in TRANSIENT_STATUSES:
            wait = demanded(answer.headers, now=self.vendor_clock.now())
            message = f"HTTP {status}"
            raise TransientError(message, wait, untouched=status in _UNTOUCHED_STATUSES)
        if status == requests.codes.forbidden and call.forbidden_may_be_throttle:
            message = "HTTP 403, which may be a throttle"
            raise TransientError(message, demanded(answer.headers, now=self.vendor_clock.now()))
        raise self.refusal(call, status, complaint=answer.body[:2000].decode("utf-8", "replace"))

    def refusal(
        self, call: Call, status: int, complaint: str = ""
    ) -> VendorError | CredentialsError | PermissionMissingError:
        """Compose the error for a status that no further try will change."""
        if status == requests.codes.unauthorized:
            return CredentialsError(self.vendor, f"HTTP 401, {self._what(call)} was refused.", self.hints.unauthorised)
        if status == requests.codes.forbidden:
            return PermissionMissingError(
                self.vendor, f"HTTP 403, {self._what(call)} is not allowed.", self.hints.forbidden
            )
        do = self.hints.not_found if status == requests.codes.not_found else ""
        what = f"HTTP {status}, {self._what(call)} was refused."
        return RequestRefusedError(self.vendor, what, do, status=status, complaint=complaint)


def decode_json(answer: Answer) -> Any:  # noqa: ANN401 - JSON is anything
    """Read an answer's body as JSON.

    Raises:
        UnreadableError: It is none. Worth a further try.
    """
    return _readable(answer, json_body.decode)


def split_json(answer: Answer) -> dict[str, Raw] | Raw | None:
    """Take an object apart, one level deep, or return an array as it is; None if the answer is neither.

    Raises:
        UnreadableError: It is no JSON. Worth a further try.
    """
    return _readable(answer, json_body.split)


def _readable(answer: Answer, read: Callable[[bytes], T]) -> T:
    try:
        return read(answer.body)
    except json_body.BodyError as error:
        what = f"an answer of {len(answer.body)} bytes that is not the JSON it should be: {error}"
        raise UnreadableError(what) from error


def _kind(error: BaseException) -> str:
    """Name a transport failure without its text, which may hold a URL with a secret in it."""
    if isinstance(error, (requests.Timeout, urllib3.exceptions.TimeoutError)):
        return "no answer in time"
    if isinstance(error, (requests.ConnectionError, ConnectionError, urllib3.exceptions.ProtocolError)):
        return "the connection failed or broke"
    if isinstance(error, (requests.exceptions.ContentDecodingError, urllib3.exceptions.DecodeError)):
        return "the answer's compression is broken"
    return type(error).__name__


def _refused(error: BaseException) -> bool:
    """Tell whether no connection came about at all, so that the vendor can't have got the call."""
    seen: set[int] = set()
    cause: BaseException | None = error
    while cause is not None and id(cause) not in seen:
        seen.add(id(cause))
        if isinstance(cause, (ConnectionRefusedError, urllib3.exceptions.NewConnectionError)):
            return True
        reason = getattr(cause, "reason", None)
        cause = cause.__cause__ or cause.__context__ or (reason if isinstance(reason, BaseException) else None)
    return False


__all__ = [
    "LONGEST_BACKOFF_SECONDS",
    "Client",
    "DoubtfulError",
    "Hints",
    "Patience",
    "Surroundings",
    "TransientError",
    "UnreadableError",
    "decode_json",
    "no_netrc",
    "split_json",
]
