"""Export jobs as probes see them: every request counts, and what the vendor says on the way is kept."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

import requests

from tap_qa.errors import DownloadError, UnexpectedResponseError
from tap_qa.files.archive import Archive
from tap_qa.files.download import Downloads, LinkExpiredError, urls_unlogged
from tap_qa.http.connections import no_netrc
from tap_qa.jobs.api import JobState, JobStatus
from tap_qa.probes.asked import DOWNLOAD, FILE, LOOK_AT_FILE, Reply

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tap_qa.http.request import Request, Response
    from tap_qa.probes.account import Account

MAX_FILE_BYTES = 256 << 20
_LINKS = 3
_MAX_UNKNOWN = 5
"""Polls that find no such job: one that has just begun may be unknown for a moment."""

_IGNORED = frozenset({400, 404, 405, 422})
"""How a host may answer to a way of polling that it does not have."""

_THROTTLED = frozenset({403, 429})


class JobRequests(Protocol):
    """A vendor's requests for jobs."""

    @property
    def poll_seconds(self) -> float:
        """How long to wait between two polls."""
        ...

    def polls(self, job_id: str) -> Sequence[Request]:
        """Return the ways to ask how a job is, the likeliest first."""
        ...

    def read_id(self, response: Response) -> str:
        """Read a job's id from the response to its request."""
        ...

    def read_status(self, response: Response) -> JobStatus:
        """Read how it is."""
        ...


@dataclass
class FinishedJob:
    """What became of a job.

    Attributes:
        reply: The response to its request.
        state: How it ended; None if there was no job.
        took: From its request to its end.
        polls: The responses to the polls, in order.
        way: Which way to poll works.
        url: Where its file is.
        archive: Its file, if it has one.
    """

    reply: Reply
    took: timedelta = timedelta()
    state: JobState | None = None
    polls: list[Reply] = field(default_factory=list)
    way: int = 0
    url: str = field(default="", repr=False)
    archive: Archive | None = None
    size: int = 0
    """Of the file, in bytes."""

    @property
    def is_done(self) -> bool:
        """Whether the vendor did what was asked."""
        return self.state is JobState.DONE

    @property
    def is_throttled(self) -> bool:
        """Whether a poll was refused for its pace."""
        return any(reply.status in _THROTTLED for reply in self.polls)


def run_job(account: Account, jobs: JobRequests, request: Request) -> FinishedJob:
    """Ask for a job, wait for its end, and fetch its file.

    Raises:
        NoRequestsLeftError: It takes too long.
        VendorError: There was no response worth reading.
    """
    clock = account.client.run_context.clock
    started = clock.monotonic()
    reply = account.send(request, once=True)
    job = FinishedJob(reply)
    if not reply.is_ok:
        return job
    status = _wait(account, jobs, jobs.read_id(reply.response), job)
    job.took = timedelta(seconds=clock.monotonic() - started)
    job.state, job.url = status.state, status.url or ""
    job_id = jobs.read_id(reply.response)
    for left in reversed(range(_LINKS if job.url else 0)):
        try:
            _fetch(account, job)
            break
        except LinkExpiredError:
            if not left:
                raise
            job.url = _poll(account, jobs, job_id, job).url or ""
    return job


def _wait(account: Account, jobs: JobRequests, job_id: str, job: FinishedJob) -> JobStatus:
    unknown = 0
    while unknown < _MAX_UNKNOWN:
        account.wait(jobs.poll_seconds, f"{account.client.vendor}'s job")
        status = _poll(account, jobs, job_id, job)
        if status.state in {JobState.DONE, JobState.FAILED}:
            return status
        unknown = unknown + 1 if job.polls[-1].status in _IGNORED else 0
    raise UnexpectedResponseError(account.client.vendor, "it does not know the job that it began.")


def _poll(account: Account, jobs: JobRequests, job_id: str, job: FinishedJob) -> JobStatus:
    """Ask how a job is, in the first way that works."""
    for way, request in enumerate(jobs.polls(job_id)):
        if way < job.way:
            continue
        reply = account.send(request, once=True)
        job.polls.append(reply)
        if reply.status in _IGNORED:
            continue
        job.way = way
        return jobs.read_status(reply.response) if reply.is_ok else JobStatus(JobState.UNKNOWN)
    return JobStatus(JobState.UNKNOWN)


def _fetch(account: Account, job: FinishedJob) -> None:
    account.count(DOWNLOAD.method, FILE)
    client = account.client
    downloads = Downloads(client.vendor, client.base_url, client.run_context, max_bytes=MAX_FILE_BYTES)
    download = downloads.fetch(job.url, "the file of a probe")
    job.size = download.size
    job.archive = Archive(client.vendor, download)


def look_at_link(account: Account, url: str) -> int:
    """Return the status of a HEAD of a file's address, sent without credentials."""
    account.count(LOOK_AT_FILE.method, FILE)
    context = account.client.run_context
    policy = context.retry_policy
    timeout = (policy.connect_timeout_seconds, policy.read_timeout_seconds)
    with urls_unlogged(), context.new_session() as session:
        try:
            return int(session.head(url, timeout=timeout, allow_redirects=False, auth=no_netrc).status_code)
        except requests.RequestException:
            pass  # raised out here, lest the original error with its URL hangs on as the context
    raise DownloadError(account.client.vendor, "the link to a file can't be looked at.")
