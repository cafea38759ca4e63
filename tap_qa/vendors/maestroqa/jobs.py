"""MaestroQA's API (now Rippit's), by the help page "MaestroQA API": exports are asked for, polled and downloaded."""

from __future__ import annotations

import contextlib
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import requests

from tap_qa.errors import RequestRejectedError
from tap_qa.http.attempt_errors import TransientError, UnreadableResponseError
from tap_qa.http.rate_limit import RateLimit, RateLimiter
from tap_qa.http.request import Request, Response, path_segment
from tap_qa.http.response import decode_json
from tap_qa.jobs.api import JobLimits, JobState, JobStatus, redact_message
from tap_qa.jobs.client_jobs import ClientJobs
from tap_qa.jobs.responses import job_id, link

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tap_qa.http.client import Client
    from tap_qa.jobs.api import ExportRequest

    Poll = Callable[[str], Request]

EXPORT_LIMITS = (RateLimit(1, 1), RateLimit(30, 60))
"""How often the help page allows a request that asks for an export; it calls these "demanding"."""

STANDARD_LIMITS = (RateLimit(10, 1), RateLimit(100, 60))
"""How often the help page allows a request that asks for no export."""

MIN_WINDOW = timedelta(hours=1)
_STATES = {
    "requested": JobState.RUNNING,
    "in_progress": JobState.RUNNING,
    "complete": JobState.DONE,
    "errored": JobState.FAILED,
}
_MESSAGES = ("error", "message", "errorMessage")
_NO_SUCH_POLL = frozenset({400, 404, 405, 422})
"""The statuses with which a host may reject a form of poll that it does not know."""

NO_EXPORT = "tap-qa-connection-test"


class Exports(ClientJobs):
    """Submits exports and polls them.

    "Demanding" requests, which ask for an export, are allowed once a second and 30 times a minute; "easy" ones, which
    poll, 10 times a second and 100 times a minute.
    """

    def __init__(self, client: Client, config: Mapping[str, Any]) -> None:
        """Prepare.

        Args:
            client: For the requests.
            config: The settings of the vendor.
        """
        super().__init__(client)
        self.limits = JobLimits(
            poll_seconds=config["poll_seconds"],
            job_timeout_seconds=config["job_timeout_minutes"] * 60,
            timeout_setting="maestroqa.job_timeout_minutes",
            rates=EXPORT_LIMITS,
            max_concurrent=2,
            max_rejections=client.run_context.retry_policy.max_attempts,
        )
        self.demanding = RateLimiter(*EXPORT_LIMITS)
        self.easy = RateLimiter(*STANDARD_LIMITS)
        self._polls = (self._poll_by_header, self._poll_by_path, self._poll_by_body)
        self._poll: Poll = self._poll_by_header

    def delay(self, request: ExportRequest) -> float:
        """Return how many seconds the rate limit makes the next request wait."""
        return self.client.delay(self.submission(request))

    def submit(self, request: ExportRequest) -> str:
        """Submit an export; return its id."""
        return self.client.send_once(self.submission(request), job_id)

    def status(self, job_id: str) -> JobStatus:
        """Poll an export.

        The help page polls `/get-export-data` with the id in a header or in the body; its newer edition,
        `/export-data/{id}`. Which of them an account's host has shows at the first poll.
        """
        rejections = []
        for poll in sorted(self._polls, key=lambda poll: poll != self._poll):
            result = self._try_poll(poll, job_id)
            if isinstance(result, JobStatus):
                self._poll = poll
                return result
            rejections.append(result)
        raise rejections[0]

    def _try_poll(self, poll: Poll, job_id: str) -> JobStatus | RequestRejectedError:
        try:
            return self.client.send_once(poll(job_id), read_status)
        except RequestRejectedError as rejection:
            if rejection.status not in _NO_SUCH_POLL:
                raise
            return rejection

    def check_token(self) -> None:
        """Check the token, by a poll of an export that does not exist.

        Raises:
            TapQAError: The token is rejected, or the vendor can't be reached.
        """
        request = self._poll_by_header(NO_EXPORT)
        with contextlib.suppress(RequestRejectedError):
            try:
                self.client.send_once(request, lambda _answer: None)
            except TransientError as failure:
                # Some servers stumble over an id that they don't know; the token has passed by then.
                if failure.status != requests.codes.server_error:
                    self.client.send(request, lambda _answer: None)

    def polls(self, job_id: str) -> list[Request]:
        """Return the requests that may poll an export, the form that worked last first."""
        return [poll(job_id) for poll in sorted(self._polls, key=lambda poll: poll != self._poll)]

    def submission(self, request: ExportRequest) -> Request:
        """Return the request for an export."""
        return Request(
            request.path,
            method="POST",
            json=dict(request.body),
            rate_limiter=self.demanding,
            idempotent=False,
            description=str(request),
        )

    def _poll_by_header(self, job_id: str) -> Request:
        return Request(
            "get-export-data",
            headers={"exportId": job_id},
            rate_limiter=self.easy,
            description="the state of an export",
        )

    def _poll_by_body(self, job_id: str) -> Request:
        return Request(
            "get-export-data", json={"exportId": job_id}, rate_limiter=self.easy, description="the state of an export"
        )

    def _poll_by_path(self, job_id: str) -> Request:
        path = f"export-data/{path_segment(self.vendor, job_id)}"
        return Request(path, rate_limiter=self.easy, description="the state of an export")


def fetch_server_time(client: Client) -> None:
    """Fetch the vendor's time by the cheapest request: by this machine's clock, rows might be skipped.

    Raises:
        UnavailableError: There is no response.
    """
    client.fetch_server_time(Request("", method="HEAD", authenticated=False, description="the time"))


def read_status(response: Response) -> JobStatus:
    """Read the status of an export."""
    body = decode_json(response)
    word = body.get("status") if isinstance(body, dict) else None
    if not isinstance(word, str):
        message = "an answer without a status"
        raise UnreadableResponseError(message)
    state = _STATES.get(word.strip().lower(), JobState.UNKNOWN)
    return JobStatus(
        state,
        word,
        url=link(body) if state is JobState.DONE else None,
        message=next(filter(None, (redact_message(body.get(name)) for name in _MESSAGES)), ""),
    )
