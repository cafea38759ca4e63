"""CXone's Data Extraction API and both ways to a token, and the bucket that job links lead to.

By the vendor's document "Data Extraction APIs - V1" and its OpenAPI document; where they differ, or users have met
something else, a switch chooses.
"""

from __future__ import annotations

import json
import re
import sys
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar, Literal
from urllib.parse import parse_qs

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.routing import Route

from qa_sandbox.exports.file_host import FileHost
from qa_sandbox.exports.job_scripts import JobScript
from qa_sandbox.exports.pacing import Limit, Pacer
from qa_sandbox.http.json_body import Json
from qa_sandbox.vendor import SimulatedVendor
from qa_sandbox.vendors.cxone.dataset import CxOneDataset
from qa_sandbox.vendors.cxone.extraction_jobs import FAILED, RUNNING, SUCCEEDED, Extraction, ExtractionJobs
from qa_sandbox.vendors.cxone.file_variant import Style
from qa_sandbox.vendors.cxone.tokens import Tokens

if sys.version_info >= (3, 12):
    from typing import override
else:
    from typing_extensions import override

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.requests import Request
    from starlette.types import ASGIApp

    from qa_sandbox.clock import SandboxClock

JOBS = "/data-extraction/v1/jobs"
MAX_DAYS = 14
_DATE = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass
class Answers:
    """In what shape the API answers.

    Attributes:
        job_id: A bare JSON string with 202, or an object with 200.
        poll_status: The HTTP status of a status call; the vendor's documents say 200 and 202.
        error_field: Under which name a failed job tells why.
        success: The word for success.
        running_result: What a running job shows as its result.
    """

    job_id: Literal["string", "object"] = "string"
    poll_status: int = 200
    error_field: Literal["errorMessage", "messageError"] = "errorMessage"
    success: str = SUCCEEDED
    running_result: Literal["absent", "null", "empty"] = "absent"


