"""CXone's Data Extraction API, by the vendor's document "Data Extraction APIs - V1" and what its users met."""

from __future__ import annotations

from datetime import date
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
from tap_qa.state.windows import DAY
from tap_qa.vendors.cxone.entities import version_setting

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tap_qa.http.client import Client
    from tap_qa.jobs.api import ExportRequest

_BAD_REQUESTS = frozenset({400, 422})
JOBS = "data-extraction/v1/jobs"
_STATES = {
    "RUNNING": JobState.RUNNING,
    "SUCCEEDED": JobState.DONE,
    "SUCCESS": JobState.DONE,
    "FAILED": JobState.FAILED,
    "CANCELLED": JobState.FAILED,
    "EXPIRED": JobState.FAILED,
}
# The vendor's documents say errorMessage; a client that reads messageError is in use.
_MESSAGES = ("errorMessage", "messageError")
FORBIDDEN = (
    "Either the key's role lacks the permission QM Tools > Data Extraction APIs > QM Workflow API, or the vendor "
    "throttles: it takes one call in 30 seconds, from one consumer of the tenant at a time. Check the role and who "
    "else extracts data, or raise cxone.call_interval_seconds."
)


class ExtractionJobs(ClientJobs):
    """Submits extraction jobs and polls them: one at a time in the whole tenant.

    A 403 may mean a missing permission or a throttle; a 400 or 409, that another job is running.
    """

    def __init__(self, client: Client, config: Mapping[str, Any]) -> None:
        """Prepare.

        Args:
            client: For the requests.
            config: The settings of the vendor.
        """
        super().__init__(client)
        interval = config["call_interval_seconds"]
        self.limits = JobLimits(
            poll_seconds=config["poll_seconds"],
            job_timeout_seconds=config["job_timeout_minutes"] * 60,
            timeout_setting="cxone.job_timeout_minutes",
            rates=(RateLimit(1, interval),) if interval else (),
            max_concurrent=1,
            rejection_wait_seconds=interval + 1,
            busy_statuses=frozenset({requests.codes.bad_request, requests.codes.conflict}),
            max_polls_without_link=3,
            max_rejections=client.run_context.retry_policy.max_attempts,
        )
        self._rate_limiter = RateLimiter(*self.limits.rates)
        # No document says whether a job may end on a day to come. If not, today's rows may have to wait for tomorrow.
        self._future_is_rejected = False
        self._ending_in_future: set[str] = set()

    def delay(self, request: ExportRequest) -> float:
        """Return how many seconds the rate limit makes the next request wait."""
        return self.client.delay(self.submission(request))

    def submit(self, export_request: ExportRequest) -> str:
        """Submit a job; return its id."""
        request = self.submission(export_request)
        try:
            job = self.client.send_once(request, read_id)
        except RequestRejectedError as rejection:
            if rejection.status == requests.codes.not_found:
                raise self._unknown_version(export_request) from rejection
            if rejection.status in _BAD_REQUESTS and self._ends_in_future(request):
                self._future_is_rejected = True
                message = f"HTTP {rejection.status} for a job that ends tomorrow"
                raise TransientError(message, status=rejection.status) from rejection
            raise
        except TransientError as failure:
            if failure.status == requests.codes.server_error and self._ends_in_future(request):
                self._future_is_rejected = True
            raise
        # A longer job may also fail because it has too many rows; it is halved until one such day is left.
        if self._ends_in_future(request) and _days(request) <= 1:
            self._ending_in_future.add(job)
        return job

    def status(self, job_id: str) -> JobStatus:
        """Poll a job."""
        request = self.poll(job_id)
        status = self.client.send_once(request, read_status)
        if status.state is JobState.FAILED and job_id in self._ending_in_future:
            self._future_is_rejected = True
        return status

    def poll(self, job_id: str) -> Request:
        """Return the request that polls a job."""
        path = f"{JOBS}/{path_segment(self.vendor, job_id)}"
        return Request(path, retry_on_403=True, description="the state of a job")

    def has_running_job(self) -> bool:
        """Return whether any job of the tenant is running."""
        request = Request(JOBS, retry_on_403=True, description="the tenant's jobs")
        return self.client.send_once(request, _any_running)

    def submission(self, request: ExportRequest) -> Request:
        """Return the request for a job."""
        body = dict(request.body)
        if self._future_is_rejected:
            # At least a day wide: no document says whether a job may start and end on one day. A window that this
            # machine's clock alone put into the future becomes today's.
            today = self.client.server_clock.now().date()
            body["startDate"] = min(body["startDate"], (today - DAY).isoformat())
            body["endDate"] = min(body["endDate"], today.isoformat())
        return Request(
            JOBS,
            method="POST",
            json=body,
            rate_limiter=self._rate_limiter,
            retry_on_403=True,
            idempotent=False,
            description=str(request),
        )

    def _ends_in_future(self, request: Request) -> bool:
        return bool(request.json["endDate"] > self._today())

    def _today(self) -> str:
        return self.client.server_clock.now().date().isoformat()

    def _unknown_version(self, request: ExportRequest) -> RequestRejectedError:
        entity, version = request.body["entityName"], request.body["version"]
        what = f"HTTP 404, there is no version {version} of {entity}."
        do = f"Check {version_setting(entity)} against the vendor's help page on data extraction; else check cxone.url."
        return RequestRejectedError(self.vendor, what, do, status=requests.codes.not_found)


def _days(request: Request) -> int:
    start, end = (date.fromisoformat(request.json[name]) for name in ("startDate", "endDate"))
    return (end - start).days


def read_id(response: Response) -> str:
    """Read a job's id: a bare string, as documented, or an object that holds one."""
    return job_id(response, inside="jobStatus")


def read_status(response: Response) -> JobStatus:
    """Read the status of a job."""
    body = decode_json(response)
    job = body.get("jobStatus", body) if isinstance(body, dict) else None
    word = job.get("status") if isinstance(job, dict) else None
    if not isinstance(job, dict) or not isinstance(word, str):
        message = "an answer without a status"
        raise UnreadableResponseError(message)
    result = job.get("result")
    state = _STATES.get(word.strip().upper(), JobState.UNKNOWN)
    places = [place for place in (result, job, body) if isinstance(place, dict)]
    return JobStatus(
        state,
        word,
        url=link(result, job, body) if state is JobState.DONE else None,
        message=next(filter(None, (redact_message(place.get(name)) for place in places for name in _MESSAGES)), ""),
    )


def _any_running(response: Response) -> bool:
    body = decode_json(response)
    jobs = body.get("jobs") if isinstance(body, dict) else body
    return isinstance(jobs, list) and any(
        isinstance(job, dict) and str(job.get("status")).strip().upper() == "RUNNING" for job in jobs
    )
