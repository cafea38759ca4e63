"""Canary Speech: scores of an assessment, by the page "Create a score" of its REST reference.

The call makes a new score each time, and none can be changed or deleted afterwards. So each score carries its
record's mark in its free metadata.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import quote

from typing_extensions import override

from tap_qa.http.answers import decode_json
from tap_qa.http.call import Answer, Call
from tap_qa.http.failures import UnreadableError
from tap_qa.vendors.canary_speech.api import TITLE, CanarySpeech
from tap_qa.vendors.canary_speech.scores import read_scores
from tap_qa.vendors.canary_speech.settings import ACCESS
from target_qa.destination import Destination, Outcome, VendorSinks
from target_qa.fields import Field, Refusal, Values, instant, json_object, json_value, text
from target_qa.marks import MARK
from target_qa.once import Once

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tap_qa.http.surroundings import Surroundings

_DATA_TYPES = "OVERSEER"


class Scores(Destination):
    """Scores of assessments."""

    name = "canary_speech_scores"
    fields = (
        Field("assessment_id", text, "the id of an assessment"),
        Field("date_recorded", instant, "a date and time"),
        Field("score_id", text, "a text"),
        Field("score_type", text, "a text"),
        Field("score_data", json_value, "a JSON value"),
        Field("extra_data", json_object, "a JSON object", required=False),
    )
    blames: ClassVar[Mapping[int, str]] = {**Destination.blames, 404: "assessment_id"}
    connection: CanarySpeech

    def __init__(self, connection: CanarySpeech, around: Surroundings) -> None:
        """Prepare for a project."""
        super().__init__(connection, around)
        self._once = Once(connection.client, self._marks)

    @classmethod
    @override
    def composed(cls, values: Values) -> Values:
        extra = {name: value for name, value in values.get("extra_data", {}).items() if name != MARK}
        data = _score_data(values["score_type"], values["score_data"])
        return {**values, "score_data": data, "extra_data": extra}

    @classmethod
    @override
    def call(cls, values: Values, mark: str) -> Call:
        return Call(
            f"v2/org/assessment/{quote(values['assessment_id'], safe='')}/put-score",
            method="PUT",
            json={
                "dateRecorded": values["date_recorded"],
                "scoreId": values["score_id"],
                "scoreType": values["score_type"],
                "scoreData": values["score_data"],
                "extraData": {**values["extra_data"], MARK: mark},
            },
            purpose="creating a score",
        )

    @override
    def deliver(self, values: Values, mark: str) -> Outcome:
        call = self.call(values, mark)
        created = self._once.create(values["assessment_id"], mark, call, _confirmation)
        return Outcome.CREATED if created else Outcome.THERE_ALREADY

    def _marks(self, assessment_id: str) -> set[str]:
        call = Call(
            f"v2/org/assessment/{quote(assessment_id, safe='')}/get-scores", purpose="the scores that are there already"
        )

        def parse(answer: Answer) -> set[str]:
            extras = (row.get("extraData") for row in read_scores(answer))
            return {extra[MARK] for extra in extras if isinstance(extra, dict) and isinstance(extra.get(MARK), str)}

        return self.connection.client.call(call, parse)


def _score_data(score_type: str, data: Any) -> dict[str, Any]:  # noqa: ANN401 - as the type of score has it
    """Return the object that a score's type takes: `{"data": …}` if it starts with OVERSEER, else `{"value": …}`.

    Raises:
        Refusal: The object is that of the other types.
    """
    right, wrong = ("data", "value") if score_type.startswith(_DATA_TYPES) else ("value", "data")
    if isinstance(data, dict) and right in data:
        return data
    if isinstance(data, dict) and wrong in data:
        raise Refusal("score_data", f"has a field {wrong!r}, where its score_type takes {right!r}")
    return {right: data}


def _confirmation(answer: Answer) -> str:
    """Read the new score's id: only an answer that holds it confirms the score."""
    body = decode_json(answer)
    found = body.get("uuid") if isinstance(body, dict) else None
    if not isinstance(found, str) or not found:
        msg = "an answer without the new score's uuid"
        raise UnreadableError(msg)
    return found


CANARY_SPEECH = VendorSinks(
    name="canary_speech", title=TITLE, settings=ACCESS, destinations=(Scores,), connect=CanarySpeech
)

__all__ = ["CANARY_SPEECH"]
