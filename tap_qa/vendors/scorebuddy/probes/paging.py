"""How lists of an instance of Scorebuddy are paged."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from tap_qa.probes.answers import Answer, Suggestion, answered, undecided
from tap_qa.probes.asked import get
from tap_qa.probes.probe import Probe
from tap_qa.probes.shapes import EvidenceValue, Shape, band, known, status
from tap_qa.vendors.scorebuddy.probes.queries import DAY, EXPORT, EXPORT_PAGE, SCORE_PAGE, SCORES, edited, ids

if TYPE_CHECKING:
    from tap_qa.http.request import Param
    from tap_qa.probes.account import Account
    from tap_qa.probes.asked import Reply

_CATEGORIES = get("scorecards/categories", "limit", "page")
_BEYOND = 99_999
_ENVELOPE = ("export", "total", "next_page", "previous_page", "page", "limit")
_ORDERS = ("last_edit_date", "score_id")


def _first_page(account: Account) -> Answer:
    def page(**number: Param) -> Reply:
        return account.get("scorecards/categories", limit=1, **number)

    def rows(reply: Reply) -> list[tuple[str, ...]]:
        return ids(reply.rows("categories"), "category_id")

    plain, zeroth, first, second, beyond = page(), page(page=0), page(page=1), page(page=2), page(page=_BEYOND)
    export, advice = _export(account)
    seen: dict[str, EvidenceValue] = {
        "pages_equal_to_none": tuple(
            Shape(str(number))
            for number, reply in enumerate((zeroth, first, second))
            if reply.is_ok and rows(reply) == rows(plain)
        ),
        "past_the_end": Shape(f"{beyond.status}, {'rows' if rows(beyond) else 'no rows'}"),
        **export,
    }
    if not rows(plain):
        return undecided("a category of scorecards", **seen)
    if rows(first) != rows(plain):
        same = rows(zeroth) == rows(plain)
        return answered("first_page_0", advice, **seen) if same else undecided("a list that keeps still", **seen)
    return answered("page_ignored" if rows(second) == rows(plain) else "first_page_1", advice, **seen)


def _export(account: Account) -> tuple[dict[str, EvidenceValue], Suggestion | None]:
    """Look at a day of the export: how many rows come without a limit, and whether the largest is taken."""
    day = edited(account.now() - DAY, account.now())
    plain, first, second = (
        account.get("export/questions", **day),
        account.get("export/questions", page=1, **day),
        account.get("export/questions", page=2, **day),
    )
    largest = account.get("export/questions", limit=EXPORT_PAGE, **day)
    is_refused = largest.status == 400 and "limit" in largest.text  # noqa: PLR2004
    too_large = is_refused and account.config.get("export_page_size", EXPORT_PAGE) >= EXPORT_PAGE
    return {
        "export_rows_without_limit": band(len(plain.rows("export"))),
        "export_page_1_is_the_first": plain.is_ok and plain.text == first.text and plain.text != second.text,
        "export_past_the_end": status(second) if not second.rows("export") else Shape("more rows"),
        "export_limit_1000": Shape("refused" if is_refused else str(largest.status)),
        "export_keys": known(plain.fields, _ENVELOPE),
    }, Suggestion("scorebuddy.export_page_size", "100", loses_rows=False) if too_large else None


def _totals(account: Account) -> Answer:
    now = account.now()
    replies = [
        account.get("scores", limit=1, **edited(now - timedelta(hours=1), now)),
        account.get("scores", limit=1, **edited(now - 7 * DAY, now)),
        account.get("scores", limit=SCORE_PAGE),
    ]
    totals = [reply.fields.get("total") for reply in replies]
    hour, week, whole = (total if isinstance(total, int) else -1 for total in totals)
    rows = [reply.rows("scores") for reply in replies]
    seen: dict[str, EvidenceValue] = {**_next_page(account, replies[1]), "sorted_by": _order(rows[2])}
    if min(hour, week, whole) < 0 or not rows[2]:
        return undecided("scores, and a total in the answer", **seen)
    if whole > SCORE_PAGE:
        second = account.get("scores", limit=SCORE_PAGE, page=_second_page(replies[2])).rows("scores")
        if second == rows[2]:
            return answered("page_ignored", **seen)
    if hour == week == whole:
        if not rows[0]:
            return answered("total_before_filters", **seen)
        return undecided("scores that were last edited over a week ago", **seen)
    return answered("total_after_filters", **seen)


def _second_page(first: Reply) -> int:
    text = parse_qs(urlsplit(str(first.fields.get("next_page"))).query).get("page", ["2"])[0]
    return int(text) if text.isdigit() else 2


def _next_page(account: Account, reply: Reply) -> dict[str, EvidenceValue]:
    """Return what `next_page` holds: its form, and which of the request's own parameters."""
    told = reply.fields.get("next_page")
    if not isinstance(told, str):
        return {"next_page": Shape("null" if told is None else "number")}
    parts = urlsplit(told)
    is_own = parts.netloc in {"", urlsplit(account.client.base_url).netloc}
    return {
        "next_page": Shape("absolute" if parts.netloc else "relative"),
        "next_page_keys": known(parse_qs(parts.query), sorted(SCORES.params)),
        "next_page_on_same_host": is_own,
    }


def _order(rows: list[dict[str, Any]]) -> Shape:
    for name in _ORDERS:
        values = [row[name] for row in rows if row.get(name) is not None]
        if len(values) == len(rows) > 2:  # noqa: PLR2004 - two are always in some order
            if values == sorted(values):
                return Shape(f"{name} rising")
            if values == sorted(values, reverse=True):
                return Shape(f"{name} falling")
    return Shape("no known field")


PROBES = (
    Probe(
        "S14",
        "paging",
        "total before or after the filters",
        {
            "total_after_filters": "`total` counts what the filters let through",
            "total_before_filters": "`total` counts rows that the filters leave out",
            "page_ignored": "`page` is ignored: each page is the first",
        },
        "a total that the rows never reach fails loudly; our own filters are sent again",
        (SCORES,),
        4,
        _totals,
    ),
    Probe(
        "S3",
        "paging",
        "number of the first page",
        {
            "first_page_0": "lists count pages from 0",
            "first_page_1": "lists count pages from 1",
            "page_ignored": "lists ignore `page`",
        },
        "`page` is left out at first, then `next_page` is followed; exports of 1000 rows, else of 100",
        (_CATEGORIES, EXPORT),
        9,
        _first_page,
    ),
)
