"""Tickets that callers create, change and delete, by the rules of the article "MaestroQA API"."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from qa_sandbox.exports.seeded import seeded_id
from qa_sandbox.http.json_body import Json
from qa_sandbox.vendors.maestroqa.export_options import InvalidParameter

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request

Ticket = dict[str, Any]

_REQUIRED = ("gradable_id", "type", "subject", "agents", "link", "body")
_TEXTS = ("gradable_id", "type", "subject", "link", "body", "tags", "status")
_DATES = ("first_seen", "last_seen")
_KNOWN = frozenset({*_TEXTS, *_DATES, "agents", "csat_score", "apiToken"})


@dataclass
class Tickets:
    """The account's tickets by `gradable_id`.

    Attributes:
        now: The vendor's time, for the dates that a caller leaves out.
        kept: All tickets there are.
        synced: Ids of those that come from a help desk, which a caller can neither change nor delete.
        created: The ids of all tickets that were ever created by a call, in order.
    """

    now: Callable[[], datetime]
    kept: dict[str, Ticket] = field(default_factory=dict)
    synced: set[str] = field(default_factory=set)
    created: list[str] = field(default_factory=list)

    async def create(self, _: Request, body: Ticket) -> Json:
        """POST /tickets."""
        _check(body)
        missing = [name for name in _REQUIRED if name not in body]
        if missing:
            raise InvalidParameter(missing[0])
        gradable_id = body["gradable_id"]
        if gradable_id in self.kept or gradable_id in self.synced:
            return _error(409, "gradable_id is in use")
        dates = dict.fromkeys(_DATES, self.now().strftime("%Y-%m-%dT%H:%M:%S.000Z"))
        self.kept[gradable_id] = {"_id": seeded_id(17, "ticket", len(self.created)), **dates, **_shown(body)}
        self.created.append(gradable_id)
        return Json(self.kept[gradable_id], status_code=201)

    async def update(self, request: Request, body: Ticket) -> Json:
        """PATCH /tickets/{gradable_id}."""
        gradable_id = request.path_params["gradable_id"]
        if refusal := self._untouchable(gradable_id):
            return refusal
        _check(body)
        self.kept[gradable_id].update(_shown(body))
        return Json(self.kept[gradable_id])

    async def delete(self, request: Request, _: Ticket) -> Json:
        """DELETE /tickets/{gradable_id}."""
        gradable_id = request.path_params["gradable_id"]
        if refusal := self._untouchable(gradable_id):
            return refusal
        del self.kept[gradable_id]
        return Json({})

    def _untouchable(self, gradable_id: str) -> Json | None:
        if gradable_id in self.synced:
            return _error(403, "Tickets synced from a help desk cannot be changed")
        return None if gradable_id in self.kept else _error(404, "No such ticket")


def _shown(body: Ticket) -> Ticket:
    return {name: value for name, value in body.items() if name != "apiToken"}


def _check(body: Ticket) -> None:
    """Refuse what the article refuses: a parameter that is sent must hold a valid value."""
    for name, value in body.items():
        if name not in _KNOWN or not _is_valid(name, value):
            raise InvalidParameter(name)


def _is_valid(name: str, value: Any) -> bool:  # noqa: ANN401 - JSON is anything
    if name == "agents":
        return isinstance(value, list) and bool(value) and all(isinstance(agent, str) and agent for agent in value)
    if name == "csat_score":
        return isinstance(value, (int, float)) and not isinstance(value, bool)
    if not isinstance(value, str) or not value:
        return False
    if name in _DATES:
        try:
            return datetime.fromisoformat(value.replace("Z", "+00:00")).tzinfo is not None
        except ValueError:
            return False
    return True


def _error(status: int, message: str) -> Json:
    return Json({"error": message}, status_code=status)
