"""Extraction jobs of CXone as its probes ask for them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from tap_qa.jobs.api import ExportRequest, JobStatus
from tap_qa.probes.answers import Answer, failed, refused, undecided
from tap_qa.probes.asked import DOWNLOAD, get, post
from tap_qa.probes.job import FinishedJob, run_job
from tap_qa.probes.shapes import status
from tap_qa.probes.table import Table, read_table
from tap_qa.vendors.cxone.jobs import JOBS, read_id, read_status
from tap_qa.vendors.cxone.streams import QmQuestions, QmWorkflows, RecordingInteractionMetadata

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tap_qa.http.request import Request, Response
    from tap_qa.probes.account import Account
    from tap_qa.vendors.cxone.jobs import ExtractionJobs

EXTRACTION = (post(JOBS, "entityName", "version", "startDate", "endDate"), get(f"{JOBS}/{{}}"), DOWNLOAD)
DAY = timedelta(days=1)
_STREAMS = {stream.entity: stream for stream in (QmWorkflows, QmQuestions, RecordingInteractionMetadata)}
WORKFLOWS, QUESTIONS, RECORDINGS = _STREAMS
_GENERATED = ("_row_key", "_window_end")
_NOT_FOUND = 404


@dataclass(frozen=True)
class JobRequests:
    """The requests for jobs, as `run_job` takes them; a poll that is refused for its pace is what it looks for."""

    jobs: ExtractionJobs
    poll_seconds: float

    def polls(self, job_id: str) -> Sequence[Request]:
        """Return the one way to ask how a job is."""
        return [replace(self.jobs.poll(job_id), retry_on_403=False)]

    def read_id(self, response: Response) -> str:
        """Read a job's id."""
        return read_id(response)

    def read_status(self, response: Response) -> JobStatus:
        """Read how a job is."""
        return read_status(response)


@dataclass(frozen=True)
class Extraction:
    """A job of an entity, and its table if it has a file."""

    version: str
    job: FinishedJob
    table: Table | None = None

    @property
    def is_unknown(self) -> bool:
        """Whether the vendor has no such entity or version."""
        return self.job.reply.status == _NOT_FOUND


def extract(account: Account, entity: str, version: str, start: date, end: date) -> Extraction:
    """Extract the rows of some days; public clients ask for a day by that and the next one."""
    jobs: ExtractionJobs = account.connection.exports  # type: ignore[attr-defined] # of this vendor's connection
    body = {"entityName": entity, "version": version, "startDate": start.isoformat(), "endDate": end.isoformat()}
    request = jobs.submission(ExportRequest("an extraction of tap-qa-doctor", None, body))
    job = run_job(account, JobRequests(jobs, account.config["poll_seconds"]), request)
    if job.archive is None:
        return Extraction(version, job)
    member = job.archive.member((entity.replace("-", "_"),), alone=True)
    name = entity.replace("-", "_")
    table = read_table(member, "cxone", name, _STREAMS[entity].property_aliases, _GENERATED)
    return Extraction(version, job, table)


def yesterday(account: Account) -> date:
    """Return the last closed day."""
    return account.now().date() - DAY


def newest_workflows(account: Account) -> Extraction:
    """Return yesterday's workflows in the newest version that there is, tried from 4 on."""

    def find() -> Extraction:
        days = yesterday(account), yesterday(account) + DAY
        found = extract(account, WORKFLOWS, "4", *days)
        if not (found.is_unknown or found.job.reply.is_ok):
            return found
        following = extract(account, WORKFLOWS, "3" if found.is_unknown else "5", *days)
        return following if following.table is not None or found.is_unknown else found

    return account.once("workflows", find)


def two_weeks(account: Account) -> Extraction:
    """Return the workflows of the last two weeks."""

    def find() -> Extraction:
        version = newest_workflows(account).version
        return extract(account, WORKFLOWS, version, yesterday(account) - 13 * DAY, yesterday(account))

    return account.once("two weeks", find)


def no_rows(extraction: Extraction) -> Answer:
    """Return why there is nothing to read."""
    reply = extraction.job.reply
    if reply.is_refused:
        return refused("the permission for this entity, or a throttle", status=status(reply))
    if not reply.is_ok:
        return failed(f"HTTP {reply.status}", status=status(reply))
    if not extraction.job.is_done:
        return failed("a job that the vendor says failed")
    return undecided("evaluations of the last two weeks")
