"""Canary Speech: scores of a subject in a survey, at most 100 at once, and scores of an assessment."""

from __future__ import annotations

import base64
import json
import math
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any, ClassVar

from typing_extensions import override

from tap_qa.vendors.canary_speech import streams
from tests.model.intercepted_request import Asked, Reply
from tests.model.vendors.base import Row, VendorModel

if TYPE_CHECKING:
    from random import Random

    from tap_qa.streams.base import QAStream
    from tests.model.change_log import Entity, Version
    from tests.model.clocks import VendorTime
    from tests.model.vendors.base import VendorBehaviour

TOKENS = "/v3/auth/tokens/get"
OF_SUBJECT = "/v2/data/query-subject-scores/"
OF_ASSESSMENT = "/v2/org/assessment/"
CAP = 100
WINDOW = timedelta(days=90)  # so wide the tap's windows are


class CanarySpeechModel(VendorModel):
    """A project with assessments, each of which gave several scores in one instant."""

    name = "canary_speech"
    title = "Canary Speech"
    streams: ClassVar[dict[str, type[QAStream]]] = {
        stream.name: stream for stream in (streams.Scores, streams.AssessmentScores)
    }
    # An answer has nothing to check it by: it is all there is, up to a hundred.
    lists_can_be_proved = False
    longer_history = 25

    def __init__(self, rng: Random, time: VendorTime, temper: VendorBehaviour) -> None:
        """Choose the project's habits."""
        self._subjects = rng.choice((1, 1, 2))
        self._has_milliseconds = rng.random() < 0.5
        # Without milliseconds things share instants, too, and more than a hundred scores of one can't be read.
        self._scores = rng.choice((1, 8, 16)) if self._has_milliseconds else rng.choice((1, 4, 6))
        self.ends_are_in = rng.random() < 0.5
        self.order = rng.choice(("oldest", "oldest", "oldest", "place"))
        self._token_seconds = rng.choice((3600, 61, 5))
        super().__init__(rng, time, temper)

    @override
    def config(self, url: str) -> Row:
        return {
            "url": url,
            "api_key": "571CCF:the/secret+key",
            "subjects": [{"subject_id": f"subject-{n}", "survey_id": "survey"} for n in range(self._subjects)],
            "assessment_ids": [f"assessment-{n}" for n in range(3)],
        }

    @override
    def borders(self) -> list[datetime]:
        return [self.start_date + count * WINDOW for count in range(1 + self.history // WINDOW)]

    @override
    def _choose(self) -> list[str]:
        return sorted(self.streams) if self.rng.random() < 0.2 else ["canary_speech_scores"]

    # The API

    @override
    def answer(self, asked: Asked) -> Reply:
        if asked.path == TOKENS:
            assert asked.headers["Csc-Api-Key"] == "571CCF:the/secret+key"
            return Reply(200, {"accessToken": self._token(), "refreshToken": "other"})
        if not self._is_valid(asked.headers.get("Authorization", "").removeprefix("Bearer ")):
            return Reply(401, {"message": "Unauthorized"})
        if asked.path == "/v3/api/list-scores":
            return Reply(404, {"message": "Not Found"})
        shown = self.ordered(self.ledger.shown(), self.order)
        if asked.path.startswith(OF_ASSESSMENT):
            place = int(asked.path.removeprefix(OF_ASSESSMENT).removesuffix("/get-scores").removeprefix("assessment-"))
            found = [(thing, version) for thing, version in shown if thing.key % 3 == place]
            return Reply(200, {"scores": [row for pair in found for row in self._rows(*pair)]})
        return Reply(200, {"scores": self._of_subject(asked, int(asked.path.removeprefix(f"{OF_SUBJECT}subject-")))})

    def _of_subject(self, asked: Asked, place: int) -> list[Row]:
        assert asked.query["surveyId"] == "survey"
        start, end = (datetime.fromisoformat(asked.query[name].replace("Z", "+00:00")) for name in ("start", "end"))
        rows: list[Row] = []
        for thing, version in self.ordered(self.ledger.shown(), self.order):
            at = self._recorded(thing, version)
            is_in = start <= at <= end if self.ends_are_in else start < at < end
            if is_in and thing.key % self._subjects == place:
                rows += self._rows(thing, version)
                if len(rows) >= CAP:
                    break
        return rows[:CAP]

    def _token(self) -> str:
        """Return a token that tells when it expires, as a JWT does, in whole seconds."""
        expires = math.floor((self.time.now + timedelta(seconds=self._token_seconds)).timestamp())
        payload = base64.urlsafe_b64encode(json.dumps({"exp": expires}).encode()).decode().rstrip("=")
        return f"header.{payload}.signature"

    def _is_valid(self, token: str) -> bool:
        if token.count(".") != 2:
            return False
        payload = token.split(".")[1]
        expires = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))["exp"]
        return self.time.now < datetime.fromtimestamp(expires, timezone.utc)

    def _recorded(self, thing: Entity, version: Version) -> datetime:
        """Return when an assessment's scores were recorded: all in one instant, to the millisecond or the second."""
        return version.stamp + timedelta(milliseconds=thing.place % 1000 if self._has_milliseconds else 0)

    def _stamp(self, at: datetime) -> str:
        return at.isoformat(timespec="milliseconds" if self._has_milliseconds else "seconds")

    def _rows(self, thing: Entity, version: Version) -> list[Row]:
        stamp = self._stamp(self._recorded(thing, version)).replace("+00:00", "Z")
        data = {"value": version.revision}
        return [
            {"uuid": f"{thing.key}-{n}", "dateRecorded": stamp, "scoreId": f"s{n}", "scoreData": data}
            for n in range(self._scores)
        ]

    # The expected records

    @override
    def expected(self, stream: str) -> dict[tuple[Any, ...], tuple[Version, Row]]:
        found: dict[tuple[Any, ...], tuple[Version, Row]] = {}
        for thing in self.ledger.things.values():
            last = thing.versions[-1]
            version = replace(last, stamp=self._recorded(thing, last))
            fields = {"date_recorded": self._stamp(version.stamp), "score_data": {"value": last.revision}}
            for n in range(self._scores):
                uuid = f"{thing.key}-{n}"
                key = (uuid,) if stream == "canary_speech_scores" else (f"assessment-{thing.key % 3}", uuid)
                found[key] = version, fields
        return found
