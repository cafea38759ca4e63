"""The JSON objects of scorecards, with the names of the vendor's article or of its Open API document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from qa_sandbox.vendors.scorebuddy.model import Answer, Cause, Question, Scorecard, Version
    from qa_sandbox.vendors.scorebuddy.rules import Rules

Object = dict[str, Any]

MAX_NESTED = 100
"""Items of an array inside a version; the rest is at its sub-endpoint."""

_VERSION_NAMES = {"version_number": "version_id"}
_QUESTION_NAMES = {"fail_all_zeros": "fail_all"}
_SCORECARD_NAMES = {"archived": "archieved"}


class ScorecardSerializer:
    """Shows scorecards and what they consist of."""

    def __init__(self, rules: Rules) -> None:
        """Take the rules as they are at each call."""
        self.rules = rules

    def scorecard(self, card: Scorecard, *, alone: bool = False) -> Object:
        """A row of `/scorecards`; `alone`, the answer to `/scorecards/{id}`, which also has the settings."""
        row: Object = {
            "scorecard_id": card.id,
            "scorecard_type": card.kind,
            "unweighted_scorecard": False,
            "current_version": card.current.number,
            "locked": card.locked,
            "archived": card.archived,
            "deleted": card.deleted,
            "number_of_versions": len(card.versions),
            "versions": [self.version(card.current)],
        }
        if alone:
            row["settings"] = {"fail_all_zeros": True, "multiple_rcas": bool(card.id % 2), "hide_score": False}
        return self.named(row, _SCORECARD_NAMES)

    def version(self, version: Version) -> Object:
        """A version with at most a hundred questions."""
        row = {
            "version_number": version.number,
            "scorecard_name": version.name,
            "category_id": version.category_id,
            "group_id": version.group_id,
            "description": None,
            "department": None,
            "location": version.location,
            "target": version.target,
            "max_score": version.max_score,
            "number_of_questions": len(version.questions),
            "questions": [self.question(question) for question in version.questions[:MAX_NESTED]],
        }
        return self.named(row, _VERSION_NAMES)

    def question(self, question: Question) -> Object:
        """A question with its answers and causes."""
        row = {
            "question_id": question.id,
            "question_number": question.number,
            "question": question.text,
            "section_id": question.section.id,
            "weighting": question.weighting,
            "max_score": question.weighting,
            "fail_section": question.fail_section,
            "fail_all_zeros": question.fail_all,
            "cause_mandatory": False,
            "number_of_answers": len(question.answers),
            "answers": [self.answer(key, answer) for key, answer in enumerate(question.answers)],
            "causes": [self.cause(cause) for cause in question.causes],
        }
        return self.named(row, _QUESTION_NAMES)

    def answer(self, key: int, answer: Answer) -> Object:
        """An answer on offer; only the article knows the point of failure."""
        row = {
            "answer_key": key,
            "answer_label": answer.label,
            "answer_value": answer.value,
            "point_of_failure": answer.point_of_failure,
            "fail_section": False,
            "not_applicable": answer.not_applicable,
            "cause_mandatory": False,
        }
        if self.rules.dialect == "openapi":
            del row["point_of_failure"]
        return row

    def cause(self, cause: Cause) -> Object:
        """A root cause on offer."""
        return {
            "unique_rca_id": cause.shared_id,
            "rca_id": cause.id,
            "rca_name": cause.name,
            "level": "section",
            "deleted": False,
        }

    def named(self, row: Object, newer: Mapping[str, str]) -> Object:
        """The object with the newer names, where the dialect has them."""
        if self.rules.dialect == "article":
            return row
        return {newer.get(name, name): value for name, value in row.items()}
