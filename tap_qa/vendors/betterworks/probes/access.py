"""Whether Betterworks lets us in, and where its lists are."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tap_qa.http.request import Request
from tap_qa.probes.answers import Answer, Suggestion, answered, failed, refused
from tap_qa.probes.asked import get
from tap_qa.probes.probe import Probe
from tap_qa.probes.shapes import Shape, known, limit_headers, status, words
from tap_qa.vendors.betterworks.probes.queries import DEPARTMENTS, ENVELOPE, GOALS, USERS, asked, first_rows, listed
from tap_qa.vendors.betterworks.settings import PATHS, path_of

if TYPE_CHECKING:
    from tap_qa.probes.account import Account
    from tap_qa.probes.shapes import EvidenceValue

_SPELLINGS = {USERS: "user/", GOALS: "goals/"}
"""Other paths that public texts show."""

_NOT_FOUND = 404
_REQUEST_ID = "x-request-id"


def _token(account: Account) -> Answer:
    reply = listed(account, USERS, size=1)
    if reply.is_refused:
        return refused("betterworks.api_token", status=status(reply))
    if not (reply.is_ok or reply.status == _NOT_FOUND):
        return failed(f"HTTP {reply.status}")
    bare = account.send(Request(path_of(USERS, account.config), authenticated=False), once=True)
    return answered(
        "accepted",
        status=status(reply),
        status_without_token=status(bare),
        error_keys=known(bare.fields, ENVELOPE),
        headers=limit_headers(reply.headers),
        request_id_in_answer=any(name.lower() == _REQUEST_ID for name in reply.headers),
    )


def _paths(account: Account) -> Answer:
    replies = first_rows(account)
    found = words(stream for stream, reply in replies.items() if reply.is_ok)
    missing = [stream for stream, reply in replies.items() if reply.status == _NOT_FOUND]
    denied = words(stream for stream, reply in replies.items() if reply.is_refused)
    elsewhere = {
        stream: path
        for stream, path in _SPELLINGS.items()
        if stream in missing and account.send(Request(path, params={"size": 1}), once=True).is_ok
    }
    seen: dict[str, EvidenceValue] = {
        "found": found,
        "missing": words(missing),
        "denied": denied,
        "elsewhere": words(elsewhere),
        "statuses": tuple(Shape(f"{stream} {reply.status}") for stream, reply in replies.items()),
    }
    if missing:
        value = json.dumps(elsewhere) if elsewhere else f"where your API has {', '.join(sorted(missing))}"
        return answered("missing", Suggestion("betterworks.paths", value, loses_rows=False), **seen)
    if DEPARTMENTS in denied:
        advice = Suggestion("betterworks.api_token", "the key of a Super Admin", loses_rows=False)
        return answered("no_admin", advice, **seen)
    advice = Suggestion(
        "select", "the lists that are not selected by default are there, if you want them", loses_rows=False
    )
    return answered("all", advice, **seen)


PROBES = (
    Probe(
        "BA1",
        "access",
        "token",
        {"accepted": "the key is accepted"},
        "nothing depends on it",
        (asked(USERS, "size"),),
        2,
        _token,
        is_gate=True,
    ),
    Probe(
        "B1",
        "access",
        "paths of the lists, role of the key's owner",
        {
            "all": "all lists are where they are thought to be",
            "missing": "not there: {missing}",
            "no_admin": "the key's owner is no admin: {denied} are refused",
        },
        "guesses, not selected; a 403 explains itself",
        (*(asked(stream, "size") for stream in PATHS), *(get(path, "size") for path in _SPELLINGS.values())),
        12,
        _paths,
    ),
)
