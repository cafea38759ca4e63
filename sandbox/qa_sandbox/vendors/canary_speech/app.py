"""Canary Speech's REST API by the pages of its documentation site: what a tap reads, and the call that puts a score."""

from __future__ import annotations

import base64
import json
import sys
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from starlette.applications import Starlette
from starlette.routing import Route

from qa_sandbox.exports.cells import as_emitted
from qa_sandbox.exports.seeded import seeded_id, seeded_uuid
from qa_sandbox.http.json_body import Json
from qa_sandbox.vendor import SimulatedVendor
from qa_sandbox.vendors.canary_speech.dataset import CanarySpeechDataset, Score

if sys.version_info >= (3, 12):
    from typing import override
else:
    from typing_extensions import override

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from starlette.requests import Request
    from starlette.types import ASGIApp

    from qa_sandbox.clock import SandboxClock

MAX_SCORES = 100
_REQUIRED = {"dateRecorded": str, "scoreId": str, "scoreType": str, "scoreData": dict}


class CanarySpeech(SimulatedVendor):
    """The project and its API.

    Attributes:
        api_key: The one valid key.
        token_lifetime: Of an access token, by the vendor's clock.
        tokens: When each access token ends. Emptying it makes every later call a 401.
        most_scores: How many scores one query shows.
        version_3: Whether the project was made under version 3: then the lists of version 2 are `empty`, or `unknown`,
            or there are both.
        start_inclusive: Whether a query's start belongs to its window; no document says.
        end_inclusive: Whether its end does.
        computed_after: How long after the assessment `poll` says that its last score was made.
    """

    name: ClassVar[str] = "canary_speech"

    def __init__(self, clock: SandboxClock, dataset: CanarySpeechDataset | None = None) -> None:
        """A project with a dataset of its own unless one is given."""
        super().__init__(clock)
        self._dataset = dataset or CanarySpeechDataset(clock)
        self.api_key = "5A4DB0:sandbox/key+for/nobody=="
        self.token_lifetime = timedelta(hours=1)
        self.tokens: dict[str, datetime] = {}
        self.start_inclusive = self.end_inclusive = True
        self.computed_after = timedelta(minutes=20)
        self.most_scores = MAX_SCORES
        self.version_3: Literal["empty", "unknown", "both"] | None = None

    @property
    @override
    def dataset(self) -> CanarySpeechDataset:
        return self._dataset

    @override
    def config(self) -> dict[str, Any]:
        return {
            "url": self.urls["api"],
            "api_key": self.api_key,
            "subjects": [{"subject_id": s.id, "survey_id": s.survey_id} for s in self.dataset.subjects],
            "assessment_ids": list(self.dataset.watched),
        }

    @override
    def app(self, server: str) -> ASGIApp:
        assessment = "/v2/org/assessment/{assessment_id}"
        return Starlette(
            routes=[
                Route("/v3/auth/tokens/get", self._token, methods=["POST"]),
                Route("/v2/data/query-subject-scores/{subject_id}", self._guarded(self._query)),
                Route("/v3/api/list-scores", self._guarded(self._list)),
                Route("/v3/api/assessment/poll", self._guarded(self._poll)),
                Route("/v3/api/subject", self._guarded(self._subject)),
                Route("/v2/org/subject/{id}", self._guarded(self._subject)),
                Route(f"{assessment}/get-scores", self._guarded(self._of_assessment)),
                Route(f"{assessment}/put-score", self._guarded(self._put), methods=["PUT"]),
            ]
        )

    async def _token(self, request: Request) -> Json:
        if request.headers.get("csc-api-key") != self.api_key:
            return _refusal(401, "Unauthorized")
        ends = self.clock.now() + self.token_lifetime
        claims = {"exp": int(ends.timestamp()), "jti": len(self.tokens)}
        token = f"{_coded({'alg': 'none', 'typ': 'JWT'})}.{_coded(claims)}.unsigned"
        self.tokens[token] = ends
        return Json(
            {
                "accessToken": token,
                "refreshToken": seeded_id(30, "refresh", len(self.tokens)),
                "identityIds": {"clientId": seeded_uuid("client"), "projectId": "*", "subjectId": "*"},
            }
        )

    def _guarded(self, handler: Callable[[Request], Awaitable[Json]]) -> Callable[[Request], Awaitable[Json]]:
        async def guarded(request: Request) -> Json:
            scheme, _, token = request.headers.get("authorization", "").partition(" ")
            ends = self.tokens.get(token)
            if scheme != "Bearer" or ends is None or self.clock.now() >= ends:
                return _refusal(401, "Unauthorized")
            return await handler(request)

        return guarded

    async def _query(self, request: Request) -> Json:
        query, subject_id = request.query_params, request.path_params["subject_id"]
        start, end = (
            _instant(query.get("start", "1970-01-01T00:00:00Z")),
            _instant(query.get("end", "9999-01-01T00:00:00Z")),
        )
        if "surveyId" not in query or start is None or end is None:
            return _refusal(400, "Bad Request")
        if subject_id not in {subject.id for subject in self.dataset.subjects}:
            return _refusal(404, "Not Found")
        with self.dataset.lock:
            found = [
                score
                for score in self.dataset.shown()
                if self.version_3 in {None, "both"}
                and (score.subject_id, score.survey_id) == (subject_id, query["surveyId"])
                and (start < score.recorded_at or (self.start_inclusive and start == score.recorded_at))
                and (score.recorded_at < end or (self.end_inclusive and score.recorded_at == end))
            ]
        found.sort(key=lambda score: score.recorded_at)
        return Json({"scores": [_shown(score) for score in found[: self.most_scores]]})

    async def _of_assessment(self, request: Request) -> Json:
        assessment_id = request.path_params["assessment_id"]
        if assessment_id not in self.dataset.project.assessment_ids or self.version_3 == "unknown":
            return _refusal(404, "Not Found")
        if self.version_3 == "empty":
            return Json({"scores": []})
        with self.dataset.lock:
            return Json({"scores": [_shown(s) for s in self.dataset.shown() if assessment_id in s.assessment_ids]})

    async def _list(self, request: Request) -> Json:
        assessment_id = request.query_params.get("assessmentId")
        if self.version_3 is None or assessment_id not in self.dataset.project.assessment_ids:
            return _refusal(404, "Not Found")
        with self.dataset.lock:
            found = [score for score in self.dataset.shown() if assessment_id in score.assessment_ids]
            return Json({"scores": [_of_version_3(score) for score in found]})

    async def _poll(self, request: Request) -> Json:
        assessment_id = request.query_params.get("assessmentId")
        with self.dataset.lock:
            found = [score for score in self.dataset.shown() if assessment_id in score.assessment_ids]
        if not found:
            return _refusal(404, "Not Found")
        created = min(score.recorded_at for score in found)
        changed = created + self.computed_after
        return Json({"status": "completed", "createdAt": as_emitted(created), "lastChangedAt": as_emitted(changed)})

    async def _subject(self, request: Request) -> Json:
        is_v3 = request.url.path.startswith("/v3")
        subject_id = request.query_params.get("id") if is_v3 else request.path_params["id"]
        known = subject_id in {subject.id for subject in self.dataset.subjects}
        if not known or is_v3 == (self.version_3 is None):
            return _refusal(404, "Not Found")
        return Json({"id" if is_v3 else "UUID": subject_id, "name": "Participant 7"})

    async def _put(self, request: Request) -> Json:
        assessment_id = request.path_params["assessment_id"]
        if assessment_id not in self.dataset.project.assessment_ids:
            return _refusal(404, "Not Found")
        try:
            body = json.loads(await request.body())
        except ValueError:
            return _refusal(400, "The body is not JSON")
        wrong = [name for name, kind in _REQUIRED.items() if not isinstance(body.get(name), kind)]
        recorded = None if wrong else _instant(body["dateRecorded"])
        if recorded is None:
            return _refusal(422, f"Missing or invalid: {', '.join(wrong) or 'dateRecorded'}")
        like = next(s for s in self.dataset.project.scores if assessment_id in s.assessment_ids)
        score = Score(
            uuid=seeded_uuid("put", len(self.dataset.project.scores)),
            subject_id=like.subject_id,
            survey_id=like.survey_id,
            assessment_ids=(assessment_id,),
            recorded_at=recorded,
            computed_at=self.dataset.now,
            score_id=body["scoreId"],
            score_type=body["scoreType"],
            score_data=body["scoreData"],
            extra_data=body.get("extraData"),
        )
        with self.dataset.lock:
            self.dataset.add(score)
        return Json({"uuid": score.uuid})


def _shown(score: Score) -> dict[str, Any]:
    shown = {
        "uuid": score.uuid,
        "assessmentUUIDs": score.assessment_ids,
        "dateRecorded": str(as_emitted(score.recorded_at)).replace("+00:00", "Z"),
        "scoreId": score.score_id,
        "scoreType": score.score_type,
        "scoreData": score.score_data,
    }
    return shown if score.extra_data is None else shown | {"extraData": score.extra_data}


def _of_version_3(score: Score) -> dict[str, Any]:
    return {
        "code": score.score_id,
        "timestamp": str(as_emitted(score.recorded_at)).replace("+00:00", "Z"),
        "source": "Composite",
        "type": score.score_type,
        "data": {"result": score.score_data.get("value", score.score_data.get("data"))},
    }


def _instant(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text.replace("Z", "+00:00").replace(" ", "+"))
    except ValueError:
        return None
    return None if moment.tzinfo is None else moment.astimezone(timezone.utc)


def _coded(part: Mapping[str, object]) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")


def _refusal(status: int, message: str) -> Json:
    return Json({"message": message}, status_code=status)
