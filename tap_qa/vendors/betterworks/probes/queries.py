"""Queries that several of Betterworks' probes share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tap_qa.http.request import Request
from tap_qa.probes.asked import Asked, Reply, get
from tap_qa.vendors.betterworks.settings import PATHS, path_of

if TYPE_CHECKING:
    from tap_qa.http.request import Param
    from tap_qa.probes.account import Account

USERS, GOALS = "betterworks_users", "betterworks_goals"
DEPARTMENTS = "betterworks_departments"
TEMPLATES, CONVERSATIONS = "betterworks_conversation_templates", "betterworks_conversations"
ROWS = ("results", "data", "items", "objects", "users", "goals", "conversation_templates", "conversations")
ENVELOPE = (
    *("results", "data", "items", "objects", "more", "nextURL", "next_url", "next", "total", "total_count", "count"),
    *("error", "message", "detail", "errors", "reason"),
)
LINKS = ("nextURL", "next_url", "next")
FULL_PAGE = 100


def listed(account: Account, stream: str, **params: Param) -> Reply:
    """Return a page of a list, wherever the settings say that it is."""
    return account.send(Request(path_of(stream, account.config), params=params), once=True)


def asked(stream: str, *params: str) -> Asked:
    """Declare the requests for a list."""
    return get(f"{PATHS[stream].strip('/')}/", *params)


def rows_of(reply: Reply) -> list[dict[str, Any]]:
    """Return the rows of a page."""
    return reply.rows(*ROWS)


def ids(reply: Reply) -> list[str]:
    """Return the ids of a page's rows."""
    return [str(row.get("id")) for row in rows_of(reply)]


def first_users(account: Account) -> Reply:
    """Return the first full page of users."""
    return account.once("users", lambda: listed(account, USERS, size=FULL_PAGE))


def first_goals(account: Account) -> Reply:
    """Return the first full page of goals."""
    return account.once("goals", lambda: listed(account, GOALS, size=FULL_PAGE))


def first_rows(account: Account) -> dict[str, Reply]:
    """Return the first row of each list, by its stream."""
    return account.once("lists", lambda: {stream: listed(account, stream, size=1) for stream in PATHS})
