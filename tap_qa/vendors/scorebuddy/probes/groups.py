"""Whether an instance of Scorebuddy heeds filters by group, and how several groups are spelt."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tap_qa.probes.answers import Answer, Suggestion, answered, undecided
from tap_qa.probes.asked import get
from tap_qa.probes.probe import Probe
from tap_qa.probes.shapes import band, words
from tap_qa.vendors.scorebuddy.probes.queries import DAY, EXPORT, EXPORT_PAGE, LISTS, SCOPES, SCORES, edited, first_row

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tap_qa.http.request import Param
    from tap_qa.probes.account import Account
    from tap_qa.probes.shapes import EvidenceValue

_FILTERS = {"scores:read": "group_id", "export:read": "group_ids", "staff:read": "group_id", "teams:read": "group_id"}
_PAGES = {"scores:read": 10, "export:read": 100, "staff:read": 25, "teams:read": 100}
_WEEK = 7 * DAY


def _groups_of(row: dict[str, Any]) -> set[str]:
    own = row.get("group_ids", [row["group_id"]] if row.get("group_id") is not None else [])
    return set(map(str, own)) if isinstance(own, list) else set()


def _is_filter_applied(account: Account) -> Answer:
    """Ask each list for a group that its first row is not of: an ignored filter shows that row again.

    A filter that is ignored shows people who are not to be read.
    """
    groups = [str(row.get("group_id")) for row in account.get("groups", limit=100).rows("groups")]
    configured = [str(group) for group in account.config.get("group_ids") or []]
    unlisted = [group for group in configured if group not in groups]
    heeded: set[str] = set()
    ignored: set[str] = set()
    for scope, name in _FILTERS.items():
        first = _groups_of(first_row(account, scope))
        wanted = next((group for group in [*configured, *groups] if group in groups and group not in first), None)
        if not first or wanted is None:
            continue
        path, array = LISTS[scope]
        params: dict[str, Param] = {"limit": _PAGES[scope], name: wanted}
        reply = account.get(path, **params)
        if reply.is_ok:
            others = any(wanted not in found for row in reply.rows(array) if (found := _groups_of(row)))
            (ignored if others else heeded).add(path)
    seen: dict[str, EvidenceValue] = {
        "groups": band(len(groups)),
        "heeded_by": words(heeded),
        "ignored_by": words(ignored),
    }
    if ignored:
        advice = Suggestion("scorebuddy.group_ids", "leave it out: rows of other groups come all the same")
        return answered("ignored", advice if configured else None, **seen)
    if unlisted:
        advice = Suggestion("scorebuddy.group_ids", "check the ids: the list of groups does not hold all of them")
        return answered("unlisted", advice, unlisted=band(len(unlisted)), **seen)
    return answered("heeded", **seen) if heeded else undecided("rows in two groups", **seen)


def _spelling(account: Account) -> Answer:
    week = edited(account.now() - _WEEK, account.now())

    def export(**params: Param) -> list[dict[str, Any]]:
        return account.get("export/questions", limit=EXPORT_PAGE, page=1, **week, **params).rows("export")

    def seen(rows: Iterable[dict[str, Any]]) -> set[str]:
        return {str(row.get("group_id")) for row in rows}

    rows = export()
    whole = sorted(seen(rows))
    if len(whole) < 2:  # noqa: PLR2004 - one group can't be told from all
        return undecided("a week with scores in three groups", rows=band(len(rows)))
    one, two = whole[:2]
    alone = seen(export(group_ids=one)) == {one}
    brackets = seen(export(**{"group_ids[]": one})) == {one}
    repeated = alone and seen(export(group_ids=[one, two])) == {one, two}
    if repeated and len(whole) == 2:  # noqa: PLR2004 - then both are all
        return undecided("a week with scores in three groups", rows=band(len(rows)))
    reading = {
        (True, True): "any",
        (True, False): "repeated",
        (False, True): "brackets",
    }.get((repeated, brackets), "one_at_a_time" if alone else "ignored")
    return answered(reading, rows=band(len(rows)), groups=band(len(whole)))


PROBES = (
    Probe(
        "S12",
        "access",
        "is the filter by group heeded",
        {
            "heeded": "filters by group are heeded by {heeded_by}",
            "ignored": "filters by group are ignored by {ignored_by}",
            "unlisted": "filters are heeded, but not all configured groups are listed",
        },
        "each row is checked; the stream stops at one of another group",
        (
            get("groups", "limit"),
            SCORES,
            EXPORT,
            get("staff/employees", "limit", "group_id"),
            get("teams", "limit", "group_id"),
            *SCOPES,
        ),
        5,
        _is_filter_applied,
    ),
    Probe(
        "S8",
        "paging",
        "spelling of several groups",
        {
            "any": "`group_ids` repeated, and `group_ids[]`, both narrow the export",
            "repeated": "`group_ids` is repeated",
            "brackets": "`group_ids[]` is what narrows the export",
            "one_at_a_time": "one group a request",
            "ignored": "no spelling narrows the export",
        },
        "one request a group",
        (EXPORT,),
        4,
        _spelling,
    ),
)
