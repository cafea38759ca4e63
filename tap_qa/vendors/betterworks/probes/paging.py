"""How Betterworks pages its lists, and how the last page shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tap_qa.probes.answers import Answer, answered, undecided
from tap_qa.probes.probe import Probe
from tap_qa.probes.shapes import EvidenceValue, Shape, band, known, status
from tap_qa.vendors.betterworks.probes.queries import (
    ENVELOPE,
    FULL_PAGE,
    LINKS,
    USERS,
    asked,
    first_users,
    ids,
    listed,
    rows_of,
)

if TYPE_CHECKING:
    from tap_qa.probes.account import Account
    from tap_qa.probes.asked import Reply

_PAGE = asked(USERS, "size", "page", "offset")
_SIZE = 2


def _paging(account: Account) -> Answer:
    plain = listed(account, USERS, size=_SIZE)
    zeroth, first, second = (listed(account, USERS, size=_SIZE, page=page) for page in (0, 1, 2))
    shifted = listed(account, USERS, size=_SIZE, offset=_SIZE)
    oversize = listed(account, USERS, size=FULL_PAGE + 1)
    seen: dict[str, EvidenceValue] = {
        "envelope": known(plain.fields, ENVELOPE) if plain.fields else (Shape("an array"),),
        "oversize": Shape("taken" if oversize.is_ok else f"refused with {oversize.status}"),
    }
    people = max(len(rows_of(oversize)), len(rows_of(first_users(account))))
    if not ids(plain) or (people <= len(ids(plain)) and len(ids(plain)) <= _SIZE):
        return undecided("three users", **seen)
    if ids(plain) == ids(first) != ids(second):
        return answered("first_page_1", **seen)
    if ids(plain) == ids(zeroth) != ids(first):
        return answered("first_page_0", **seen)
    if ids(shifted) and ids(shifted) != ids(plain):
        return answered("offset", **seen)
    if ids(plain) == ids(first) == ids(second):
        return answered("not_paged" if len(ids(plain)) > _SIZE else "page_ignored", **seen)
    return undecided("a list of users that keeps still", **seen)


def _link(reply: Reply) -> object:
    return next((reply.fields[name] for name in LINKS if reply.fields.get(name)), None)


def _last_page(account: Account) -> Answer:
    """Ask for a page of just so many rows as there are, and for the one behind it."""
    people = len(rows_of(first_users(account)))
    if not 0 < people < FULL_PAGE:
        return undecided("1 to 99 users", users=band(people))
    last = listed(account, USERS, size=people)
    if len(rows_of(last)) != people:
        return undecided("a list of users that heeds `size`", users=band(people))
    following = listed(account, USERS, size=people, page=2)
    seen: dict[str, EvidenceValue] = {
        "users": band(people),
        "more": Shape(str(last.fields["more"]).lower())
        if isinstance(last.fields.get("more"), bool)
        else Shape("absent"),
        "next_page": Shape("empty") if following.is_ok and not rows_of(following) else status(following),
    }
    if _link(last) is not None:
        return answered("link_on_last_page", **seen)
    if last.fields.get("more"):
        return answered("more_on_last_page", **seen)
    if not known(last.fields, (*LINKS, "more")):
        return answered("nothing_told", **seen)
    return answered("null_is_the_end", **seen)


PROBES = (
    Probe(
        "B2",
        "paging",
        "page parameter, first page, largest page",
        {
            "first_page_0": "`page` counts from 0",
            "first_page_1": "`page` counts from 1",
            "offset": "`offset` leads on, `page` does not",
            "page_ignored": "neither `page` nor `offset` leads on",
            "not_paged": "all rows come at once",
        },
        "the link in the response, then `page`",
        (_PAGE,),
        7,
        _paging,
    ),
    Probe(
        "B16",
        "paging",
        "how the last page shows",
        {
            "null_is_the_end": "the last page has no link and no more",
            "more_on_last_page": "`more` is true on a full last page that has no link",
            "link_on_last_page": "a full last page has a link, to an empty one",
            "nothing_told": "pages tell nothing of what follows",
        },
        "a page without a link is the last, unless it is full and says more",
        (_PAGE,),
        3,
        _last_page,
    ),
)
