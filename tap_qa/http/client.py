"""The one client of a vendor's API: sends requests, retries, waits, refreshes tokens and explains failures."""

from __future__ import annotations

import logging
import uuid
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

import requests

from tap_qa.errors import TapQAError, VendorError
from tap_qa.http.attempt_errors import OUTAGE_STATUSES, TRANSIENT_STATUSES, BrokenTextError, TransientError
from tap_qa.http.backoff import backoffs
from tap_qa.http.hints import ErrorFactory, Hints
from tap_qa.http.response import decode_json
from tap_qa.http.throttle import Throttle
from tap_qa.http.transport import Transport, UntrustedServerError

if TYPE_CHECKING:
    from collections.abc import Callable

    from tap_qa.http.auth import Auth
    from tap_qa.http.request import Request, Response
    from tap_qa.http.server_clock import ServerClock
    from tap_qa.runtime.context import RunContext
    from tap_qa.runtime.progress import StreamStats

logger = logging.getLogger("tap-qa.http")

T = TypeVar("T")


class Client:
    """Talks to one vendor. Streams of the vendor share it, and so its token, its rate limit and its connections."""

    def __init__(  # noqa: PLR0913 - what a vendor is made of
        self,
        vendor: str,
        base_url: str,
        *,
        auth: Auth,
        run_context: RunContext,
        server_clock: ServerClock,
        hints: Hints | None = None,
        request_id_header: str | None = None,
    ) -> None:
        """Prepare.

        Args:
            vendor: Its name, for messages.
            base_url: What paths are below, without a slash at its end.
            auth: Adds credentials.
            run_context: Clock, retry policy and the like.
            server_clock: Gets the `Date` of responses.
            hints: What to do about rejections.
            request_id_header: A header that takes a unique id of each request, which the vendor's support can look up.
        """
        self.vendor = vendor
        self.base_url = base_url.rstrip("/")
        self.auth = auth
        self.run_context = run_context
        self.server_clock = server_clock
        self.hints = hints or Hints()
        self._errors = ErrorFactory(vendor, self.hints, run_context.retry_policy)
        self.stats: StreamStats | None = None
        self._request_id_header = request_id_header
        self._request_id = ""
        self._throttle = Throttle(vendor, self._errors, run_context)
        session = run_context.new_session()
        session.headers.update({"User-Agent": run_context.user_agent, "Accept": "application/json"})
        retry_policy = run_context.retry_policy
        self._transport = Transport(session, run_context.clock, retry_policy, server_clock.observe)

    def json(self, request: Request) -> Any:  # noqa: ANN401 - JSON is anything
        """Send a request and read its response as JSON."""
        return self.send(request, decode_json)

    def send(self, request: Request, parse: Callable[[Response], T]) -> T:
        """Send a request, with retries, and parse its response.

        Args:
            request: What to send.
            parse: Reads the response; raises TransientError if the response is not usable, so that the request is
                sent again.

        Raises:
            UnavailableError: Every attempt failed.
            RateLimitError: The vendor wants a longer wait than allowed.
            CredentialsError: 401, also with a new token.
            PermissionDeniedError: 403.
            RequestRejectedError: Any other rejection.
            UnexpectedResponseError: The response never became readable.
            OutcomeUnknownError: A request that is not idempotent got no response.
        """
        waits = backoffs()
        refreshed = False
        may_replace_bytes = False
        attempts = self._max_attempts
        for attempt in range(1, attempts + 1):
            try:
                response = self._send(request)
                if (
                    response.status == requests.codes.unauthorized
                    and request.authenticated
                    and not refreshed
                    and self.auth.refresh()
                ):
                    refreshed = True
                    response = self._send(request)
                self._check(request, response)
                # Bytes that are no UTF-8 may be a fault on the way, so they are worth one retry.
                return self._parse(response, parse, may_replace_bytes=may_replace_bytes or attempt == attempts)
            except TransientError as failure:  # noqa: PERF203 - trying again is what the loop is for
                may_replace_bytes = may_replace_bytes or isinstance(failure, BrokenTextError)
                if not request.idempotent and not failure.outcome_known:
                    raise self._errors.outcome_unknown_error(self._describe(request), failure) from failure
                if attempt == attempts:
                    raise self.retries_exhausted_error(request, failure, attempts) from failure
                wait = self.retry_delay(failure, next(waits))
                following = f"attempt {attempt + 1} of {attempts}"
                what = self._describe(request)
                logger.info("%s: %s failed (%s); %s in %.1f s", self.vendor, what, failure, following, wait)
                self.run_context.waiter.wait(wait, f"{self.vendor}, {following} ({failure})")
        raise AssertionError  # pragma: no cover - the last attempt returns or raises

    def send_once(self, request: Request, parse: Callable[[Response], T], *, refresh: bool = True) -> T:
        """Send a request once, for a caller that schedules its own retries.

        After a 401 it is sent once more with a new token, unless `refresh` says that this is the caller's business.

        Raises:
            TransientError: The failure may pass; see `retry_delay` and `retries_exhausted_error`.
            CredentialsError: 401, also with a new token.
            PermissionDeniedError: 403.
            RequestRejectedError: Any other rejection.
            OutcomeUnknownError: A request that is not idempotent got no response.
        """
        try:
            response = self._send(request)
            unauthorized = response.status == requests.codes.unauthorized and request.authenticated
            if refresh and unauthorized and self.auth.refresh():
                response = self._send(request)
        except TransientError as failure:
            if not request.idempotent and not failure.outcome_known:
                raise self._errors.outcome_unknown_error(self._describe(request), failure) from failure
            raise
        self._check(request, response)
        return self._parse(response, parse, may_replace_bytes=True)

    def _parse(self, response: Response, parse: Callable[[Response], T], *, may_replace_bytes: bool) -> T:
        response = replace(response, may_replace_bytes=may_replace_bytes)
        parsed = parse(response)
        if self.stats is not None:
            self.stats.repaired_texts |= response.repaired_texts
        return parsed

    def fetch_server_time(self, request: Request) -> None:
        """Send a request until any response, even a rejection, gives the server time.

        Raises:
            UnavailableError: No attempt had a response.
            RateLimitError: The vendor wants a longer wait than allowed.
        """
        waits = backoffs()
        attempts = self._max_attempts
        for left in reversed(range(attempts)):
            try:
                self.send_once(request, lambda _response: None)
            except TransientError as failure:  # noqa: PERF203 - as above
                if self.server_clock.is_known:
                    return
                if not left:
                    raise self.retries_exhausted_error(request, failure, attempts) from failure
                wait = self.retry_delay(failure, next(waits))
                self.run_context.waiter.wait(wait, f"{self.vendor}'s time ({failure})")
            except TapQAError:
                return  # it has the time; later requests report the rejection
            else:
                return

    def delay(self, request: Request) -> float:
        """Return how many seconds the rate limit would delay this request now."""
        return self._throttle.delay(request)

    def retry_delay(self, failure: TransientError, default_delay: float) -> float:
        """Return how many seconds to wait after a failure.

        Args:
            failure: It.
            default_delay: What to wait if the vendor demands nothing.

        Raises:
            RateLimitError: The vendor wants a longer wait than allowed.
            UnavailableError: It did not respond to any attempt of an earlier request either.
        """
        if failure.is_outage and self.vendor in self.run_context.unreachable_vendors:
            raise self._errors.still_unreachable_error(failure)
        if failure.wait is None:
            return default_delay
        longest = self.run_context.retry_policy.max_wait_seconds
        if failure.wait > longest:
            raise self._errors.wait_too_long_error(failure.wait)
        # A little more than demanded: the vendor's clock may run behind, and other clients wait too.
        return failure.wait + min(default_delay, 1.0)

    def retries_exhausted_error(
        self, request: Request, failure: TransientError, attempts: int | None = None
    ) -> VendorError:
        """Compose the error for a request whose every attempt failed, at last with this.

        If it was an outage, further requests to the vendor are sent once each, until one gets a response.
        """
        self.remember_outage(failure)
        attempts = attempts or self.run_context.retry_policy.max_attempts
        return self._errors.retries_exhausted_error(self._describe(request), failure, attempts)

    def remember_outage(self, failure: TransientError) -> None:
        """Note that a request failed at every attempt, at last with this."""
        if failure.is_outage:
            self.run_context.unreachable_vendors.add(self.vendor)

    @property
    def _max_attempts(self) -> int:
        """How often a request is sent, at most."""
        is_unreachable = self.vendor in self.run_context.unreachable_vendors
        return 1 if is_unreachable else self.run_context.retry_policy.max_attempts

    def _describe(self, request: Request) -> str:
        what = (
            f"the call for {request.description}"
            if request.description
            else f"the call {request.method} {request.path}"
        )
        return f"{what} ({self._request_id_header} {self._request_id})" if self._request_id else what

    def _send(self, request: Request) -> Response:
        """Send once, when the rate limit allows, and read the response to its end."""
        headers = self._headers(request)
        self._throttle.wait(request)
        self.run_context.waiter.run_background_tasks()
        if request.authenticated:
            headers.update(self.auth.headers())  # the wait may have outlived the token
        return self._send_now(request, headers)

    def prepare_prefetch(self, request: Request, parse: Callable[[Response], T]) -> Callable[[], T | None] | None:
        """Prepare a request that is sent once, without a wait, and whose failure is ignored.

        For prefetching: where the response is needed after all, the request is sent again.

        Returns:
            A function that sends the request, in any thread, and returns None if anything failed; or None if the quota
            should not be spent on guesses.
        """
        if not self._throttle.allows_guesses:
            return None
        headers = self._headers(request)

        def send() -> T | None:
            try:
                response = self._send_now(request, headers)
                self._check(request, response)
                return self._parse(response, parse, may_replace_bytes=False)
            except Exception:  # noqa: BLE001 - see above
                return None

        return send

    def _headers(self, request: Request) -> dict[str, str]:
        if self.stats is not None:
            self.stats.requests += 1
        headers = dict(self.auth.headers()) if request.authenticated else {}
        headers.update(request.headers)
        if self._request_id_header:
            headers[self._request_id_header] = self._request_id = str(uuid.uuid4())
        return headers

    def _send_now(self, request: Request, headers: dict[str, str]) -> Response:
        url = request.path if request.is_absolute_url else f"{self.base_url}/{request.path.lstrip('/')}"
        with self.run_context.progress.waiting(
            f"{self.vendor}'s answer", self.run_context.retry_policy.read_timeout_seconds
        ):
            try:
                response = self._transport.send(request, url, headers)
            except UntrustedServerError as error:
                raise VendorError(
                    self.vendor,
                    f"{self._describe(request)} {error}",
                    f"Check the url in the settings of {self.vendor}.",
                ) from error
        if response.status not in OUTAGE_STATUSES:
            self.run_context.unreachable_vendors.discard(self.vendor)
        self._throttle.observe(
            response, now=self.server_clock.now(), is_transient=response.status in TRANSIENT_STATUSES
        )
        return response

    def _check(self, request: Request, response: Response) -> None:
        """Raise for a response that is a rejection."""
        self._errors.raise_for_status(self._describe(request), request, response, now=self.server_clock.now())
