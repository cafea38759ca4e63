"""The one way to a vendor's API: sends calls, tries again, waits, renews tokens and explains failures."""

from __future__ import annotations

import logging
import uuid
from typing import TYPE_CHECKING, Any, TypeVar

import requests

from tap_qa.errors import TapQAError, VendorError
from tap_qa.http.answers import decode_json
from tap_qa.http.exchange import Exchange, UntrustworthyError
from tap_qa.http.explanations import Explanations, Hints
from tap_qa.http.failures import TransientError
from tap_qa.http.waits import backoffs, demanded, exhausted, is_scarce

if TYPE_CHECKING:
    from collections.abc import Callable

    from tap_qa.http.auth import Auth
    from tap_qa.http.call import Answer, Call
    from tap_qa.http.surroundings import Surroundings
    from tap_qa.progress import Tally
    from tap_qa.vendor_clock import VendorClock

logger = logging.getLogger("tap-qa.http")

T = TypeVar("T")

TRANSIENT_STATUSES = frozenset({408, 425, 429, 500, 502, 503, 504})


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
        self._explain = Explanations(vendor, self.hints, around.patience)
        self.tally: Tally | None = None
        self._request_id_header = request_id_header
        self._request_id = ""
        self._hold_until = 0.0
        self._scarce = False
        session = around.new_session()
        session.headers.update({"User-Agent": around.user_agent, "Accept": "application/json"})
        patience = around.patience
        self._exchange = Exchange(session, around.clock, patience.read_timeout_seconds, vendor_clock.observe)

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
                if not call.repeatable and not failure.arrived:
                    raise self._explain.doubtful(self._what(call), failure) from failure
                if attempt == tries:
                    raise self.gave_up(call, failure) from failure
                wait = self.wait_for(failure, next(waits))
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

    def attempt(self, call: Call, parse: Callable[[Answer], T]) -> T:
        """Make a call once: for a caller that has other things to do before it tries again.

        Raises:
            TransientError: The failure may pass; see `wait_for` and `gave_up`.
            CredentialsError: 401, also with a new token.
            PermissionMissingError: 403.
            RequestRefusedError: Any other refusal.
            DoubtfulError: A call that is not repeatable broke off.
        """
        try:
            answer = self._send(call)
            if answer.status == requests.codes.unauthorized and call.authorised and self.auth.renew():
                answer = self._send(call)
        except TransientError as failure:
            if not call.repeatable and not failure.arrived:
                raise self._explain.doubtful(self._what(call), failure) from failure
            raise
        self._check(call, answer)
        return parse(answer)

    def hear(self, call: Call) -> None:
        """Make a call until it has any answer that tells the time, a refusal or a failure too.

        Raises:
            UnavailableError: No try had an answer.
            RateLimitError: The vendor wants a longer wait than allowed.
        """
        waits = backoffs()
        for left in reversed(range(self.around.patience.tries)):
            try:
                self.attempt(call, lambda _answer: None)
            except TransientError as failure:  # noqa: PERF203 - as above
                if self.vendor_clock.is_known:
                    return
                if not left:
                    raise self.gave_up(call, failure) from failure
                wait = self.wait_for(failure, next(waits))
                self.around.waiter.wait(wait, f"{self.vendor}'s time ({failure})")
            except TapQAError:
                return  # an answer it is, and whatever it complains of will be told by calls that matter
            else:
                return

    def delay(self, call: Call) -> float:
        """Return how many seconds the pace makes this call wait, were it made now."""
        now = self.around.clock.monotonic()
        paced = call.pacer.delay(now) if call.pacer is not None else 0.0
        return max(self._hold_until - now, paced, 0.0)

    def wait_for(self, failure: TransientError, usual: float) -> float:
        """Return how many seconds to wait after a failure.

        Args:
            failure: It.
            usual: What to wait if the vendor demands nothing.

        Raises:
            RateLimitError: The vendor wants a longer wait than allowed.
        """
        if failure.wait is None:
            return usual
        longest = self.around.patience.longest_wait_seconds
        if failure.wait > longest:
            raise self._explain.too_long(failure.wait)
        # A little more than demanded: the vendor's clock may run behind, and we are not alone.
        return failure.wait + min(usual, 1.0)

    def gave_up(self, call: Call, failure: TransientError) -> VendorError:
        """Compose the error for a call whose every try failed, at last with this."""
        return self._explain.gave_up(self._what(call), failure)

    def _what(self, call: Call) -> str:
        what = f"the call for {call.purpose}" if call.purpose else f"the call {call.method} {call.path}"
        return f"{what} ({self._request_id_header} {self._request_id})" if self._request_id else what

    def _send(self, call: Call) -> Answer:
        """Send once, when the pace allows, and read the answer to its end."""
        headers = self._headers(call)
        self._keep_pace(call)
        self.around.waiter.work()
        if call.authorised:
            headers.update(self.auth.headers())  # the wait may have outlived the token
        return self._exchange_now(call, headers)

    def glimpse(self, call: Call, parse: Callable[[Answer], T]) -> Callable[[], T | None] | None:
        """Prepare a call that is made once, at once, and whose failure means nothing.

        For what is only asked for ahead of time: whoever needs the answer for sure makes the call anew.

        Returns:
            What makes the call, in whatever thread, and returns None if anything at all was in its way; or None if
            this is no time for guesses.
        """
        if self._scarce or self._hold_until > self.around.clock.monotonic():
            return None
        headers = self._headers(call)

        def look() -> T | None:
            try:
                answer = self._exchange_now(call, headers)
                self._check(call, answer)
                return parse(answer)
            except Exception:  # noqa: BLE001 - see above
                return None

        return look

    def _headers(self, call: Call) -> dict[str, str]:
        if self.tally is not None:
            self.tally.requests += 1
        headers = dict(self.auth.headers()) if call.authorised else {}
        headers.update(call.headers)
        if self._request_id_header:
            headers[self._request_id_header] = self._request_id = str(uuid.uuid4())
        return headers

    def _exchange_now(self, call: Call, headers: dict[str, str]) -> Answer:
        url = call.path if call.absolute else f"{self.base_url}/{call.path.lstrip('/')}"
        with self.around.progress.waiting(f"{self.vendor}'s answer", self.around.patience.read_timeout_seconds):
            try:
                answer = self._exchange.send(call, url, headers)
            except UntrustworthyError as error:
                raise VendorError(
                    self.vendor, f"{self._what(call)} {error}", f"Check the url in the settings of {self.vendor}."
                ) from error
        self._observe(answer)
        return answer

    def _keep_pace(self, call: Call) -> None:
        clock = self.around.clock
        held = self._hold_until - clock.monotonic()
        if held > self.around.patience.longest_wait_seconds:
            raise self._explain.too_long(held)
        if held > 0:
            self.around.waiter.wait(held, f"{self.vendor}'s rate limit to be reset")
        if call.pacer is not None:
            while (delay := call.pacer.delay(clock.monotonic())) > 0:
                self.around.waiter.wait(delay, f"{self.vendor}'s pace")
            call.pacer.note(clock.monotonic())

    def _observe(self, answer: Answer) -> None:
        self._scarce = is_scarce(answer.headers)
        wait = exhausted(answer.headers, now=self.vendor_clock.now())
        if wait and answer.status not in TRANSIENT_STATUSES:
            self._hold_until = self.around.clock.monotonic() + wait

    def _check(self, call: Call, answer: Answer) -> None:
        """Raise for an answer that is a refusal."""
        status = answer.status
        if 200 <= status < 300:  # noqa: PLR2004 - the success class
            return
        if status in TRANSIENT_STATUSES:
            wait = demanded(answer.headers, now=self.vendor_clock.now())
            message = f"HTTP {status}"
            raise TransientError(message, wait, status=status)
        if status == requests.codes.forbidden and call.forbidden_may_be_throttle:
            message = "HTTP 403, which may be a throttle"
            wait = demanded(answer.headers, now=self.vendor_clock.now())
            raise TransientError(message, wait, status=status)
        raise self._explain.refusal(self._what(call), status, complaint=answer.body[:2000].decode("utf-8", "replace"))
