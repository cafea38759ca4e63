"""What the dates of a CXone job mean, and what its files look like."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING

from tap_qa.jobs.api import JobState
from tap_qa.probes.answers import Answer, answered, failed, undecided
from tap_qa.probes.probe import Probe
from tap_qa.probes.shapes import EvidenceValue, Shape, band, date_form, status
from tap_qa.vendors.cxone.probes.extractions import (
    DAY,
    EXTRACTION,
    WORKFLOWS,
    Extraction,
    extract,
    newest_workflows,
    no_rows,
    two_weeks,
)

if TYPE_CHECKING:
    from tap_qa.probes.account import Account

_EMPTY_DAY = date(2010, 1, 3)
_SERVER_ERRORS = 500


def _days(extraction: Extraction) -> set[date]:
    """Return the days on which rows were submitted, those whose date is ISO."""
    found = set()
    for cell in extraction.table.cells("submission_date") if extraction.table else ():
        with suppress(ValueError):
            found.add(date.fromisoformat(cell[:10]))
    return found


def _end(account: Account) -> Answer:
    """Extract one day alone, and that day with the next one, both of which have rows."""
    known = two_weeks(account)
    days = sorted(day for day in _days(known) if day + DAY in _days(known))
    if not days:
        return undecided("evaluations on two days in a row")
    day = days[-1]
    alone = extract(account, WORKFLOWS, known.version, day, day)
    pair = extract(account, WORKFLOWS, known.version, day, day + DAY)
    if not pair.job.is_done:
        return no_rows(pair)
    seen: dict[str, EvidenceValue] = {"days_of_one_alone": band(len(_days(alone))), "alone": status(alone.job.reply)}
    is_refused = not alone.job.reply.is_ok
    if (is_refused or _days(alone) == {day}) and _days(pair) == {day, day + DAY}:
        return answered("included", **seen)
    if (is_refused or not _days(alone)) and _days(pair) == {day}:
        return answered("excluded", **seen)
    return undecided("files of days that agree with each other", **seen)


def _future(account: Account) -> Answer:
    today = account.now().date()
    found = extract(account, WORKFLOWS, newest_workflows(account).version, today, today + DAY)
    reply = found.job.reply
    seen: dict[str, EvidenceValue] = {"status": status(reply)}
    if reply.is_refused:
        return no_rows(found)
    if reply.status >= _SERVER_ERRORS:
        return answered("server_error", **seen)
    if not reply.is_ok:
        return answered("rejected", **seen)
    return answered("works" if found.job.state is JobState.DONE else "job_fails", **seen)


def _forms(account: Account) -> Answer:
    rows, empty = (
        newest_workflows(account),
        extract(account, WORKFLOWS, newest_workflows(account).version, _EMPTY_DAY, _EMPTY_DAY + DAY),
    )
    if not empty.job.reply.is_ok:
        return no_rows(empty)
    if not empty.job.is_done:
        return failed("a job that the vendor says failed")
    seen: dict[str, EvidenceValue] = {}
    if rows.table is not None and rows.table.rows:
        dates = {date_form(cell) for cell in rows.table.cells("submission_date") if cell}
        scores = "".join(rows.table.cells("score_percentage"))
        decimals = [name for mark, name in ((".", "point"), (",", "comma")) if mark in scores]
        seen = {"dates": tuple(sorted(dates)), "decimals": tuple(map(Shape, decimals)), **rows.table.dialect}
    if empty.table is None:
        return answered("no_link", **seen)
    if empty.table.rows:
        return undecided("a day without evaluations: there are some of 2010", **seen)
    return answered("header_only" if empty.table.size else "no_bytes", **seen)


PROBES = (
    Probe(
        "C5",
        "paging",
        "does a job's end date belong to it",
        {"included": "the end date's day is in", "excluded": "the end date's day is not in"},
        "neighbours share their border day",
        EXTRACTION,
        5,
        _end,
        exports=True,
    ),
    Probe(
        "C19",
        "limits",
        "an end date to come",
        {
            "works": "it is taken",
            "rejected": "it is refused with HTTP {status}",
            "server_error": "it is HTTP {status}",
            "job_fails": "its job fails",
        },
        "where it is refused, today is asked for instead",
        EXTRACTION,
        3,
        _future,
        exports=True,
    ),
    Probe(
        "C9",
        "shape",
        "dates, dialect, a day without rows",
        {
            "header_only": "a day without rows is a header alone",
            "no_bytes": "a day without rows is a file without a byte",
            "no_link": "a day without rows has no link",
        },
        "each of these is no rows; ISO dates, commas",
        EXTRACTION,
        3,
        _forms,
        exports=True,
    ),
)
