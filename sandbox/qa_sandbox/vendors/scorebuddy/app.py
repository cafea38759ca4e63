"""The API of one Scorebuddy instance, by the vendor's Open API 1.8.1 and its article on extracting score data."""

from __future__ import annotations

from bisect import bisect_right
from functools import partial
from itertools import accumulate
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlencode

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.status import HTTP_200_OK

from qa_sandbox.http.json_body import Json
from qa_sandbox.vendors.scorebuddy import interactions
from qa_sandbox.vendors.scorebuddy import query_params as asking
from qa_sandbox.vendors.scorebuddy.access import BudgetMiddleware, Refusal, Tokens, refuse, reject
from qa_sandbox.vendors.scorebuddy.listing import Listing, Single
from qa_sandbox.vendors.scorebuddy.lists import Lists
from qa_sandbox.vendors.scorebuddy.look_ups import LOOK_UPS, LookUp, cut
from qa_sandbox.vendors.scorebuddy.serializer import Object, Serializer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from starlette.types import ASGIApp

    from qa_sandbox.vendors.scorebuddy.dataset import ScorebuddyDataset
    from qa_sandbox.vendors.scorebuddy.model import Question, Score, Scorecard, Version
    from qa_sandbox.vendors.scorebuddy.seed_data import Instance

T = TypeVar("T")

INSTANCE = "1234567"


