"""What a Betterworks account can tell about an API whose reference is not public."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tap_qa.http.request import Request
from tap_qa.probes.answers import Answer, Suggestion, answered, band, known_names, refused, undecided
from tap_qa.probes.probe import Account, Asked, Probe, Reply, get
from tap_qa.vendors.betterworks.settings import PATHS, path_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tap_qa.http.request import Param

USERS, GOALS = "betterworks_users", "betterworks_goals"
TEMPLATES, CONVERSATIONS = "betterworks_conversation_templates", "betterworks_conversations"
ROWS = ("results", "data", "items", "users", "goals", "conversation_templates", "conversations")
ENVELOPE = ("results", "data", "items", "more", "nextURL", "next_url", "next", "total", "total_count", "count")
PAGE = ("size", "page", "offset")


def _list(account: Account, stream: str, params: Mapping[str, Param]) -> Reply:
    return account.send(Request(path_of(stream, account.config), params=params))


def _ids(reply: Reply) -> list[str]:
    return [str(row.get("id")) for row in reply.rows(*ROWS)]


def _token(account: Account) -> Answer:
    reply = _list(account, USERS, {"size": 1})
    if reply.status in {401, 403}:
        return refused("the API key", status=reply.status)
    echoed = any(name.lower() == "x-request-id" for name in reply.headers)
    return answered("accepted", status=reply.status, request_id_echoed=echoed)


def _paths(account: Account) -> Answer:
    statuses = {stream: _list(account, stream, {"size": 1}).status for stream in PATHS}
    found = sorted(stream for stream, status in statuses.items() if 200 <= status < 300)  # noqa: PLR2004
    missing = sorted(stream for stream, status in statuses.items() if status == 404)  # noqa: PLR2004
    denied = sorted(stream for stream, status in statuses.items() if status in {401, 403})
    suggestion = (
        Suggestion("betterworks.paths", "the paths of the missing lists", loses_rows=False) if missing else None
    )
    return answered("lists", suggestion, found=found, missing=missing, denied=denied)


def _paging(account: Account) -> Answer:
    plain = _list(account, USERS, {"size": 2})
    pages = {str(page): _ids(_list(account, USERS, {"size": 2, "page": page})) for page in (0, 1, 2)}
    offset = _ids(_list(account, USERS, {"size": 2, "offset": 2}))
    oversize = _list(account, USERS, {"size": 101})
    body = plain.body
    keys = known_names(list(body) if isinstance(body, dict) else [], ENVELOPE)
    first = sorted(name for name in ("0", "1") if pages[name] and pages[name] == _ids(plain))
    if len({tuple(ids) for ids in pages.values()}) == 1:
        reading = "offset" if offset and offset != _ids(plain) else "page is ignored"
        enough = len(_ids(plain)) == 2 and len(oversize.rows(*ROWS)) > 2  # noqa: PLR2004 - more than a page
        return answered(reading, envelope=keys) if enough else undecided("three users", envelope=keys)
    clamped = "refused" if not oversize.is_ok else "accepted"
    return answered(f"first_page_{first[0]}" if first else "first_page_unknown", envelope=keys, oversize=clamped)


def _owners(account: Account) -> Answer:
    """A list that shows only the key owner's goals looks complete."""
    goals = _list(account, GOALS, {"size": 100})
    if not goals.is_ok:
        return answered("goals need an owner", status=goals.status)
    owners = {str(owner) for row in goals.rows(*ROWS) if (owner := _owner(row)) is not None}
    people = len(_list(account, USERS, {"size": 100}).rows(*ROWS))
    seen = {"goals": band(len(goals.rows(*ROWS))), "owners": band(len(owners)), "users": band(people)}
    if len(owners) > 1:
        return answered("goals of all owners", None, **seen)
    if len(owners) == 1 and people > 1 and len(goals.rows(*ROWS)) > 1:
        return answered("only the key owner's goals", Suggestion("betterworks.paths", "a list of all goals"), **seen)
    return undecided("goals of several people", **seen)


def _owner(goal: Mapping[str, Any]) -> Any:  # noqa: ANN401 - an id of any form
    owner = goal.get("owner")
    if not isinstance(owner, dict):
        return owner
    for kind in ("user", "group"):
        if isinstance(owner.get(kind), dict):
            return f"{kind} {owner[kind].get('id')}"
    return owner.get("user_id", owner.get("id"))


def _filters(account: Account) -> Answer:
    plain = _list(account, GOALS, {"size": 2})
    names = ("updated_since", "modified_after")
    future = {name: _list(account, GOALS, {"size": 2, name: "2099-01-01"}) for name in names}
    heeded = sorted(name for name, reply in future.items() if reply.is_ok and not reply.rows(*ROWS))
    if not plain.rows(*ROWS):
        return undecided("goals")
    return answered("filter by change" if heeded else "no known filter by change", filters=heeded)


def _deployments(account: Account) -> Answer:
    templates = _list(account, TEMPLATES, {"size": 100})
    if not templates.is_ok:
        return refused("conversation templates", status=templates.status)
    found = next(
        (
            (key, item)
            for row in templates.rows(*ROWS)
            for key in ("deployments", "deployment")
            for item in Reply.objects(row.get(key))
        ),
        None,
    )
    if found is None:
        return undecided("a template with a deployment", templates=band(len(templates.rows(*ROWS))))
    key, deployment = found
    name = next((name for name in ("id", "deployment_id", "uuid") if name in deployment), "")
    without = _list(account, CONVERSATIONS, {"size": 1}).status
    return answered(f"{key}[].{name or 'unknown'}", without_deployment=without)


def _asked(stream: str, *params: str) -> Asked:
    return get(f"{PATHS[stream].strip('/')}/", *params)


PROBES = (
    Probe("BA1", "access", "token", (_asked(USERS, *PAGE),), _token, is_gate=True),
    Probe("B15", "access", "whose goals are listed", (_asked(GOALS, "size"), _asked(USERS, *PAGE)), _owners),
    Probe("B1", "access", "the paths of the lists", tuple(_asked(stream, "size") for stream in PATHS), _paths),
    Probe("B2", "paging", "page parameter and size", (_asked(USERS, *PAGE),), _paging),
    Probe("B3", "paging", "filter by change", (_asked(GOALS, "size", "updated_since", "modified_after"),), _filters),
    Probe("B11", "shape", "deployments", (_asked(TEMPLATES, "size"), _asked(CONVERSATIONS, "size")), _deployments),
)