class CxOne(SimulatedVendor):
    """The tenant, its API and its bucket.

    Attributes:
        tokens: Who may come in.
        answers: The shapes of answers.
        style: What the files look like.
        host: Serves them.
        jobs: The jobs and how they go.
        forbidden: Entities that the key's owner may not extract; they are refused with 403.
        area: Where the tenant is by the vendor's discovery, which names this very host for `na1`; empty for a tenant
            that it does not know.
        future_end: What a job gets that ends on a day to come: an HTTP status, FAILED as its end, or rows as others.
        takes_single_days: Whether a job may end on the day on which it starts.
        pacer: Spaces job requests; refuses with 403. Its `clock` can be replaced, by None to switch it off.
        global_login: Whether `config` has the tap take tokens by the password grant.
    """

    name: ClassVar[str] = "cxone"
    servers: ClassVar[tuple[str, ...]] = ("api", "files")

    def __init__(
        self, clock: SandboxClock, dataset: CxOneDataset | None = None, *, call_interval_seconds: int = 1
    ) -> None:
        """A tenant with a dataset of its own unless one is given.

        `call_interval_seconds` is 30 at the vendor; `config` tells the tap what it is here.
        """
        super().__init__(clock)
        self._dataset = dataset or CxOneDataset(clock)
        self.tokens = Tokens(clock.now)
        self.answers = Answers()
        self.style = Style()
        self.host = FileHost(clock.now, "results-bucket")
        self.jobs = ExtractionJobs(self._dataset, self.style, self.host, clock.now)
        self.future_end: int | Literal["FAILED"] | None = None
        self.takes_single_days = True
        self.forbidden: set[str] = set()
        self.area = "na1"
        self.pacer = Pacer((Limit(1, call_interval_seconds),))
        self.global_login = False

    @property
    @override
    def dataset(self) -> CxOneDataset:
        return self._dataset

    @override
    def config(self) -> dict[str, Any]:
        config: dict[str, Any] = {
            "access_key_id": self.tokens.key_id,
            "access_key_secret": self.tokens.key_secret,
            "url": self.urls["api"],
            "call_interval_seconds": int(self.pacer.limits[0].seconds),
            "poll_seconds": 1,
            "qm_workflows_version": self.dataset.version,
        }
        if self.global_login:
            config |= {
                "token_url": self.urls["api"] + "/auth/token",
                "client_id": self.tokens.client_id,
                "client_secret": self.tokens.client_secret,
            }
        return config

    @override
    def app(self, server: str) -> ASGIApp:
        if server == "files":
            self.host.base_url = self.urls["files"]
            return Starlette(routes=self.host.routes())
        return Starlette(
            routes=[
                Route("/authentication/v1/token/access-key", self._token_by_access_key, methods=["POST"]),
                Route("/auth/token", self._token_by_password, methods=["POST"]),
                Route("/.well-known/cxone-configuration", self._discover),
                Route(JOBS, self._guarded(self._list)),
                Route(JOBS, self._guarded(self._start), methods=["POST"]),
                Route(f"{JOBS}/{{job_id}}", self._guarded(self._poll)),
            ]
        )

    @override
    def close(self) -> None:
        super().close()
        self.host.close()

    async def _token_by_access_key(self, request: Request) -> Json:
        body = await _object(request)
        if body is None:
            return _refusal(400, "Bad Request")
        token = self.tokens.by_access_key(body)
        return Json(token) if token else _refusal(401, "Unauthorized")

    async def _token_by_password(self, request: Request) -> Json:
        if "application/x-www-form-urlencoded" not in request.headers.get("content-type", ""):
            return Json({"error": "invalid_request", "error_description": "A form is needed"}, status_code=400)
        form = {name: values[-1] for name, values in parse_qs((await request.body()).decode()).items()}
        status, body = self.tokens.by_password(form, request.headers.get("authorization"))
        return Json(body, status_code=status)

    async def _discover(self, request: Request) -> Json:
        if not self.area or "tenantId" not in request.query_params:
            return _refusal(404, "Not Found")
        host = self.urls["api"] if self.area == "na1" else f"https://{self.area}.nice-incontact.com"
        return Json({"area": self.area, "domain": "niceincontact.com", "api_endpoint": host, "auth_endpoint": host})

    def _guarded(self, handler: Callable[[Request], Awaitable[Json]]) -> Callable[[Request], Awaitable[Json]]:
        async def guarded(request: Request) -> Json:
            if not self.tokens.admits(request.headers.get("authorization")):
                return _refusal(401, "Unauthorized")
            return await handler(request)

        return guarded

    async def _list(self, _: Request) -> Json:
        jobs = [{"id": job.id, "status": self.jobs.status(job)} for job in self.jobs.done.values()]
        return Json({"jobs": jobs})

    async def _start(self, request: Request) -> Json:
        if self.pacer.wait("tenant") or self.jobs.busy():
            return _refusal(403, "Forbidden")
        wish = _extraction(await _object(request))
        if wish is None or (wish.start == wish.end and not self.takes_single_days):
            return _refusal(400, "Bad Request")
        if (wish.entity, wish.version) not in self.style.columns:
            return _refusal(404, "Not Found")
        if wish.entity in self.forbidden:
            return _refusal(403, "Forbidden")
        ends_in_future = wish.end > self.clock.now().date()
        if ends_in_future and isinstance(self.future_end, int):
            return _refusal(self.future_end, "Bad Request")
        fails = ends_in_future and self.future_end == FAILED
        job = self.jobs.start(wish, JobScript(outcome=FAILED, message="endDate") if fails else None)
        return Json(job.id, status_code=202) if self.answers.job_id == "string" else Json({"jobId": job.id})

    async def _poll(self, request: Request) -> Json:
        job = self.jobs.done.get(request.path_params["job_id"])
        if job is None:
            return _refusal(404, "Not Found")
        status, detail = await run_in_threadpool(self.jobs.poll, job)
        word = self.answers.success if status == SUCCEEDED else status
        shown: dict[str, Any] = {"id": job.id, "status": word} | self._result(status, detail)
        return Json({"jobStatus": shown}, status_code=self.answers.poll_status)

    def _result(self, status: str, detail: str) -> dict[str, Any]:
        if status == SUCCEEDED:
            return {"result": {"url": detail}}
        if status != RUNNING:
            return {"result": {"url": "", self.answers.error_field: detail}}
        shapes: dict[str, dict[str, Any]] = {
            "absent": {},
            "null": {"result": None},
            "empty": {"result": {"url": "", self.answers.error_field: ""}},
        }
        return shapes[self.answers.running_result]


async def _object(request: Request) -> dict[str, Any] | None:
    try:
        body = json.loads(await request.body())
    except ValueError:
        return None
    return body if isinstance(body, dict) else None


def _extraction(body: dict[str, Any] | None) -> Extraction | None:
    if body is None or not all(
        isinstance(body.get(key), str) for key in ("entityName", "version", "startDate", "endDate")
    ):
        return None
    start, end = _day(body["startDate"]), _day(body["endDate"])
    if start is None or end is None or not 0 <= (end - start).days <= MAX_DAYS:
        return None
    return Extraction(body["entityName"], body["version"], start, end)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if _DATE.fullmatch(text) else None
    except ValueError:
        return None


def _refusal(status: int, message: str) -> Json:
    return Json({"message": message}, status_code=status)