class ScorebuddyApi:
    """Answers for a dataset."""

    def __init__(self, dataset: ScorebuddyDataset) -> None:
        """Take the dataset and its rules as they are at each call."""
        self._dataset = dataset
        self._rules = dataset.rules
        self.tokens = Tokens(self._rules, dataset.clock)
        self._wire = Serializer(self._rules)
        self._lists = Lists(dataset, self._rules, self._wire)
        self._kept: dict[object, Any] = {}
        self._kept_revision = -1

    def app(self) -> ASGIApp:
        """The app to serve."""
        routes = [
            Route("/authorisation/token", self.tokens.issue, methods=["POST"]),
            Route("/ping", self._ping),
            Route("/export/questions", self._export),
            *(Route(listing.path, self._answering(listing)) for listing in self._listings()),
            *(Route(single.path, self._telling(single)) for single in self._singles()),
        ]
        api = Starlette(routes=[Mount(f"/{INSTANCE}/api/v1", routes=routes)], exception_handlers={Refusal: refuse})
        return BudgetMiddleware(api, self._rules, self._dataset.clock)

    def _listings(self) -> list[Listing]:
        lists, wire = self._lists, self._wire
        versions = "/scorecards/{card:int}/versions"
        questions = versions + "/{version:int}/questions"
        return [
            Listing("/scores", "scores", "scores:read", 10, _by_query(lists.scores), wire.score),
            Listing(
                "/scores/reviews",
                "reviews",
                "scores:read",
                10,
                _by_query(lists.reviews),
                lambda pair: wire.review(*pair),
            ),
            Listing("/scorecards", "scorecards", "scorecards:read", 5, _by_query(lists.scorecards), wire.scorecard),
            *self._look_ups(),
            *interactions.listings(),
            Listing(versions, "versions", "scorecards:read", 10, lambda ask: self._card(ask).versions, wire.version),
            Listing(
                questions,
                "questions",
                "scorecards:read",
                100,
                lambda ask: self._version(ask).questions,
                wire.question,
            ),
            Listing(
                questions + "/{question:int}/answers",
                "answers",
                "scorecards:read",
                100,
                lambda ask: list(enumerate(self._question(ask).answers)),
                lambda pair: wire.answer(*pair),
            ),
            Listing(
                questions + "/{question:int}/causes",
                "causes",
                "scorecards:read",
                100,
                lambda ask: self._question(ask).causes,
                wire.cause,
            ),
            Listing("/staff", "staff", "staff:read", 25, _by_query(lists.staff), wire.person),
            Listing("/staff/employees", "employees", "staff:read", 25, _by_query(lists.employees), wire.person),
            Listing("/staff/supervisors", "supervisors", "staff:read", 25, _by_query(lists.supervisors), wire.person),
            Listing("/users", "users", "users:read", 25, _by_query(lists.users), wire.user),
            Listing("/groups", "groups", "groups:read", 100, _by_query(lists.groups), wire.group),
            Listing("/teams", "teams", "teams:read", 100, _by_query(lists.teams), wire.team),
        ]

    def _look_ups(self) -> Iterator[Listing]:
        for each in LOOK_UPS:
            path = "/" + each.path.replace("}", ":int}")
            yield Listing(path, each.name, each.scope, each.most, partial(self._rows, each), cut)
            for name in each.arrays:
                below = f"{path}/{{row:int}}/{name}"
                yield Listing(below, name, each.scope, 100, partial(self._array, each, name), cut)

    def _rows(self, look_up: LookUp, request: Request) -> list[Object]:
        return look_up.rows(self._owner(request))

    def _array(self, look_up: LookUp, name: str, request: Request) -> list[Object]:
        found = look_up.array(self._owner(request), name, request.path_params["row"])
        if found is None:
            raise Refusal(404, "NOT_FOUND", "There is no such resource")
        return found

    def _owner(self, request: Request) -> Instance | Scorecard | Version:
        if "version" in request.path_params:
            return self._version(request)
        return self._card(request) if "card" in request.path_params else self._dataset.instance

    def _singles(self) -> list[Single]:
        wire, dataset = self._wire, self._dataset
        versions = "/scorecards/{card:int}/versions/{version:int}"
        return [
            Single(
                "/scores/{id:int}", "score", "scores:read", lambda ask: _one(dataset.instance.scores, ask), wire.score
            ),
            Single(
                "/scorecards/{card:int}",
                "scorecard",
                "scorecards:read",
                self._card,
                lambda card: wire.scorecard(card, alone=True),
            ),
            Single(versions, "version", "scorecards:read", self._version, wire.version),
            Single(
                versions + "/questions/{question:int}", "question", "scorecards:read", self._question, wire.question
            ),
            Single(
                "/staff/employees/{id:int}",
                "employee",
                "staff:read",
                lambda ask: _one(dataset.instance.employees, ask),
                wire.person,
            ),
            Single(
                "/staff/supervisors/{id:int}",
                "supervisor",
                "staff:read",
                lambda ask: _one(dataset.instance.supervisors, ask),
                wire.person,
            ),
            Single("/users/{id:int}", "user", "users:read", lambda ask: _one(dataset.instance.users, ask), wire.user),
            Single(
                "/groups/{id:int}", "group", "groups:read", lambda ask: _one(dataset.instance.groups, ask), wire.group
            ),
            Single("/teams/{id:int}", "team", "teams:read", lambda ask: _one(dataset.instance.teams, ask), wire.team),
        ]

    def _answering(self, listing: Listing) -> Callable[[Request], Any]:
        async def answer(request: Request) -> Response:
            self.tokens.require(request, listing.scope)
            heeded = self._without_ignored_params(request)
            limit = asking.parse_integer(heeded.query_params, "limit", least=1, most=listing.most) or listing.most
            first = self._rules.first_page
            page = asking.parse_integer(heeded.query_params, "page")
            # The document allows page 0 in any case; where pages count from 1 it is the first one, too.
            place = max((first if page is None else page) - first, 0)
            with self._dataset.lock:
                things = self._keep(request, lambda: listing.find(heeded))
                rows = [listing.show(thing) for thing in things[place * limit : (place + 1) * limit]]
            if not things and set(request.query_params) - {"page", "limit"} and self._rules.empty_lists != HTTP_200_OK:
                raise Refusal(self._rules.empty_lists, "NOT_FOUND", "There is no such resource")
            key = self._rules.scorecards_key if listing.key == "scorecards" else listing.key
            total = {"total": self._total(request, listing, things)} if self._rules.shows_totals else {}
            return Json(
                {
                    key: rows,
                    **total,
                    "next_page": self._page(request, place + 1) if (place + 1) * limit < len(things) else None,
                    "previous_page": self._page(request, place - 1) if place else None,
                }
            )

        return answer

    def _telling(self, single: Single) -> Callable[[Request], Any]:
        async def answer(request: Request) -> Response:
            self.tokens.require(request, single.scope)
            with self._dataset.lock:
                return Json({single.key: single.show(single.find(request))})

        return answer

    async def _ping(self, _: Request) -> Response:
        return Response()

    async def _export(self, request: Request) -> Response:
        self.tokens.require(request, "export:read")
        limit = asking.parse_integer(request.query_params, "limit", least=1) or self._rules.export_default_limit
        most = self._rules.export_max_limit
        if most is not None and limit > most:
            reject("limit", f"The value must be at most {most}")
        page = asking.parse_integer(request.query_params, "page", least=1) or 1
        with self._dataset.lock:
            scores, ends, partial = self._keep(request, lambda: self._exported(request))
            rows = self._export_rows(scores, ends, (page - 1) * limit, page * limit)
        return Json(rows if self._rules.export_shape == "list" else {"export": rows}, 206 if partial else 200)

    def _exported(self, request: Request) -> tuple[list[Score], list[int], bool]:
        scores, partial = self._lists.export(self._without_ignored_params(request).query_params)
        return scores, list(accumulate(len(score.given) for score in scores)), partial

    def _without_ignored_params(self, request: Request) -> Request:
        """The request without parameters that the rules pass over."""
        ignored = self._rules.ignored
        return _with_query(request, [pair for pair in request.query_params.multi_items() if pair[0] not in ignored])

    def _total(self, request: Request, listing: Listing, things: Sequence[Any]) -> int:
        return len(listing.find(_with_query(request, [])) if self._rules.totals_before_filters else things)

    def _export_rows(self, scores: list[Score], ends: list[int], start: int, end: int) -> list[Object]:
        """The rows from `start` to before `end`; `ends` tells where each result's rows are over."""
        first, last = bisect_right(ends, start), bisect_right(ends, end - 1)
        if first == len(scores):
            return []
        skipped = ends[first - 1] if first else 0
        rows = [row for score in scores[first : last + 1] for row in self._wire.export_rows(score)]
        return rows[start - skipped : end - skipped]

    def _keep(self, request: Request, find: Callable[[], Any]) -> Any:  # noqa: ANN401 - what `find` gives
        """What was found for the same question since the dataset last changed, or finds it."""
        if self._kept_revision != self._dataset.revision:
            self._kept.clear()
            self._kept_revision = self._dataset.revision
        asked = tuple(pair for pair in request.query_params.multi_items() if pair[0] not in {"page", "limit"})
        # What is shown late depends on the time as well.
        moment = self._dataset.clock.now() if self._rules.shows_after else None
        key = (request.url.path, asked, repr(self._rules), moment)
        if key not in self._kept:
            self._kept[key] = find()
        return self._kept[key]

    def _page(self, request: Request, place: int) -> str | int | None:
        page = place + self._rules.first_page
        if self._rules.next_page == "null":
            return None
        if self._rules.next_page == "number":
            return page
        own = request.query_params.multi_items() if self._rules.next_page_keeps else []
        query = urlencode([pair for pair in own if pair[0] != "page"] + [("page", page)])
        if self._rules.next_page == "relative":
            return f"{request.url.path}?{query}"
        return str(request.url.replace(query=query))

    def _card(self, request: Request) -> Scorecard:
        return _one(self._dataset.instance.scorecards, request, "card")

    def _version(self, request: Request) -> Version:
        versions = {version.number: version for version in self._card(request).versions}
        return _one(versions, request, "version")

    def _question(self, request: Request) -> Question:
        questions = {question.id: question for question in self._version(request).questions}
        return _one(questions, request, "question")


def _with_query(request: Request, query: list[tuple[str, str]]) -> Request:
    return Request({**request.scope, "query_string": urlencode(query).encode()})


def _by_query(find: Callable[[Any], Sequence[Any]]) -> Callable[[Request], Sequence[Any]]:
    return lambda request: find(request.query_params)


def _one(things: Mapping[int, T], request: Request, name: str = "id") -> T:
    thing = things.get(request.path_params[name])
    if thing is None:
        raise Refusal(404, "NOT_FOUND", "There is no such resource")
    return thing
