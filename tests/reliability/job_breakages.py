"""The tap's work on export jobs and on Canary Speech's scores, broken on purpose."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from unittest import mock

from tap_qa.downloads import LinkExpiredError
from tap_qa.jobs import plan, queue
from tap_qa.jobs.model import State, Status, Terms
from tap_qa.rows import Finished
from tap_qa.streams import base
from tap_qa.tables.archive import DamagedFileError
from tap_qa.vendors.canary_speech import streams as canary_speech
from tap_qa.vendors.canary_speech import walk
from tap_qa.vendors.cxone import api as cxone
from tap_qa.vendors.cxone.streams import ExtractedStream
from tap_qa.vendors.maestroqa import account
from tap_qa.vendors.maestroqa import api as maestroqa
from tap_qa.windows import Window
from tests.reliability.breakages import Breakage, lookback, row_bookmark, setting, state_first

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tap_qa.jobs.model import Request
    from tap_qa.jobs.order import Order, Parcel


def _any_failure_is_no_rows(_queue: queue.JobQueue, _plan: plan.Plan, order: Order, _why: str) -> None:
    order.settle()


def _fetched_or_empty(worth_no_retry: type[Exception]) -> Any:  # noqa: ANN401
    """Take a file that can't be had for an empty one."""

    def fetch(this: queue.JobQueue, of: plan.Plan, order: Order, url: str) -> None:
        order.links_failed = 0
        _fetch(this, of, order, url)
        if isinstance(order.failure, worth_no_retry) or order.links_failed:
            order.failure = None
            order.settle()

    return fetch


_fetch = queue.JobQueue._fetch  # noqa: SLF001


def _damaged_is_empty(this: plan.Plan, order: Order, download: Any, *, last_try: bool) -> Parcel | None:  # noqa: ANN401
    """Take a damaged file for an empty one."""
    try:
        return _open(this, order, download, last_try=last_try)
    except DamagedFileError:
        return None


_open = plan.Plan.open


def _first_reader_only(this: plan.Delivery, constants: Mapping[str, Any]) -> Iterator[list[Any]]:
    """Read of each zip only the first table that is wanted."""
    if this.reader == min(this.plan._wanted):  # noqa: SLF001
        yield from _records(this, constants)


_records = plan.Delivery.records


def _undone_is_done(answer: Any) -> Status:  # noqa: ANN401
    """Take a job that still runs for one that is done."""
    status = _status(answer)
    return replace(status, state=State.DONE) if status.state is State.RUNNING else status


_status = maestroqa._status  # noqa: SLF001


@contextmanager
def _statuses_mixed_up() -> Iterator[None]:
    """Look at the job that was asked for last, whichever is meant."""
    last = {"job": ""}

    def request(this: maestroqa.Exports, wanted: Request) -> str:
        last["job"] = _request(this, wanted)
        return last["job"]

    def status(this: maestroqa.Exports, _job_id: str) -> Status:
        return _status_of(this, last["job"])

    with mock.patch.multiple(maestroqa.Exports, request=request, status=status):
        yield


_request, _status_of = maestroqa.Exports.request, maestroqa.Exports.status


def _without_last_day(this: cxone.ExtractionJobs, request: Request) -> Any:  # noqa: ANN401
    """Take the last day of a job for part of what it gives."""
    call = _call(this, request)
    end = max(call.json["startDate"], (datetime.fromisoformat(call.json["endDate"]) - _DAY).date().isoformat())
    return replace(call, json={**call.json, "endDate": end})


_call = cxone.ExtractionJobs._call  # noqa: SLF001
_DAY = timedelta(days=1)


def _one_look_for_a_link(**named: Any) -> Terms:  # noqa: ANN401
    return Terms(**{**named, "looks_for_link": 1})


def _whole_window(_: ExtractedStream, window: Window | None) -> Finished:
    return Finished(window)


def _first_subject(this: canary_speech.Scores) -> list[canary_speech.Subject]:
    return _subjects(this)[:1]


_subjects = canary_speech.Scores._subjects  # noqa: SLF001


def _from_shared_stamp(behind: timedelta) -> Any:  # noqa: ANN401
    """Go on so far behind the last row of a full answer."""

    def rest(who: str, part: Window, dates: list[datetime | None]) -> tuple[Window, ...]:
        last = walk._last_in_order(dates, part)  # noqa: SLF001
        if last is None:
            return _rest(who, part, dates)
        return (Window(last + behind, part.end),) if part.start < last + behind < part.end else ()

    return rest


_rest = walk._rest  # noqa: SLF001


def _order_is_trusted(dates: list[datetime | None], _part: Window) -> datetime | None:
    return dates[-1]


_NO_TIME = timedelta()

JOB_BREAKAGES = {
    "no lookback, at CXone": Breakage("cxone", (lookback(_NO_TIME),)),
    "short lookback, at CXone": Breakage("cxone", (lookback(timedelta(days=1)),)),
    "bookmark of the current day": Breakage("cxone", (setting(ExtractedStream, "finished", _whole_window),)),
    "last day taken for part of a job": Breakage("cxone", (setting(cxone.ExtractionJobs, "_call", _without_last_day),)),
    "job without a link taken for one without rows": Breakage(
        "cxone", (setting(cxone, "Terms", _one_look_for_a_link),)
    ),
    "failed job taken for an empty one, at CXone": Breakage(
        "cxone", (setting(queue.JobQueue, "_job_failed", _any_failure_is_no_rows),)
    ),
    "failed job taken for an empty one": Breakage(
        "maestroqa", (setting(queue.JobQueue, "_job_failed", _any_failure_is_no_rows),)
    ),
    "dead link taken for an empty file": Breakage(
        "maestroqa", (setting(queue.JobQueue, "_fetch", _fetched_or_empty(LinkExpiredError)),)
    ),
    "damaged file taken for an empty one": Breakage("maestroqa", (setting(plan.Plan, "open", _damaged_is_empty),)),
    "job under way taken for done": Breakage("maestroqa", (setting(maestroqa, "_status", _undone_is_done),)),
    "second table of a zip left out": Breakage("maestroqa", (setting(plan.Delivery, "records", _first_reader_only),)),
    "jobs mixed up": Breakage("maestroqa", (_statuses_mixed_up,)),
    "bounds taken as part of an export": Breakage("maestroqa", (setting(account, "SECOND", _NO_TIME),)),
    "no lookback, at MaestroQA": Breakage("maestroqa", (lookback(_NO_TIME),)),
    "state before records, of exports": Breakage("maestroqa", (setting(base.QAStream, "get_records", state_first),)),
    "hundred rows taken for all": Breakage("canary_speech", (setting(walk, "MOST_ROWS", 1 << 30),)),
    "goes on behind a shared stamp": Breakage(
        "canary_speech", (setting(walk, "_rest", _from_shared_stamp(walk.MILLISECOND)),)
    ),
    "goes on at a shared stamp": Breakage("canary_speech", (setting(walk, "_rest", _from_shared_stamp(_NO_TIME)),)),
    "order of full answers trusted": Breakage("canary_speech", (setting(walk, "_last_in_order", _order_is_trusted),)),
    "bounds taken as part of a query": Breakage("canary_speech", (setting(canary_speech, "SECOND", _NO_TIME),)),
    "first subject only": Breakage("canary_speech", (setting(canary_speech.Scores, "_subjects", _first_subject),)),
    "newest score is the bookmark": Breakage("canary_speech", (setting(base.QAStream, "get_records", row_bookmark),)),
    "no lookback, at Canary Speech": Breakage("canary_speech", (lookback(_NO_TIME),)),
}
