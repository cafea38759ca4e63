"""Whose goals Betterworks lists, and what moves their dates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tap_qa.probes.answers import Answer, Suggestion, answered, refused, undecided
from tap_qa.probes.asked import get
from tap_qa.probes.probe import Probe
from tap_qa.probes.shapes import band, known, status
from tap_qa.vendors.betterworks.probes.queries import (
    GOALS,
    USERS,
    asked,
    first_goals,
    first_users,
    ids,
    listed,
    rows_of,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tap_qa.probes.account import Account
    from tap_qa.probes.shapes import EvidenceValue

_DATES = ("updated", "last_checkedin")
_ENOUGH_GOALS, _ENOUGH_PEOPLE = 2, 3
_FUTURE = "2099-01-01"
_FILTERS = ("updated_since", "modified_after")
_NEEDS_OWNER = frozenset({400, 422})


def _owner(goal: Mapping[str, Any]) -> str | None:
    owner = goal.get("owner")
    if not isinstance(owner, dict):
        return None if owner is None else str(owner)
    for kind in ("user", "group"):
        if isinstance(owner.get(kind), dict):
            return f"{kind} {owner[kind].get('id')}"
    found = owner.get("user_id", owner.get("id"))
    return None if found is None else f"user {found}"


def _owners(account: Account) -> Answer:
    """A list that shows only the key owner's goals looks complete."""
    reply = first_goals(account)
    if reply.status in _NEEDS_OWNER:
        return answered("owner_needed", status=status(reply))
    if not reply.is_ok:
        return refused("the list of goals", status=status(reply))
    goals = rows_of(reply)
    owners = {owner for goal in goals if (owner := _owner(goal)) is not None}
    people = len(rows_of(first_users(account)))
    seen: dict[str, EvidenceValue] = {"goals": band(len(goals)), "owners": band(len(owners)), "users": band(people)}
    if len(owners) > 1:
        return answered("everybody", **seen)
    if len(owners) == 1 and people >= _ENOUGH_PEOPLE and len(goals) >= _ENOUGH_GOALS:
        advice = Suggestion(
            "betterworks.api_token",
            "the key of a Super Admin: goals of others are read owner by owner, as far as its owner may",
        )
        return answered("own_only", advice, **seen)
    return undecided("two goals of different people, and three people", **seen)


def _filters(account: Account) -> Answer:
    plain = listed(account, GOALS, size=2)
    heeded = [
        name
        for name in _FILTERS
        if (reply := listed(account, GOALS, size=2, **{name: _FUTURE})).is_ok and not rows_of(reply)
    ]
    ordered = listed(account, GOALS, size=2, ordering="-updated")
    if len(rows_of(plain)) < 2:  # noqa: PLR2004 - one goal is in any order
        return undecided("two goals")
    stamps = [str(goal.get("updated")) for goal in rows_of(ordered)]
    if ordered.is_ok and ids(ordered) != ids(plain) and stamps == sorted(stamps, reverse=True):
        heeded.append("ordering")
    seen: dict[str, EvidenceValue] = {"heeded": known(heeded, (*_FILTERS, "ordering"))}
    return answered("filtered" if heeded else "not_filtered", **seen)


def _checked_in(account: Account) -> Answer:
    """Watch which dates of one goal a check-in moves; its name goes to the terminal alone."""
    goal = next((goal for goal in rows_of(first_goals(account)) if "updated" in goal and "id" in goal), None)
    if goal is None:
        return undecided("a goal")
    account.ask_user(f'Check in on the goal "{goal.get("name")}" in Betterworks')
    reply = account.get(f"goals/{goal['id']}/")
    if not reply.is_ok:
        return refused("one goal by its id", status=status(reply))
    after = reply.fields.get("goal", reply.fields)
    moved = [name for name in _DATES if after.get(name) != goal.get(name)]
    if "updated" in moved:
        return answered("updated", moved=known(moved, _DATES))
    progress = after.get("measurement") != goal.get("measurement")
    if moved:
        advice = Suggestion("lookback_days", "no look-back helps: read the goals with --full-refresh now and then")
        return answered("last_checkedin", advice, moved=known(moved, _DATES))
    return answered("neither") if progress else undecided("a check-in that changes the goal's progress")


PROBES = (
    Probe(
        "B15",
        "access",
        "whose goals are listed",
        {
            "everybody": "goals of all owners",
            "own_only": "goals of one owner alone, the key's own",
            "owner_needed": "the list wants an owner",
        },
        "owner by owner where all goals are of one person, or the list wants an owner",
        (asked(GOALS, "size"), asked(USERS, "size")),
        2,
        _owners,
    ),
    Probe(
        "B3",
        "paging",
        "any filter by change",
        {"filtered": "heeded: {heeded}", "not_filtered": "no known filter is heeded"},
        "the whole list each time",
        (asked(GOALS, "size", *_FILTERS, "ordering"),),
        4,
        _filters,
    ),
    Probe(
        "B17",
        "shape",
        "what a check-in moves",
        {
            "updated": "a check-in moves {moved}",
            "last_checkedin": "a check-in moves last_checkedin alone",
            "neither": "a check-in moves neither date",
        },
        "bookmarks follow `updated`",
        (asked(GOALS, "size"), get("goals/{}/")),
        2,
        None,
        _checked_in,
    ),
)
