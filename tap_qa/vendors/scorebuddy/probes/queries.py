"""Queries that several of Scorebuddy's probes share."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from tap_qa.probes.asked import get

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from tap_qa.probes.account import Account
    from tap_qa.probes.asked import Reply

DAY = timedelta(days=1)
EDITED = ("from_last_edit_date", "to_last_edit_date")
SCORED = ("from_score_date", "to_score_date")
LISTS = {
    "scores:read": ("scores", "scores"),
    "export:read": ("export/questions", "export"),
    "scorecards:read": ("scorecards", "scorecards"),
    "staff:read": ("staff/employees", "employees"),
    "users:read": ("users", "users"),
    "groups:read": ("groups", "groups"),
    "teams:read": ("teams", "teams"),
}
"""By scope: a list that it opens, and the name of its array."""

SCORES = get("scores", "limit", "page", *EDITED, *SCORED, "group_id")
EXPORT = get("export/questions", "limit", "page", *EDITED, "group_ids", "group_ids[]")
SCORECARDS = get("scorecards", "limit", "archived", "deleted", "locked")
SCORE_PAGE, EXPORT_PAGE = 10, 1000
MAX_PAGES = 3


def stamp(instant: datetime) -> str:
    """Return an instant as the vendor's filters take it."""
    return instant.strftime("%Y-%m-%d %H:%M:%S")


def edited(start: datetime, end: datetime) -> dict[str, str]:
    """Return the filter by last edit."""
    return dict(zip(EDITED, (stamp(start), stamp(end)), strict=True))


def ids(rows: Iterable[dict[str, Any]], *names: str) -> list[tuple[str, ...]]:
    """Return some fields of each row, as text."""
    return [tuple(str(row.get(name)) for name in names) for row in rows]


def scopes(account: Account) -> dict[str, Reply]:
    """Return the first row of each list, by its scope."""
    return account.once("scopes", lambda: {scope: account.get(path, limit=1) for scope, (path, _) in LISTS.items()})


def first_row(account: Account, scope: str) -> dict[str, Any]:
    """Return the first row of a list, unfiltered; an empty one if there is none."""
    return next(iter(scopes(account)[scope].rows(LISTS[scope][1], "scorecard")), {})


SCOPES = tuple(get(path, "limit") for path, _ in LISTS.values())
