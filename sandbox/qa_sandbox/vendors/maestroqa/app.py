"""MaestroQA's API by the rules of its article "MaestroQA API", and the bucket that its links lead to."""

from __future__ import annotations

import json
import math
import sys
from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from qa_sandbox.exports.file_host import FileHost
from qa_sandbox.exports.pacing import Limit, Pacer
from qa_sandbox.http.json_body import Json
from qa_sandbox.vendor import SimulatedVendor
from qa_sandbox.vendors.maestroqa.dataset import MaestroQaDataset
from qa_sandbox.vendors.maestroqa.export_files import ExportFiles
from qa_sandbox.vendors.maestroqa.export_jobs import ExportJobs, Kind
from qa_sandbox.vendors.maestroqa.export_options import InvalidParameter, parse_options, usage_of
from qa_sandbox.vendors.maestroqa.file_variant import FileVariant
from qa_sandbox.vendors.maestroqa.lists import SCIM, Lists
from qa_sandbox.vendors.maestroqa.tickets import Tickets

if sys.version_info >= (3, 12):
    from typing import override
else:
    from typing_extensions import override

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.types import ASGIApp

    from qa_sandbox.clock import SandboxClock

    Handler = Callable[[Request, dict[str, Any]], Awaitable[Response]]

BASE = "/api/v1"
TOKEN_LIFETIME = timedelta(days=90)
DEMANDING = (Limit(1, 1), Limit(30, 60))
EASY = (Limit(10, 1), Limit(100, 60))


class MaestroQa(SimulatedVendor):
    """The account, its API and its bucket.

    Attributes:
        token: The one valid API token.
        token_made: When it was made; it works for 90 days.
        style: What the files look like.
        files: Writes them.
        host: Serves them.
        jobs: The exports and how they go.
        demanding: Paces export requests, per token. Its `clock` can be replaced, by None to switch it off.
        easy: Paces polls and calls about tickets.
        tickets: What callers put in.
        lists: What comes as JSON at once.
        polls: Where a poll may name its export: in a `header`, the `path`, or the `body` of the GET.
    """

    name: ClassVar[str] = "maestroqa"
    servers: ClassVar[tuple[str, ...]] = ("api", "files")

    def __init__(self, clock: SandboxClock, dataset: MaestroQaDataset | None = None) -> None:
        """An account with a dataset of its own unless one is given."""
        super().__init__(clock)
        self.token = "mqa-sandbox-token"  # noqa: S105 -- it opens nothing but this
        self.token_made = clock.now()
        self.style = FileVariant()
        self.files = ExportFiles(dataset or MaestroQaDataset(clock), self.style)
        self.host = FileHost(clock.now, "maestroqa-exports")
        self.jobs = ExportJobs(self.files, self.host, clock.now)
        self.demanding = Pacer(DEMANDING)
        self.easy = Pacer(EASY)
        self.tickets = Tickets(clock.now)
        self.lists = Lists(lambda: self.dataset)
        self.polls = {"header", "path", "body"}

    @property
    @override
    def dataset(self) -> MaestroQaDataset:
        return self.files.dataset

    @override
    def config(self) -> dict[str, Any]:
        return {"api_token": self.token, "url": self.urls["api"] + BASE, "poll_seconds": 1}

    @override
    def app(self, server: str) -> ASGIApp:
        if server == "files":
            self.host.base_url = self.urls["files"]
            return Starlette(routes=self.host.routes())
        one_ticket = f"{BASE}/tickets/{{gradable_id:path}}"
        return Starlette(
            routes=[
                Route(
                    f"{BASE}/request-raw-export", self._guarded(self._request("raw"), self.demanding), methods=["POST"]
                ),
                Route(
                    f"{BASE}/request-groups-export",
                    self._guarded(self._request("groups"), self.demanding),
                    methods=["POST"],
                ),
                Route(
                    f"{BASE}/request-audit-log-export",
                    self._guarded(self._request("audit_log"), self.demanding),
                    methods=["POST"],
                ),
                Route(f"{BASE}/get-export-data", self._guarded(self._poll, self.easy)),
                Route(f"{BASE}/export-data/{{export_id}}", self._guarded(self._poll, self.easy)),
                Route(f"{BASE}/screen-capture-usage-stats", self._guarded(self._usage, self.easy), methods=["POST"]),
                *self._lists(),
                Route(f"{BASE}/tickets", self._guarded(self.tickets.create, self.easy), methods=["POST"]),
                Route(one_ticket, self._guarded(self.tickets.update, self.easy), methods=["PATCH"]),
                Route(one_ticket, self._guarded(self.tickets.delete, self.easy), methods=["DELETE"]),
            ]
        )

    @override
    def close(self) -> None:
        super().close()
        self.host.close()

    def _lists(self) -> list[Route]:
        lists = self.lists
        export = self._guarded(lists.coaching_export, self.demanding)
        newer = {
            "coaching-points": lists.coaching_points,
            "todos": lists.todos,
            "assignments": lists.assignments,
            **{f"scim/v2/{kind}": lists.scim for kind in SCIM},
        }
        return [
            Route(f"{BASE}/coaching-sessions", export, methods=["POST"]),
            *(Route(f"{BASE}/{path}", self._guarded(handler, self.easy)) for path, handler in newer.items()),
        ]

    def _guarded(self, handler: Handler, pacer: Pacer) -> Callable[[Request], Awaitable[Response]]:
        async def guarded(request: Request) -> Response:
            try:
                body = json.loads(await request.body() or b"{}")
            except ValueError:
                return _error(400, "The body is not JSON")
            if not isinstance(body, dict):
                return _error(422, "The body must be an object")
            token = request.headers.get("apitoken") or body.get("apiToken")
            if token != self.token or self.clock.now() - self.token_made > TOKEN_LIFETIME:
                return _error(401, "Invalid API token")
            if wait := pacer.wait(token):
                return _error(429, f"Rate limit exceeded, {math.ceil(wait)} s to go")
            try:
                return await handler(request, body)
            except InvalidParameter as error:
                return _error(422, str(error))

        return guarded

    def _request(self, kind: Kind) -> Handler:
        async def request_export(_: Request, body: dict[str, Any]) -> Json:
            return Json({"exportId": self.jobs.request(parse_options(kind, body)).id})

        return request_export

    async def _poll(self, request: Request, body: dict[str, Any]) -> Response:
        named = {
            "path": request.path_params.get("export_id"),
            "header": request.headers.get("exportid"),
            "body": body.get("exportId"),
        }
        if not self.polls & ({"path"} if named["path"] else {"header", "body"}):
            return PlainTextResponse("Not Found", 404)
        export_id = next((found for place, found in named.items() if found and place in self.polls), None)
        if not export_id:
            return _error(422, "Invalid parameter: exportId")
        export = self.jobs.done.get(export_id)
        return (
            _error(404, "No such export") if export is None else Json(await run_in_threadpool(self.jobs.poll, export))
        )

    async def _usage(self, _: Request, body: dict[str, Any]) -> Json:
        groups, interval = usage_of(body)
        with self.dataset.lock:
            rows = self.dataset.usage_rows(groups, interval)
        return Json(
            {
                "data": [
                    {
                        "agentId": row["agent_id"],
                        "numberExpectedRecordings": row["number_expected_recordings"],
                        "numberRecordings": row["number_recordings"],
                        "percentRecorded": row["percent_recorded"],
                    }
                    for row in rows
                ]
            }
        )


def _error(status: int, message: str) -> Json:
    return Json({"error": message}, status_code=status)
