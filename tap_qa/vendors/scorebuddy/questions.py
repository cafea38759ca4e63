"""The questions of a scorecard's version: completed, and under one name each.

A version shows at most 100 questions, a question at most 100 answers and 100 causes (Open API document, 1.8.1); the
rest is behind endpoints of their own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tap_qa.http.request import path_segment
from tap_qa.vendors.scorebuddy.settings import TITLE

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_INLINE = 100


def normalize_names(version: Any) -> Any:  # noqa: ANN401 - any JSON
    """Return a version as the vendor's article names its fields, also if it came with the API document's names."""
    if not isinstance(version, dict):
        return version
    renamed = _renamed(version, "version_id", "version_number")
    questions = version.get("questions")
    if isinstance(questions, list):
        renamed["questions"] = [
            _renamed(question, "fail_all", "fail_all_zeros") if isinstance(question, dict) else question
            for question in questions
        ]
    return renamed


def _renamed(fields: dict[str, Any], name: str, usual: str) -> dict[str, Any]:
    if usual in fields or name not in fields:
        return dict(fields)
    return {usual if own == name else own: value for own, value in fields.items()}


def fetch_missing_parts(version: dict[str, Any], read: Callable[[str, str], list[dict[str, Any]]]) -> dict[str, Any]:
    """Return a version with all its questions, and all answers and causes of each.

    Args:
        version: As the API gives it, with `scorecard_id`.
        read: Reads a whole list, given its path and the name of its array.
    """
    version = normalize_names(version)
    number = path_segment(TITLE, version.get("version_number"))
    path = f"scorecards/{version['scorecard_id']}/versions/{number}/questions"
    questions = version.get("questions")
    if is_cut(questions, version.get("number_of_questions")):
        questions = read(path, "questions")
    if not isinstance(questions, list):
        return version
    return {**version, "questions": [_question(question, path, read) for question in questions]}


def _question(question: Any, path: str, read: Callable[[str, str], list[dict[str, Any]]]) -> Any:  # noqa: ANN401 - any JSON
    if not isinstance(question, dict):
        return question

    def part(name: str) -> list[dict[str, Any]]:
        return read(f"{path}/{path_segment(TITLE, question.get('question_id'))}/{name}", name)

    whole = _renamed(question, "fail_all", "fail_all_zeros")
    if is_cut(question.get("answers"), question.get("number_of_answers")):
        whole["answers"] = part("answers")
    if is_cut(question.get("causes"), None):
        whole["causes"] = part("causes")
    return whole


def is_cut(shown: Any, announced: Any) -> bool:  # noqa: ANN401 - any JSON
    """Return whether a list may hold more than is shown, by its announced length or by being as long as can be."""
    if not isinstance(shown, list):
        return isinstance(announced, int) and announced > 0
    if isinstance(announced, int):
        return announced > len(shown)
    return len(shown) >= MAX_INLINE
