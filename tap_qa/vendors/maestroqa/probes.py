"""What an account of MaestroQA (now Rippit) can tell about itself without asking for an export."""

from __future__ import annotations

from tap_qa.http.request import Request
from tap_qa.probes.answers import Answer, answered, known_names, refused, undecided
from tap_qa.probes.probe import Account, Asked, Probe, Reply, get

NO_EXPORT = "tap-qa-connection-test"
_NEWER_LISTS = ("coaching-sessions", "coaching-points", "todos", "assignments")
_ENVELOPE = ("data", "results", "items", "total", "nextPage", "next", "error", "message")
_BY_HEADER, _BY_PATH = "get-export-data", f"export-data/{NO_EXPORT}"


def _unknown_export(account: Account) -> Reply:
    return account.send(Request(_BY_HEADER, headers={"exportId": NO_EXPORT}))


def _keys(reply: Reply) -> list[str]:
    return known_names(list(reply.body) if isinstance(reply.body, dict) else [], _ENVELOPE)


def _token(account: Account) -> Answer:
    reply = _unknown_export(account)
    if reply.status in {401, 403}:
        return refused("the API token", status=reply.status)
    return answered("accepted", status=reply.status, error_keys=_keys(reply))


def _poll_path(account: Account) -> Answer:
    """An export that there is not is complained of in JSON; a path that there is not, most likely otherwise."""
    replies = {"header": _unknown_export(account), "path": account.get(_BY_PATH)}
    known = sorted(name for name, reply in replies.items() if isinstance(reply.body, dict))
    statuses = [f"{name} {reply.status}" for name, reply in replies.items()]
    if len(known) == 1:
        return answered(f"by {known[0]}", statuses=statuses)
    return undecided("an account whose host explains one of both ways", statuses=statuses)


def _newer_lists(account: Account) -> Answer:
    replies = {path: account.get(path) for path in _NEWER_LISTS}
    found = sorted(path for path, reply in replies.items() if reply.is_ok)
    shapes = sorted({key for reply in replies.values() for key in _keys(reply)})
    return answered("lists of the newer edition" if found else "none of the newer edition", found=found, keys=shapes)


_POLL = Asked("GET", _BY_HEADER)
PROBES = (
    Probe("MA1", "access", "token", (_POLL,), _token, is_gate=True),
    Probe("M8", "access", "how exports are polled", (_POLL, get(_BY_PATH)), _poll_path),
    Probe("M11", "shape", "lists of the newer edition", tuple(map(get, _NEWER_LISTS)), _newer_lists),
)
