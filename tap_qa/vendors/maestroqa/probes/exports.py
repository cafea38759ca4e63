"""Exports of MaestroQA as its probes ask for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from tap_qa.jobs.api import ExportRequest, JobStatus
from tap_qa.jobs.responses import job_id
from tap_qa.probes.asked import DOWNLOAD, get, post
from tap_qa.probes.job import FinishedJob, run_job
from tap_qa.probes.table import Table, read_table
from tap_qa.records.timestamps import zulu
from tap_qa.vendors.maestroqa.jobs import read_status
from tap_qa.vendors.maestroqa.streams import SCORE_FILES, ScoreStream

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tap_qa.http.request import Request, Response
    from tap_qa.probes.account import Account
    from tap_qa.vendors.maestroqa.jobs import Exports

POLLS = (get("get-export-data"), get("export-data/{}"), DOWNLOAD)
RAW_EXPORT = (post("request-raw-export", "startDate", "endDate", "name", "singleFileExport"), *POLLS)
GENERATED = ("_row_key", "_window_end")
SCORES = "total_scores"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True)
class ExportRequests:
    """The requests for exports, as `run_job` takes them."""

    exports: Exports
    poll_seconds: float

    def polls(self, job_id: str) -> Sequence[Request]:
        """Return the ways to ask how an export is."""
        return self.exports.polls(job_id)

    def read_id(self, response: Response) -> str:
        """Read the id of an export."""
        return job_id(response)

    def read_status(self, response: Response) -> JobStatus:
        """Read how an export is."""
        return read_status(response)


@dataclass
class Grades:
    """A raw export with grades.

    Attributes:
        start: Of its window.
        end: Of its window.
        job: How it went.
        tables: Its files by their names in the vendor's article, those that it has.
        others: How many files have other names.
    """

    start: datetime
    end: datetime
    job: FinishedJob
    tables: dict[str, Table]
    others: int = 0

    @property
    def scores(self) -> Table | None:
        """The file with one row a grade, if it has rows."""
        table = self.tables.get(SCORES)
        return table if table is not None and table.rows else None


def ask(account: Account, path: str, **body: Any) -> FinishedJob:  # noqa: ANN401 - JSON
    """Ask for an export, and wait for it."""
    exports: Exports = account.connection.exports  # type: ignore[attr-defined] # of this vendor's connection
    request = exports.submission(
        ExportRequest("an export of tap-qa-doctor", None, {**body, "name": "tap-qa-doctor"}, path)
    )
    return run_job(account, ExportRequests(exports, account.config["poll_seconds"]), request)


def raw_export(account: Account, start: datetime, end: datetime, file: str = "") -> Grades:
    """Export the grades that were updated between two instants: one file, or all in a zip."""
    single = {"singleFileExport": file} if file else {}
    job = ask(account, "request-raw-export", startDate=zulu(start), endDate=zulu(end), **single)
    grades = Grades(start, end, job, {})
    if job.archive is None:
        return grades
    if file:
        grades.tables[file] = _table(job, file, (file,))
        return grades
    for name, names in SCORE_FILES.items():
        if not job.archive.lacks(names, [other for found in SCORE_FILES.values() for other in found]):
            grades.tables[name] = _table(job, name, names)
    grades.others = len(job.archive.stems) - len(grades.tables)
    return grades


def stream_of(file: str) -> type[ScoreStream]:
    """Return the stream that reads a file."""
    return next(found for found in ScoreStream.__subclasses__() if vars(found)["name"] == f"maestroqa_{file}")


def _table(job: FinishedJob, name: str, names: Sequence[str]) -> Table:
    assert job.archive is not None  # noqa: S101 - for the type checker
    member = job.archive.member(names, alone=len(names) == 1 and not job.archive.stems)
    return read_table(member, "maestroqa", name, stream_of(name).property_aliases, GENERATED)


def latest_grades(account: Account) -> Grades:
    """Return the grades of the last closed hour, or of the day before its end if that hour has none."""

    def find() -> Grades:
        end = account.now().replace(minute=0, second=0)
        grades = raw_export(account, end - HOUR, end)
        return grades if grades.scores or not grades.job.reply.is_ok else raw_export(account, end - DAY, end)

    return account.once("grades", find)
