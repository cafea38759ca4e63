"""Whether an instance of Scorebuddy lets us in, and how it counts."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from tap_qa.errors import CredentialsError, PermissionDeniedError, RequestRejectedError
from tap_qa.http.request import Request
from tap_qa.probes.answers import Answer, Suggestion, answered, refused
from tap_qa.probes.asked import get, post
from tap_qa.probes.probe import Probe
from tap_qa.probes.shapes import Shape, duration, header_form, known, limit_headers, status, words
from tap_qa.vendors.scorebuddy.probes.queries import SCOPES, scopes

if TYPE_CHECKING:
    from tap_qa.probes.account import Account
    from tap_qa.probes.asked import Reply
    from tap_qa.probes.shapes import EvidenceValue

_ERRORS = ("error", "error_description", "type", "description", "message")
_REMAINING, _RESET = "X-RateLimit-Remaining", "X-RateLimit-Reset"
_TOKEN = post("authorisation/token", "grant_type", "client_id", "client_secret", "scope")


def _ping(account: Account, *, authenticated: bool = False) -> Reply:
    return account.send(Request("ping", authenticated=authenticated))


def _limits(account: Account) -> Answer:
    """Ask before and after the request for a token, and once with it: the quota left shows whose it is."""
    machine = account.client.run_context.clock.now()
    first = _ping(account)
    if not first.is_ok:
        return answered("no_ping", status=status(first))
    skew = account.now() - machine.replace(microsecond=0)
    try:
        account.connection.ensure_server_time()
    except (CredentialsError, PermissionDeniedError, RequestRejectedError):
        return answered("no_token", status=status(first), headers=limit_headers(first.headers))
    replies = [first, _ping(account), _ping(account, authenticated=True)]
    seen: dict[str, EvidenceValue] = {
        "headers": limit_headers(first.headers),
        "reset": header_form(first.headers.get(_RESET)),
        "skew": duration(skew if abs(skew) > timedelta(seconds=1) else timedelta()),
    }
    before, after, own = map(_left, replies)
    if before is None or after is None or own is None:
        return answered("no_limit_told", **seen)
    ping = after - own
    if ping in {0, 1}:
        reading = {0: "token_calls_are_free", 1: "token_calls_count"}.get(before - after - ping, "others_ask_too")
        return answered(reading, **seen)
    # Others make both fall; only budgets of their own make them differ now as before.
    again = _left(_ping(account))
    return answered("budget_of_the_client" if again is not None and abs(again - own) > 1 else "others_ask_too", **seen)


def _left(reply: Reply) -> int | None:
    text = reply.headers.get(_REMAINING, "")
    return int(text) if text.isdigit() else None


def _credentials(account: Account) -> Answer:
    try:
        account.connection.ensure_server_time()
    except (CredentialsError, PermissionDeniedError):
        return refused("scorebuddy.client_id or scorebuddy.client_secret")
    except RequestRejectedError as rejection:
        return refused(
            "scorebuddy.client_id, client_secret or all scopes",
            status=Shape(str(rejection.status)),
            error_keys=known((key for key in _ERRORS if f'"{key}"' in rejection.error_body), _ERRORS),
        )
    return answered("granted", lifetime=account.token_life())


def _scopes(account: Account) -> Answer:
    replies = scopes(account)
    denied = words(scope for scope, reply in replies.items() if reply.is_refused)
    absent = words(scope for scope, reply in replies.items() if reply.status == 404)  # noqa: PLR2004
    if denied or absent:
        missing = ", ".join([*denied, *absent])
        advice = Suggestion("select", f"deselect the streams that need {missing}, or grant it", loses_rows=False)
        return refused(f"scopes that the client does not hold: {missing}", advice, denied=denied, absent=absent)
    return answered("all", scopes=words(replies))


PROBES = (
    Probe(
        "SA1",
        "access",
        "reachable, clock, hourly limit",
        {
            "token_calls_count": "reachable; a call for a token counts as a request",
            "token_calls_are_free": "reachable; a call for a token does not count",
            "budget_of_the_client": "reachable; requests with a token have a budget of their own",
            "others_ask_too": "reachable; others use the same budget at this moment",
            "no_limit_told": "reachable; no limit is stated",
            "no_token": "reachable, but no token is given",
            "no_ping": "reachable, but there is no ping: HTTP {status}",
        },
        "the headers are obeyed, whatever they count",
        (get("ping"), _TOKEN),
        4,
        _limits,
        is_gate=True,
    ),
    Probe(
        "SA2",
        "access",
        "credentials",
        {"granted": "a token is given, for {lifetime}"},
        "the token is asked for in a form",
        (_TOKEN,),
        1,
        _credentials,
        is_gate=True,
    ),
    Probe(
        "SA3",
        "access",
        "each scope",
        {"all": "all lists can be read"},
        "a 403 names the scope",
        (*SCOPES, _TOKEN),
        7,
        _scopes,
    ),
)
