"""Whether an account of MaestroQA lets us in, at which host, and what the newer edition's lists hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tap_qa.errors import VendorError
from tap_qa.http.request import Request
from tap_qa.probes.answers import Answer, Suggestion, answered, refused, undecided
from tap_qa.probes.asked import Asked, Reply, get
from tap_qa.probes.probe import Probe
from tap_qa.probes.shapes import known, limit_headers, status, statuses, words
from tap_qa.streams.registry import streams_of
from tap_qa.vendors.maestroqa.jobs import NO_EXPORT

if TYPE_CHECKING:
    from tap_qa.probes.account import Account
    from tap_qa.probes.shapes import EvidenceValue

HOSTS = ("https://app.maestroqa.com/api/v1", "https://app.rippit.com/api/v1")
"""The two roots that the vendor's help pages name."""

_BY_HEADER, _BY_PATH = "get-export-data", f"export-data/{NO_EXPORT}"
_LISTS = ("coaching-sessions", "coaching-points", "todos", "assignments")
_SCIM = ("scim/v2/Users", "scim/v2/Groups")
_STREAMS = {vars(stream)["path"]: vars(stream)["name"] for stream in streams_of("maestroqa") if "path" in vars(stream)}
"""The tap's streams by the path of their list."""

_ENVELOPE = (
    *("data", "results", "items", "total", "totalResults", "startIndex", "itemsPerPage", "Resources"),
    *("coachingSessions", "coachingPoints", "todos", "assignments", "page", "nextPage", "next", "error", "message"),
)
_FIELDS = (
    *("id", "_id", "name", "agentId", "agentName", "coachId", "coachName", "createdAt", "updatedAt", "meetingDate"),
    *("ticketId", "type", "status", "dueDate", "userName", "displayName", "active", "emails", "members", "roles"),
)
_PARAMETERS = ("startDate", "endDate", "timeAxis", "page", "limit", "agentId", "coachId", "status", "count")
_NOT_FOUND = frozenset({404, 405})


def _unknown_export(account: Account, base: str = "") -> Reply:
    return account.send(Request(_BY_HEADER, headers={"exportId": NO_EXPORT}), base=base, once=True)


def _token(account: Account) -> Answer:
    moved = False
    try:
        account.send(Request("", method="HEAD", authenticated=False), once=True)
    except VendorError as error:
        if type(error) is not VendorError:
            raise
        moved = True  # to another host, which is not followed
    reply = _unknown_export(account)
    if reply.is_refused:
        return refused("maestroqa.api_token", status=status(reply))
    return answered(
        "accepted",
        status=status(reply),
        error_keys=known(reply.fields, _ENVELOPE),
        headers=limit_headers(reply.headers),
        sends_on_to_another_host=moved,
    )


def _knows_way(reply: Reply, path: str) -> bool | None:
    """Return whether a host knows this way to ask, by what it says of an export that there is not; None if unclear."""
    if reply.status not in _NOT_FOUND:
        return None if reply.is_refused else True
    if not reply.fields:
        return False
    return True if "export" in reply.text.replace(path, "").replace(_BY_HEADER, "").lower() else None


def _poll_ways(account: Account) -> Answer:
    own = account.client.base_url
    bases = ("", *(host for host in HOSTS if host != own)) if own in HOSTS else ("",)
    replies = {
        (base, name): _unknown_export(account, base)
        if name == "header"
        else account.send(Request(_BY_PATH), base=base, once=True)
        for base in bases
        for name in ("header", "path")
    }
    ways = {key: _knows_way(reply, _BY_PATH) for key, reply in replies.items()}
    seen: dict[str, EvidenceValue] = {
        "statuses": statuses({f"{name}{' elsewhere' if base else ''}": replies[base, name] for base, name in replies})
    }
    here = [name for (base, name), found in ways.items() if not base and found]
    if here and None not in [ways["", "header"], ways["", "path"]]:
        return answered("both" if len(here) > 1 else here[0], **seen)
    if not here and any(found for (base, _), found in ways.items() if base):
        advice = Suggestion(
            "maestroqa.url", "the other of the two addresses that the help pages name", loses_rows=False
        )
        return answered("other_host", advice, **seen)
    return undecided("a host whose errors for an unknown path and for an unknown export differ", **seen)


def _newer_lists(account: Account) -> Answer:
    replies = {path: account.send(Request(path), once=True) for path in _LISTS}
    replies |= {path: account.send(Request(path, params={"count": 1}), once=True) for path in _SCIM}
    found = words(path for path, reply in replies.items() if reply.is_ok)
    named = " ".join(reply.text for reply in replies.values() if reply.status in {400, 422})
    rows = [row for reply in replies.values() for row in reply.rows(*_ENVELOPE)]
    seen: dict[str, EvidenceValue] = {
        "found": found,
        "statuses": statuses(replies),
        "keys": known({key for reply in replies.values() for key in reply.fields}, _ENVELOPE),
        "parameters_named": known((name for name in _PARAMETERS if name in named), _PARAMETERS),
        **account.names({name for row in rows for name in row}, _FIELDS),
    }
    streams = sorted(_STREAMS[path] for path in found if path in _STREAMS)
    advice = Suggestion("select", f"add {', '.join(streams)}, if you want them", loses_rows=False)
    return answered("some" if found else "none", advice if streams else None, **seen)


_POLL = get(_BY_HEADER)
PROBES = (
    Probe(
        "MA1",
        "access",
        "token",
        {"accepted": "the token is accepted"},
        "`--test` asks the same",
        (Asked("HEAD", ""), _POLL),
        2,
        _token,
        is_gate=True,
    ),
    Probe(
        "M8",
        "access",
        "how exports are polled, and where",
        {
            "header": "by get-export-data alone",
            "path": "by export-data/{{id}} alone",
            "both": "by get-export-data and by export-data/{{id}}",
            "other_host": "neither here; the vendor's other host does",
        },
        "each way is tried where another gets 404",
        (_POLL, get(_BY_PATH)),
        4,
        _poll_ways,
    ),
    Probe(
        "M11",
        "shape",
        "lists of the newer edition",
        {"some": "these answer: {found}", "none": "none of them answers"},
        "not selected by default",
        (*map(get, _LISTS), *(get(path, "count") for path in _SCIM)),
        6,
        _newer_lists,
    ),
)
