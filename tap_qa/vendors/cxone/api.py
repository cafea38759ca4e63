"""CXone's Data Extraction API, by the vendor's document "Data Extraction APIs - V1" and what its users met."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import requests

from tap_qa.errors import RequestRefusedError
from tap_qa.http.answers import decode_json
from tap_qa.http.call import Answer, Call
from tap_qa.http.failures import TransientError, UnreadableError
from tap_qa.http.pacing import Pacer, Rate
from tap_qa.jobs.client_jobs import ClientJobs
from tap_qa.jobs.model import State, Status, Terms, scrubbed
from tap_qa.jobs.reading import job_id, link

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tap_qa.http.client import Client
    from tap_qa.jobs.model import Request

_JOBS = "data-extraction/v1/jobs"
_STATES = {
    "RUNNING": State.RUNNING,
    "SUCCEEDED": State.DONE,
    "SUCCESS": State.DONE,
    "FAILED": State.FAILED,
    "CANCELLED": State.FAILED,
    "EXPIRED": State.FAILED,
}
# The vendor's documents say errorMessage; a client that reads messageError is in use.
_MESSAGES = ("errorMessage", "messageError")
FORBIDDEN = (
    "Either the key's role lacks the permission QM Tools > Data Extraction APIs > QM Workflow API, or the vendor "
    "throttles: it takes one call in 30 seconds, from one consumer of the tenant at a time. Check the role and who "
    "else extracts data, or raise cxone.call_interval_seconds."
)


class ExtractionJobs(ClientJobs):
    """Asks for extraction jobs and looks after them: one at a time, whoever in the tenant asks.

    A 403 may mean a missing permission or a throttle; a 400 or 409, that another job is running.
    """

    def __init__(self, client: Client, config: Mapping[str, Any]) -> None:
        """Prepare.

        Args:
            client: For the calls.
            config: The settings of the vendor.
        """
        super().__init__(client)
        interval = config["call_interval_seconds"]
        self.terms = Terms(
            poll_seconds=config["poll_seconds"],
            job_timeout_seconds=config["job_timeout_minutes"] * 60,
            timeout_setting="cxone.job_timeout_minutes",
            ahead=1,
            refusal_wait_seconds=interval + 1,
            busy_statuses=frozenset({requests.codes.bad_request, requests.codes.conflict}),
            looks_for_link=3,
            refusals=client.around.patience.tries,
        )
        self._pacer = Pacer(Rate(1, interval)) if interval else None
        self._future_is_refused = False

    def delay(self, request: Request) -> float:
        """Return how many seconds the pace makes the next request wait."""
        return self.client.delay(self._call(request))

    def request(self, request: Request) -> str:
        """Ask for a job; return its id."""
        call = self._call(request)
        try:
            return self.client.attempt(call, _job_id)
        except RequestRefusedError as refusal:
            if refusal.status == requests.codes.not_found:
                raise self._unknown_version(request) from refusal
            if refusal.status == requests.codes.bad_request and call.json["endDate"] > self._today():
                # Nobody says whether a job may end on a day to come. If not, today's rows have to wait for tomorrow.
                self._future_is_refused = True
                message = "HTTP 400 for a job that ends tomorrow"
                raise TransientError(message, status=refusal.status) from refusal
            raise

    def status(self, job_id: str) -> Status:
        """Look how a job is."""
        call = Call(f"{_JOBS}/{job_id}", forbidden_may_be_throttle=True, purpose="the state of a job")
        return self.client.attempt(call, _status)

    def busy(self) -> bool:
        """Tell whether any job of the tenant is running."""
        call = Call(_JOBS, forbidden_may_be_throttle=True, purpose="the tenant's jobs")
        return self.client.attempt(call, _any_running)

    def _call(self, request: Request) -> Call:
        body = dict(request.body)
        if self._future_is_refused:
            body["endDate"] = max(min(body["endDate"], self._today()), body["startDate"])
        return Call(
            _JOBS,
            method="POST",
            json=body,
            pacer=self._pacer,
            forbidden_may_be_throttle=True,
            repeatable=False,
            purpose=request.what,
        )

    def _today(self) -> str:
        return self.client.vendor_clock.now().date().isoformat()

    def _unknown_version(self, request: Request) -> RequestRefusedError:
        entity, version = request.body["entityName"], request.body["version"]
        setting = f"cxone.{entity.replace('-', '_')}_version"
        what = f"HTTP 404, there is no version {version} of {entity}."
        do = f"Check {setting} against the vendor's help page on data extraction; else check cxone.url."
        return RequestRefusedError(self.vendor, what, do, status=requests.codes.not_found)


def _job_id(answer: Answer) -> str:
    """Read a job's id: a bare string, as documented, or an object that holds one."""
    return job_id(answer, inside="jobStatus")


def _status(answer: Answer) -> Status:
    body = decode_json(answer)
    job = body.get("jobStatus", body) if isinstance(body, dict) else None
    word = job.get("status") if isinstance(job, dict) else None
    if not isinstance(job, dict) or not isinstance(word, str):
        message = "an answer without a status"
        raise UnreadableError(message)
    result = job.get("result")
    state = _STATES.get(word.strip().upper(), State.UNKNOWN)
    places = [place for place in (result, job, body) if isinstance(place, dict)]
    return Status(
        state,
        word,
        url=link(result, job, body) if state is State.DONE else None,
        message=next(filter(None, (scrubbed(place.get(name)) for place in places for name in _MESSAGES)), ""),
    )


def _any_running(answer: Answer) -> bool:
    body = decode_json(answer)
    jobs = body.get("jobs") if isinstance(body, dict) else body
    return isinstance(jobs, list) and any(
        isinstance(job, dict) and str(job.get("status")).strip().upper() == "RUNNING" for job in jobs
    )
