"""The tap's work on export jobs and on Canary Speech's scores, broken on purpose."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from unittest import mock

from tap_qa.files.archive import CorruptFileError
from tap_qa.files.download import LinkExpiredError
from tap_qa.jobs import export, scheduler
from tap_qa.jobs.api import JobLimits, JobState, JobStatus
from tap_qa.state.windows import Window
from tap_qa.streams import base
from tap_qa.streams.checkpoint import Checkpoint
from tap_qa.vendors.canary_speech import dense_windows
from tap_qa.vendors.canary_speech import streams as canary_speech
from tap_qa.vendors.cxone import jobs as cxone
from tap_qa.vendors.cxone.streams import ExtractedStream
from tap_qa.vendors.maestroqa import client
from tap_qa.vendors.maestroqa import jobs as maestroqa
from tests.model.mutants import Mutant, lookback, row_bookmark, setting, state_first

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tap_qa.files.download import Download
    from tap_qa.jobs.api import ExportRequest
    from tap_qa.jobs.job import ExportFile, ExportJob
    from tap_qa.records.chunks import RowChunk


def _any_failure_is_no_rows(
    _scheduler: scheduler.JobScheduler, _export: export.Export, job: ExportJob, _why: str
) -> None:
    job.finish()


def _fetched_or_empty(worth_no_retry: type[Exception]) -> Any:  # noqa: ANN401
    """Take a file that can't be had for an empty one."""

    def fetch(this: scheduler.JobScheduler, of: export.Export, job: ExportJob, url: str) -> None:
        job.links_failed = 0
        _fetch(this, of, job, url)
        if isinstance(job.failure, worth_no_retry) or job.links_failed:
            job.failure = None
            job.finish()

    return fetch


_fetch = scheduler.JobScheduler._fetch  # noqa: SLF001


def _damaged_is_empty(
    this: export.Export, job: ExportJob, download: Download, *, is_last_attempt: bool
) -> ExportFile | None:
    """Take a damaged file for an empty one."""
    try:
        return _open(this, job, download, is_last_attempt=is_last_attempt)
    except CorruptFileError:
        return None


_open = export.Export.open


def _first_reader_only(this: export.WindowTable, constants: Mapping[str, Any]) -> Iterator[RowChunk]:
    """Read of each zip only the first table that is wanted."""
    if this.subscriber == min(this.export._tables):  # noqa: SLF001
        yield from _chunks(this, constants)


_chunks = export.WindowTable.chunks


def _undone_is_done(answer: Any) -> JobStatus:  # noqa: ANN401
    """Take a job that still runs for one that is done."""
    status = _status(answer)
    return replace(status, state=JobState.DONE) if status.state is JobState.RUNNING else status


_status = maestroqa.read_status


@contextmanager
def _statuses_mixed_up() -> Iterator[None]:
    """Look at the job that was asked for last, whichever is meant."""
    last = {"job": ""}

    def submit(this: maestroqa.Exports, request: ExportRequest) -> str:
        last["job"] = _request(this, request)
        return last["job"]

    def status(this: maestroqa.Exports, _job_id: str) -> JobStatus:
        return _status_of(this, last["job"])

    with mock.patch.multiple(maestroqa.Exports, submit=submit, status=status):
        yield


_request, _status_of = maestroqa.Exports.submit, maestroqa.Exports.status


def _without_last_day(this: cxone.ExtractionJobs, request: ExportRequest) -> Any:  # noqa: ANN401
    """Take the last day of a job for part of what it gives."""
    call = _call(this, request)
    end = max(call.json["startDate"], (datetime.fromisoformat(call.json["endDate"]) - _DAY).date().isoformat())
    return replace(call, json={**call.json, "endDate": end})


_call = cxone.ExtractionJobs.submission
_DAY = timedelta(days=1)


def _one_look_for_a_link(**named: Any) -> JobLimits:  # noqa: ANN401
    return JobLimits(**{**named, "max_polls_without_link": 1})


def _whole_window(_: ExtractedStream, window: Window | None) -> Checkpoint:
    return Checkpoint(window)


def _first_subject(this: canary_speech.Scores) -> list[canary_speech.Subject]:
    return _subjects(this)[:1]


