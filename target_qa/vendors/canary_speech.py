"""Canary Speech: scores of an assessment, by the page "Create a score" of its REST reference.

The request makes a new score each time, and none can be changed or deleted afterwards. So each score carries its
record's mark in its free metadata.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from typing_extensions import override

from tap_qa.http.attempt_errors import UnreadableResponseError
from tap_qa.http.request import Request, Response, path_segment
from tap_qa.http.response import decode_json
from tap_qa.records.convert import InvalidValueError
from tap_qa.vendors.canary_speech.client import CanarySpeech
from tap_qa.vendors.canary_speech.scores import read_scores
from tap_qa.vendors.canary_speech.settings import ACCESS, TITLE
from target_qa.resources.fields import (
    Field,
    RecordRejectedError,
    Values,
    instant,
    json_object,
    json_value,
    path_id,
    text,
)
from target_qa.resources.idempotency_key import KEY_FIELD
from target_qa.resources.idempotent_creator import IdempotentCreator, Listed
from target_qa.resources.resource import Resource, VendorSinks, WriteResult

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tap_qa.runtime.context import RunContext

_DATA_TYPES = "OVERSEER"


class Scores(Resource):
    """Scores of assessments."""

    name = "canary_speech_scores"
    fields = (
        Field("assessment_id", path_id, "the id of an assessment"),
        Field("date_recorded", instant, "a date and time"),
        Field("score_id", text, "a text"),
        Field("score_type", text, "a text"),
        Field("score_data", json_value, "a JSON value"),
        Field("extra_data", json_object, "a JSON object", required=False),
    )
    rejection_statuses: ClassVar[Mapping[int, str]] = {**Resource.rejection_statuses, 404: "assessment_id"}
    connection: CanarySpeech

    def __init__(self, connection: CanarySpeech, run_context: RunContext) -> None:
        """Prepare for a project."""
        super().__init__(connection, run_context)
        self._once = IdempotentCreator(connection.client, self._listed)

    @classmethod
    @override
    def prepare(cls, values: Values) -> Values:
        extra = {name: value for name, value in values.get("extra_data", {}).items() if name != KEY_FIELD}
        data = _score_data(values["score_type"], values["score_data"])
        return {**values, "score_data": data, "extra_data": extra}

    @classmethod
    @override
    def first_request(cls, values: Values, mark: str) -> Request:
        return Request(
            f"v2/org/assessment/{path_segment(TITLE, values['assessment_id'])}/put-score",
            method="PUT",
            json={
                "dateRecorded": values["date_recorded"],
                "scoreId": values["score_id"],
                "scoreType": values["score_type"],
                "scoreData": values["score_data"],
                "extraData": {**values["extra_data"], KEY_FIELD: mark},
            },
            description="creating a score",
        )

    @override
    def write(self, values: Values, mark: str) -> WriteResult:
        first_request = self.first_request(values, mark)
        created = self._once.create(values["assessment_id"], mark, first_request, _confirmation)
        return WriteResult.CREATED if created else WriteResult.ALREADY_EXISTS

    def _listed(self, assessment_id: str) -> Listed:
        request = Request(
            f"v2/org/assessment/{path_segment(TITLE, assessment_id)}/get-scores",
            description="the scores that are there already",
        )

        def parse(response: Response) -> Listed:
            scores = read_scores(response)
            marks = {mark for score in scores if isinstance(mark := _mark(score.get("extraData")), str)}
            return Listed(marks, len(scores))

        return self.connection.client.send(request, parse)


def _mark(extra_data: Any) -> Any:  # noqa: ANN401 - as the vendor shows it: an object, or one as a text
    try:
        return (json_object(extra_data) or {}).get(KEY_FIELD)
    except InvalidValueError:
        return None


def _score_data(score_type: str, data: Any) -> dict[str, Any]:  # noqa: ANN401 - as the type of score has it
    """Return the object that a score's type takes: `{"data": …}` if it starts with OVERSEER, else `{"value": …}`.

    Raises:
        RecordRejectedError: The object is that of the other types.
    """
    right, wrong = ("data", "value") if score_type.startswith(_DATA_TYPES) else ("value", "data")
    if isinstance(data, dict) and right in data:
        return data
    if isinstance(data, dict) and wrong in data:
        raise RecordRejectedError("score_data", f"has a field {wrong!r}, where its score_type takes {right!r}")
    return {right: data}


def _confirmation(response: Response) -> str:
    """Read the new score's id: only a response that holds it confirms the score."""
    body = decode_json(response)
    found = body.get("uuid") if isinstance(body, dict) else None
    if not isinstance(found, str) or not found:
        msg = "an answer without the new score's uuid"
        raise UnreadableResponseError(msg)
    return found


CANARY_SPEECH = VendorSinks(
    name="canary_speech", title=TITLE, settings=ACCESS, resources=(Scores,), connect=CanarySpeech
)

__all__ = ["CANARY_SPEECH"]
