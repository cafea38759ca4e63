"""Responses that hold scores."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tap_qa.http.attempt_errors import UnreadableResponseError
from tap_qa.json_codec import BodyError, decode, split_array
from tap_qa.pagination.envelope import EnvelopeSpec, parse_list_response

if TYPE_CHECKING:
    from tap_qa.http.request import Response

ENVELOPE = EnvelopeSpec(rows=("scores",))
"""Every list of scores comes as one array of this name; none has pages."""


def read_scores(response: Response) -> list[dict[str, Any]]:
    """Return the scores of a response.

    Raises:
        UnreadableResponseError: It holds no array of scores. Worth a further try.
    """
    try:
        scores = [decode(row) for row in split_array(parse_list_response(response, ENVELOPE).array)]
    except BodyError as error:
        raise UnreadableResponseError(str(error)) from error
    if not all(isinstance(score, dict) for score in scores):
        msg = "scores that are no objects"
        raise UnreadableResponseError(msg)
    return scores