_subjects = canary_speech.Scores._subjects  # noqa: SLF001


def _from_shared_stamp(behind: timedelta) -> Any:  # noqa: ANN401
    """Go on so far behind the last row of a full answer."""

    def rest(who: str, part: Window, dates: list[datetime | None], *, keeps_order: bool) -> tuple[Window, ...]:
        last = dense_windows._last_if_ascending(dates, part) if keeps_order else None  # noqa: SLF001
        if last is None:
            return _rest(who, part, dates, keeps_order=keeps_order)
        return (Window(last + behind, part.end),) if part.start < last + behind < part.end else ()

    return rest


_rest = dense_windows._rest  # noqa: SLF001


def _any_dates_ascend(_: list[datetime | None]) -> bool:
    return True


def _order_is_trusted(dates: list[datetime | None], _part: Window) -> datetime | None:
    return dates[-1]


_NO_TIME = timedelta()

JOB_MUTANTS = {
    "no lookback, at CXone": Mutant("cxone", (lookback(_NO_TIME),)),
    "short lookback, at CXone": Mutant("cxone", (lookback(timedelta(days=1)),)),
    "bookmark of the current day": Mutant("cxone", (setting(ExtractedStream, "finished", _whole_window),)),
    "last day taken for part of a job": Mutant(
        "cxone", (setting(cxone.ExtractionJobs, "submission", _without_last_day),)
    ),
    "job without a link taken for one without rows": Mutant(
        "cxone", (setting(cxone, "JobLimits", _one_look_for_a_link),)
    ),
    "failed job taken for an empty one, at CXone": Mutant(
        "cxone", (setting(scheduler.JobScheduler, "_job_failed", _any_failure_is_no_rows),)
    ),
    "failed job taken for an empty one": Mutant(
        "maestroqa", (setting(scheduler.JobScheduler, "_job_failed", _any_failure_is_no_rows),)
    ),
    "dead link taken for an empty file": Mutant(
        "maestroqa", (setting(scheduler.JobScheduler, "_fetch", _fetched_or_empty(LinkExpiredError)),)
    ),
    "damaged file taken for an empty one": Mutant("maestroqa", (setting(export.Export, "open", _damaged_is_empty),)),
    "job under way taken for done": Mutant("maestroqa", (setting(maestroqa, "read_status", _undone_is_done),)),
    "second table of a zip left out": Mutant("maestroqa", (setting(export.WindowTable, "chunks", _first_reader_only),)),
    "jobs mixed up": Mutant("maestroqa", (_statuses_mixed_up,)),
    "bounds taken as part of an export": Mutant("maestroqa", (setting(client, "SECOND", _NO_TIME),)),
    "no lookback, at MaestroQA": Mutant("maestroqa", (lookback(_NO_TIME),)),
    "state before records, of exports": Mutant("maestroqa", (setting(base.QAStream, "get_records", state_first),)),
    "hundred rows taken for all": Mutant("canary_speech", (setting(dense_windows, "MAX_ROWS", 1 << 30),)),
    "goes on behind a shared stamp": Mutant(
        "canary_speech", (setting(dense_windows, "_rest", _from_shared_stamp(dense_windows.MILLISECOND)),)
    ),
    "goes on at a shared stamp": Mutant(
        "canary_speech", (setting(dense_windows, "_rest", _from_shared_stamp(_NO_TIME)),)
    ),
    "job of full answers trusted": Mutant(
        "canary_speech",
        (
            setting(dense_windows, "_last_if_ascending", _order_is_trusted),
            setting(dense_windows, "_ascend", _any_dates_ascend),
        ),
    ),
    "bounds taken as part of a query": Mutant("canary_speech", (setting(canary_speech, "SECOND", _NO_TIME),)),
    "first subject only": Mutant("canary_speech", (setting(canary_speech.Scores, "_subjects", _first_subject),)),
    "newest score is the bookmark": Mutant("canary_speech", (setting(base.QAStream, "get_records", row_bookmark),)),
    "no lookback, at Canary Speech": Mutant("canary_speech", (lookback(_NO_TIME),)),
}
