"""Answers that hold scores."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tap_qa.http.body import BodyError, decode, split_array
from tap_qa.http.failures import UnreadableError
from tap_qa.lists import ListForm, read_list

if TYPE_CHECKING:
    from tap_qa.http.call import Answer

FORM = ListForm(rows=("scores",))
"""Every list of scores comes as one array of this name; none has pages."""


def read_scores(answer: Answer) -> list[dict[str, Any]]:
    """Take an answer apart.

    Raises:
        UnreadableError: It holds no array of scores. Worth a further try.
    """
    try:
        scores = [decode(row) for row in split_array(read_list(answer, FORM).array)]
    except BodyError as error:
        raise UnreadableError(str(error)) from error
    if not all(isinstance(score, dict) for score in scores):
        msg = "scores that are no objects"
        raise UnreadableError(msg)
    return scores
