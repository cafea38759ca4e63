"""Betterworks: people and goals as whole lists in several dialects; the tap itself passes on what is new."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from typing_extensions import override

from tap_qa.vendors.betterworks import streams
from tests.model.intercepted_request import Asked, Reply
from tests.model.vendors.base import Row, Shown, VendorModel

if TYPE_CHECKING:
    from random import Random

    from tap_qa.streams.base import QAStream
    from tests.model.change_log import Entity, Version
    from tests.model.clocks import VendorTime
    from tests.model.vendors.base import VendorBehaviour

ROOT = "/api/v1/"


class BetterworksModel(VendorModel):
    """An account with goals, some of which are nested in others, and as many people."""

    name = "betterworks"
    title = "Betterworks"
    streams: ClassVar[dict[str, type[QAStream]]] = {stream.name: stream for stream in (streams.Goals, streams.Users)}

    def __init__(self, rng: Random, time: VendorTime, temper: VendorBehaviour) -> None:
        """Choose the account's habits."""
        self.page_size = rng.choice((2, 3, 5, 100))
        self.order = rng.choice(("newest", "oldest", "id", "place"))
        self._dialect = rng.choice(("absolute", "relative", "number", "counted"))
        self._total = rng.choice((None, "total", "count"))
        self._nests = rng.random() < 0.5
        self._shown: Shown = []
        self._lists: dict[str, list[Row]] = {}
        super().__init__(rng, time, temper)

    @override
    def config(self, url: str) -> Row:
        return {"url": f"{url}/api/v1", "api_token": "the-api-token"}

    @override
    def _choose(self) -> list[str]:
        return sorted(self.streams) if self.rng.random() < 0.5 else ["betterworks_goals"]

    # The API

    @override
    def answer(self, asked: Asked) -> Reply:
        if asked.headers.get("Authorization") != "APIToken the-api-token":
            return Reply(401, {"detail": "Invalid token."})
        rows = self._rows_of(asked.path.removeprefix(ROOT))
        page = int(asked.query.get("page", "1"))
        end = page * self.page_size
        body: Row = {"results": rows[end - self.page_size : end]}
        if self._total:
            body[self._total] = len(rows)
        if self._dialect != "counted":
            more = end < len(rows)
            query = f"?page={page + 1}&size=7"
            onward = {
                "absolute": f"https://elsewhere.example{asked.path}{query}",
                "relative": f"{asked.path}{query}",
                "number": page + 1,
            }[self._dialect]
            body |= {"more": more, "nextURL": onward if more else None}
        return Reply(200, body)

    def _rows_of(self, name: str) -> list[Row]:
        """Return a whole list, made once while nothing else is shown."""
        shown = self.ledger.shown()
        if shown is not self._shown:
            self._shown = shown
            self._lists.clear()
        if name not in self._lists:
            make = {"users/": self._users, "goals/filter/": self._goals}[name]
            self._lists[name] = make(self.ordered(shown, self.order))
        return self._lists[name]

    def _users(self, shown: Shown) -> list[Row]:
        return [_user(thing.key, version) for thing, version in shown]

    def _goals(self, shown: Shown) -> list[Row]:
        """Return goals, those with a parent within it; a parent that is gone has left them at the top."""
        rows = {thing.key: {**_goal(thing.key, version), "children": []} for thing, version in shown}
        top: list[Row] = []
        for thing, _ in shown:
            parent = rows.get(self._parent(thing))
            (top if parent is None else parent["children"]).append(rows[thing.key])
        return top

    def _parent(self, thing: Entity) -> int:
        """Return the key of a goal's parent, which need not exist: nesting is at most two deep."""
        return thing.key - thing.key % 4 if self._nests and thing.key % 4 else 0

    # The expected records

    @override
    def expected(self, stream: str) -> dict[tuple[Any, ...], tuple[Version, Row]]:
        show = _user if stream == "betterworks_users" else _goal
        return {(key,): (version, show(key, version)) for key, version in self.ledger.truth().items()}


def _user(key: int, version: Version) -> Row:
    return {"id": key, "name": f"r{version.revision}"}


def _goal(key: int, version: Version) -> Row:
    return {"id": key, "name": f"r{version.revision}", "updated": version.stamp.isoformat()}
