"""The API of one Betterworks organisation, as far as public sources let it be known."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.routing import Route

from qa_sandbox.http.json_body import Json
from qa_sandbox.plausible_data import permuted
from qa_sandbox.vendors.betterworks.model import User, uuid_of
from qa_sandbox.vendors.betterworks.serializer import Wire

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from qa_sandbox.vendors.betterworks.dataset import BetterworksDataset
    from qa_sandbox.vendors.betterworks.model import Fields, Goal

TOKEN = "0123456789abcdef" * 2
MOST = 100
_FOR_EVERYONE = {"betterworks_users", "betterworks_goals"}


class RefusedError(Exception):
    """A request that is answered with an error."""

    def __init__(self, status: int, text: str) -> None:
        """Take the status and the text; the real one's error keys are not known."""
        super().__init__(text)
        self.answer = Json({"error": text}, status)


class BetterworksApi:
    """Answers for a dataset."""

    def __init__(self, dataset: BetterworksDataset) -> None:
        """Take the dataset and its rules as they are at each call."""
        self._dataset = dataset
        self._rules = dataset.rules
        self._kept: dict[object, list[Fields]] = {}
        self._kept_revision = -1

    def app(self) -> ASGIApp:
        """The app to serve."""

        async def refuse(_: Request, error: Exception) -> Json:
            return error.answer if isinstance(error, RefusedError) else Json({"error": "error"}, 500)

        routes = [
            Route("/api/beta/goals/{goal:int}/checkin/", self._check_in, methods=["POST"]),
            Route("/api/v1/{path:path}", self._answer),
        ]
        return RequestIds(Starlette(routes=routes, exception_handlers={RefusedError: refuse}))

    async def _check_in(self, request: Request) -> Json:
        """A new measured value, in percent, as the one public client that checks in sends it."""
        self._admit(request)
        try:
            value = json.loads(await request.body(), parse_float=Decimal)["value"]
        except (ValueError, KeyError, TypeError):
            raise RefusedError(400, "value is required.") from None
        if not isinstance(value, (int, Decimal)) or isinstance(value, bool):
            raise RefusedError(400, "value must be a number.")
        with self._dataset.lock:
            goal = self._dataset.organisation.goals.get(request.path_params["goal"])
            if goal is None:
                raise RefusedError(404, "Not found.")
            self._dataset.measure(goal, Decimal(value) / 100)
            return Json(Wire(self._dataset.organisation, self._rules).bare_goal(goal), 201)

    def _admit(self, request: Request) -> None:
        if request.headers.get("authorization") != f"APIToken {TOKEN}":
            raise RefusedError(401, "Invalid API token.")
        if not self._rules.accepted_privacy:
            raise RefusedError(403, "The privacy notice has not been accepted.")

    async def _answer(self, request: Request) -> Json:
        self._admit(request)
        path = request.path_params["path"].strip("/")
        with self._dataset.lock:
            one = self._single(path)
            if one is not None:
                return Json(one)
            stream = next((stream for stream, own in self._rules.paths.items() if own.strip("/") == path), None)
            if stream is None:
                raise RefusedError(404, "Not found.")
            if not self._rules.administrator and stream not in _FOR_EVERYONE:
                raise RefusedError(403, "You do not have permission to perform this action.")
            return self._page(request, self._changed(request, self._keep(stream, request)))

    def _changed(self, request: Request, rows: list[Fields]) -> list[Fields]:
        """What is left of a list, in its order, by the parameters that the rules heed."""
        asked = {name: value for name, value in request.query_params.items() if name in self._rules.heeds}
        for name in ("updated_since", "modified_after"):
            if name in asked:
                since = datetime.fromisoformat(asked[name]).replace(tzinfo=timezone.utc).timestamp()
                rows = [row for row in rows if row["updated"] >= since]
        if asked.get("ordering") == "-updated":
            rows = sorted(rows, key=lambda row: row["updated"], reverse=True)
        return rows[int(asked.get("offset", 0)) :]

    def _single(self, path: str) -> Fields | None:
        kind, _, identifier = path.partition("/")
        wire, organisation = Wire(self._dataset.organisation, self._rules), self._dataset.organisation
        if kind == "goals" and identifier.isdigit():
            goal = organisation.goals.get(int(identifier))
            return wire.goal(goal) if goal else None
        if kind == "users" and identifier:
            users = organisation.users.values()
            return next((wire.user(user) for user in users if identifier in {str(user.id), user.email}), None)
        return None

    def _keep(self, stream: str, request: Request) -> list[Fields]:
        """The rows for the same question since the dataset last changed, or again."""
        if self._kept_revision != self._dataset.revision:
            self._kept.clear()
            self._kept_revision = self._dataset.revision
        asked = tuple(request.query_params.get(name) for name in ("owner", "deployment_id", "date_range"))
        key = (stream, asked, repr(self._rules))
        if key not in self._kept:
            self._kept[key] = sorted(self._rows(stream, request), key=lambda row: permuted(row["id"]))
        return self._kept[key]

    def _rows(self, stream: str, request: Request) -> list[Fields]:
        organisation = self._dataset.organisation
        wire = Wire(organisation, self._rules)
        name = stream.removeprefix("betterworks_")
        if name == "users":
            return [wire.user(user) for user in organisation.users.values()]
        if name == "departments":
            return [wire.department(group) for group in organisation.groups.values() if not group.is_team]
        if name == "goals":
            return [wire.goal(goal) for goal in self._goals(request)]
        rows = list(organisation.lists.get(name, {}).values())
        if name == "conversations":
            deployment = request.query_params.get("deployment_id")
            if not deployment:
                raise RefusedError(400, "deployment_id is required.")
            if deployment in self._rules.gone_deployments:
                raise RefusedError(404, "Not found.")
            rows = [row for row in rows if str(row["_deployment"]) == deployment]
        return [wire.listed(name, row) for row in rows]

    def _goals(self, request: Request) -> list[Goal]:
        """Goals, not milestones; by owner also those of the groups that the owner is in."""
        goals = [goal for goal in self._dataset.organisation.goals.values() if not goal.is_key_result]
        if request.query_params.get("date_range") == "today":
            today = self._dataset.clock.now().date()
            goals = [goal for goal in goals if goal.start <= today <= goal.end]
        owner = request.query_params.get("owner")
        if owner is None:
            if self._rules.needs_owner:
                raise RefusedError(400, "owner is required.")
            first = next(iter(self._dataset.organisation.users.values()))
            return goals if self._rules.shows_all_goals else [goal for goal in goals if goal.owner is first]
        user = self._dataset.organisation.users.get(int(owner) if owner.isdigit() else -1)
        return [goal for goal in goals if user and _is_of(goal, user)]

    def _page(self, request: Request, rows: list[Fields]) -> Json:
        size = _number(request, "size", self._rules.default_size)
        first = self._rules.first_page
        page = 0 if "page" in self._rules.ignores else _number(request, "page", first) - first
        if size > MOST and self._rules.oversize == "refuse":
            raise RefusedError(400, f"size must not exceed {MOST}.")
        size = min(size, MOST) if self._rules.takes_page else max(len(rows), 1)
        page = page if self._rules.takes_page else 0
        if size < 1 or page < 0:
            raise RefusedError(400, "size or page is out of range.")
        part = rows[page * size : (page + 1) * size]
        more = (page + 1) * size < len(rows)
        named = more and self._rules.link_on_full_page
        link = self._link(request, page + 1 + self._rules.first_page) if named else None
        shapes: dict[str, Any] = {
            "results": {"results": part, "more": more, "nextURL": link},
            "next": {"count": len(rows), "next": link, "results": part},
            "data": {"data": part, "next_url": link},
            "objects": {"objects": part, "more": more},
            "list": part,
        }
        return Json(shapes[self._rules.envelope])

    def _link(self, request: Request, page: int) -> str:
        own = request.query_params.multi_items() if self._rules.next_keeps else []
        url = request.url.replace(query=urlencode([pair for pair in own if pair[0] != "page"] + [("page", page)]))
        return str(url) if self._rules.next_form == "absolute" else f"{url.path}?{url.query}"


class RequestIds:
    """Gives each answer the `X-Request-Id` of its request, or one of its own."""

    def __init__(self, app: ASGIApp) -> None:
        """Stand before an app."""
        self._app = app
        self._assigned = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        given = dict(scope["headers"]).get(b"x-request-id")
        if given is None:
            self._assigned += 1
            given = uuid_of("request", self._assigned).encode()

        async def tell(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)["X-Request-Id"] = given.decode("latin-1")
            await send(message)

        await self._app(scope, receive, tell)


def _is_of(goal: Goal, user: User) -> bool:
    owner = goal.owner
    if isinstance(owner, User):
        return owner is user
    return user.department in (owner, owner.parent)


def _number(request: Request, name: str, otherwise: int) -> int:
    text = request.query_params.get(name)
    if text is None:
        return otherwise
    if not text.lstrip("-").isdigit():
        raise RefusedError(400, f"{name} must be an integer.")
    return int(text)
