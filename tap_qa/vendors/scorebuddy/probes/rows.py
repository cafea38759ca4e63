"""What rows of an instance of Scorebuddy are: how many a question, how dated, and whether all are listed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from tap_qa.probes.answers import Answer, Suggestion, answered, undecided
from tap_qa.probes.probe import Probe
from tap_qa.probes.shapes import band, status
from tap_qa.vendors.scorebuddy.probes.queries import (
    DAY,
    EXPORT,
    EXPORT_PAGE,
    MAX_PAGES,
    SCORE_PAGE,
    SCORECARDS,
    SCORED,
    SCORES,
    edited,
    ids,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tap_qa.http.request import Param
    from tap_qa.probes.account import Account
    from tap_qa.probes.shapes import EvidenceValue

_SETTINGS = ("multiple_rcas", "multiple_comments")


def _pages(
    account: Account, path: str, array: str, size: int, params: Mapping[str, Param]
) -> tuple[list[dict[str, Any]], bool]:
    """Return the rows of the first pages, and whether these are all."""
    rows: list[dict[str, Any]] = []
    for page in range(1, MAX_PAGES + 1):
        found = account.get(path, limit=size, page=page, **params).rows(array)
        rows += found
        if len(found) < size:
            return rows, True
    return rows, False


def _several_rows(account: Account) -> Answer:
    now = account.now()
    rows, _ = _pages(account, "export/questions", "export", EXPORT_PAGE, edited(now - DAY, now))
    different: dict[tuple[str, ...], set[str]] = {}
    for key, row in zip(ids(rows, "score_id", "question_id"), rows, strict=True):
        different.setdefault(key, set()).add(repr(sorted(row.items())))
    repeated = sum(len(found) > 1 for found in different.values())
    cards = account.get("scorecards", limit=5)
    listed = cards.rows("scorecards", "scorecard")
    allowed = [any(_settings(card).get(name) for name in _SETTINGS) for card in listed]
    seen: dict[str, EvidenceValue] = {
        "rows": band(len(rows)),
        "repeated": band(repeated),
        "scorecards_that_allow_it": band(sum(allowed)),
    }
    if repeated:
        return answered("several", **seen)
    if listed and all(map(_settings, listed)) and not any(allowed) and cards.fields.get("total") == len(listed):
        return answered("one", **seen)
    return undecided("a day with scores whose questions have several causes or comments", **seen)


def _settings(card: Mapping[str, Any]) -> dict[str, Any]:
    found = card.get("settings")
    return found if isinstance(found, dict) else {}


def _far_dates(account: Account) -> Answer:
    today = account.now().date()
    days = dict(zip(SCORED, ((today - timedelta(days=30)).isoformat(), today.isoformat()), strict=True))
    rows, _ = _pages(account, "scores", "scores", SCORE_PAGE, days)
    stamps = [(str(row.get("score_date"))[:10], str(row.get("last_edit_date"))[:10]) for row in rows]
    far = sum(date.fromisoformat(scored) - date.fromisoformat(edit) > DAY for scored, edit in stamps)
    seen: dict[str, EvidenceValue] = {"rows": band(len(rows)), "dated_far": band(far)}
    return answered("far", **seen) if far else undecided("scores dated long after their last edit", **seen)


def _exported(account: Account) -> Answer:
    end = account.now().replace(hour=0, minute=0, second=0) - DAY
    day = edited(end - DAY, end - timedelta(seconds=1))
    found, is_whole = _pages(account, "scores", "scores", SCORE_PAGE, day)
    first, last = day.values()
    rows = [row for row in found if first <= str(row.get("last_edit_date"))[:19] <= last]
    exported = account.get("export/questions", limit=EXPORT_PAGE, page=1, **day).rows("export")
    listed, others = set(ids(rows, "score_id")), set(ids(exported, "score_id"))
    seen: dict[str, EvidenceValue] = {
        "listed": band(len(listed)),
        "exported": band(len(others)),
        "drafts": band(sum(bool(row.get("draft_used")) for row in rows)),
    }
    if listed - others and len(exported) < EXPORT_PAGE:
        return answered("export_lacks_scores", **seen)
    if others - listed and is_whole and len(rows) == len(found):
        return answered("list_lacks_scores", **seen)
    return undecided("a closed day with drafts, calibrations or deleted scores", **seen)


def _days(account: Account) -> Answer:
    now = account.now()
    whole = account.get("export/questions", limit=1, **edited(now - 31 * DAY, now))
    more = account.get("export/questions", limit=1, **edited(now - 31 * DAY - timedelta(seconds=1), now))
    readings = {
        (True, True): "no_limit",
        (True, False): "31_days",
        (False, False): "fewer_days",
    }
    reading = readings.get((whole.is_ok, more.is_ok), "no_limit")
    narrower = account.config.get("window_days", 30) < 30  # noqa: PLR2004 - the default
    advice = Suggestion("scorebuddy.window_days", "7", loses_rows=False)
    return answered(
        reading,
        advice if reading == "fewer_days" and not narrower else None,
        whole=status(whole),
        a_second_more=status(more),
    )


PROBES = (
    Probe(
        "S4",
        "shape",
        "several rows for one question",
        {
            "several": "a question of a score has several rows in the export",
            "one": "no scorecard allows several causes or comments, so one row a question",
        },
        "the first row has the plain key, the others an ordinal or a warning",
        (EXPORT, SCORECARDS),
        4,
        _several_rows,
    ),
    Probe(
        "S5",
        "paging",
        "score date far from last edit",
        {"far": "some scores are dated over a day after their last edit"},
        "scores are read by score date, too",
        (SCORES,),
        3,
        _far_dates,
    ),
    Probe(
        "S7",
        "shape",
        "drafts, calibrations, deleted scores",
        {
            "export_lacks_scores": "the export lacks scores that the list has",
            "list_lacks_scores": "the list lacks scores that the export has",
        },
        "all rows of both are taken",
        (SCORES, EXPORT),
        4,
        _exported,
    ),
    Probe(
        "S6",
        "limits",
        "the 31 days of an export",
        {
            "31_days": "31 days of 24 hours, and not a second more",
            "no_limit": "more than 31 days are no error",
            "fewer_days": "31 days are too many",
        },
        "windows of at most 30 days",
        (EXPORT,),
        2,
        _days,
    ),
)
