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

_REQUIRED = ("type", "subject", "agents", "body")
_TEXTS = ("type", "subject", "link", "body", "tags", "status")
_DATES = ("first_seen", "last_seen")
_KINDS: dict[str, type | tuple[type, ...]] = {"csat_score": (int, float), "attributes": dict}
_KNOWN = frozenset({*_TEXTS, *_DATES, "agents", "csat_score", "apiToken"})


@dataclass
class Tickets:
    """The account's tickets by `gradable_id`.

    Attributes:
        now: The vendor's time, for the dates that a caller leaves out.
        kept: All tickets there are.
        synced: Ids of those that come from a help desk, which a caller can neither change nor delete.
        created: The ids of all tickets that were ever created by a call, in order.
        newer: Whether the account takes what clients of 2025 send: `ticket_id` for `gradable_id`, a free object
            `attributes`, and no `link` if there is none.
    """

    now: Callable[[], datetime]
    kept: dict[str, Ticket] = field(default_factory=dict)
    synced: set[str] = field(default_factory=set)
    created: list[str] = field(default_factory=list)
    newer: bool = False

    @property
    def _id_name(self) -> str:
        return "ticket_id" if self.newer else "gradable_id"

    async def create(self, _: Request, body: Ticket) -> Json:
        """POST /tickets."""
        self._check(body)
        required = (self._id_name, *_REQUIRED) if self.newer else (self._id_name, *_REQUIRED, "link")
        missing = [name for name in required if name not in body]
        if missing:
            raise InvalidParameter(missing[0])
        gradable_id = body[self._id_name]
        if gradable_id in self.kept or gradable_id in self.synced:
            return _error(409, f"{self._id_name} is in use")
        dates = dict.fromkeys(_DATES, self.now().strftime("%Y-%m-%dT%H:%M:%S.000Z"))
        self.kept[gradable_id] = {"_id": seeded_id(17, "ticket", len(self.created)), **dates, **_shown(body)}
        self.created.append(gradable_id)
        return Json(self.kept[gradable_id], status_code=201)

    async def update(self, request: Request, body: Ticket) -> Json:
        """PATCH /tickets/{gradable_id}."""
        gradable_id = request.path_params["gradable_id"]
        if refusal := self._untouchable(gradable_id):
            return refusal
        self._check(body)
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

    def _check(self, body: Ticket) -> None:
        """Refuse what the article refuses: a parameter that is sent must hold a valid value."""
        known = _KNOWN | {self._id_name} | ({"attributes"} if self.newer else set())
        for name, value in body.items():
            if name not in known or not _is_valid(name, value):
                raise InvalidParameter(name)


def _shown(body: Ticket) -> Ticket:
    return {name: value for name, value in body.items() if name != "apiToken"}


def _is_valid(name: str, value: Any) -> bool:  # noqa: ANN401 - JSON is anything
    if name == "agents":
        return isinstance(value, list) and bool(value) and all(isinstance(agent, str) and agent for agent in value)
    if name in _KINDS:
        return isinstance(value, _KINDS[name]) and not isinstance(value, bool)
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
