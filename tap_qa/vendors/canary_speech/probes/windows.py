"""How Canary Speech cuts a query of scores: its bounds, and the most rows it gives."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from tap_qa.probes.answers import Answer, answered, undecided
from tap_qa.probes.probe import Probe
from tap_qa.probes.shapes import EvidenceValue, Shape, band
from tap_qa.vendors.canary_speech.dense_windows import MAX_ROWS, MIN_CAP
from tap_qa.vendors.canary_speech.probes.queries import QUERY, ROWS, TWO_YEARS, instant, query, recent_scores

if TYPE_CHECKING:
    from tap_qa.probes.account import Account
    from tap_qa.probes.asked import Reply

_MILLISECOND = timedelta(milliseconds=1)
_DAY = timedelta(days=1)
_NO_SCORES = "a subject with scores in the settings"
_CAPS = {True: "fewer_than_10", False: "fewer_than_100"}


def _stamps(reply: Reply | None) -> list[datetime]:
    rows = reply.rows(*ROWS) if reply is not None else []
    return [found for row in rows if (found := instant(row.get("dateRecorded"))) is not None]


def _cap(account: Account) -> Answer:
    reply = query(account, account.now() - TWO_YEARS, account.now())
    stamps = _stamps(reply)
    if len(stamps) < 2:  # noqa: PLR2004 - one row is no cut list
        return undecided(_NO_SCORES, rows=band(len(stamps)))
    if len(stamps) > MAX_ROWS:
        return answered("more_than_100", rows=band(len(stamps)))
    behind = query(account, max(stamps) + _MILLISECOND, account.now())
    if not any(stamp > max(stamps) for stamp in _stamps(behind)):
        return undecided("a subject with more scores than one answer holds", rows=band(len(stamps)))
    if len(stamps) == MAX_ROWS:
        return answered("100")
    return answered(_CAPS[len(stamps) < MIN_CAP], rows=band(len(stamps)))


def _bounds(account: Account) -> Answer:
    stamps = sorted(set(_stamps(recent_scores(account))))
    if len(stamps) < 3:  # noqa: PLR2004 - one, and others on both sides
        return undecided(_NO_SCORES)
    own = stamps[len(stamps) // 2]
    ask = {
        "start": query(account, own, own + _DAY),
        "end": query(account, own - _DAY, own),
        "survey": query(account, own - _DAY, own + _DAY, survey=False),
        "no_start": query(account, None, own + _DAY),
    }
    if min(_stamps(ask["start"]), default=own) < own or max(_stamps(ask["end"]), default=own) > own:
        return undecided("a project that heeds the bounds of a query")
    start, end = own in _stamps(ask["start"]), own in _stamps(ask["end"])
    seen: dict[str, EvidenceValue] = {
        "without_survey": _outcome(ask["survey"]),
        "without_start": _outcome(ask["no_start"]),
    }
    reading = {(True, True): "both", (True, False): "start", (False, True): "end"}.get((start, end), "neither")
    return answered(reading, **seen)


def _outcome(reply: Reply | None) -> Shape:
    if reply is None or not reply.is_ok:
        return Shape(f"refused with {reply.status if reply else 0}")
    return Shape("rows" if reply.rows(*ROWS) else "no rows")


PROBES = (
    Probe(
        "K13",
        "paging",
        "rows an answer",
        {
            "100": "at most 100 rows an answer",
            "fewer_than_100": "an answer of fewer than 100 rows may be cut",
            "fewer_than_10": "an answer of fewer than 10 rows may be cut",
            "more_than_100": "more than 100 rows an answer",
        },
        "what follows an answer of 10 rows or more is asked for, too",
        (QUERY,),
        2,
        _cap,
    ),
    Probe(
        "K2b",
        "paging",
        "bounds and parameters of a query",
        {
            "both": "both bounds belong to a window; without a survey: {without_survey}",
            "start": "the start belongs to a window; without a survey: {without_survey}",
            "end": "the end belongs to a window; without a survey: {without_survey}",
            "neither": "neither bound does; without a survey: {without_survey}",
        },
        "neighbours overlap by a second",
        (QUERY,),
        5,
        _bounds,
    ),
)
