"""The JSON objects of the API, with the names of the vendor's article or of its Open API document."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Mapping

    from qa_sandbox.vendors.scorebuddy.model import (
        Answer,
        Cause,
        Group,
        Person,
        Question,
        Review,
        Score,
        Scorecard,
        Section,
        SelectedAnswer,
        Team,
        User,
        Version,
    )
    from qa_sandbox.vendors.scorebuddy.rules import Rules

Object = dict[str, Any]

MOST_NESTED = 100
"""Items of an array inside a version; the rest is at its sub-endpoint."""

_EXPORT_NAMES = {"answer_comments": "free_text_comments", "custom_fields": "custom_text_field"}
_VERSION_NAMES = {"version_number": "version_id"}
_QUESTION_NAMES = {"fail_all_zeros": "fail_all"}
_SCORECARD_NAMES = {"archived": "archieved"}


class Serializer:
    """Shows the dataset's things as the API does."""

    def __init__(self, rules: Rules) -> None:
        """Take the rules as they are at each call."""
        self._rules = rules

    def stamp(self, instant: datetime) -> str:
        """A naive timestamp in the instance's zone."""
        return instant.astimezone(ZoneInfo(self._rules.timezone)).isoformat(" ", "seconds")[:19]

    def score(self, score: Score) -> Object:
        """A row of `/scores`."""
        standing = score.standing()
        return {
            "score_id": score.id,
            "scorecard_id": score.scorecard.id,
            "version_number": score.version.number,
            "staff_id": score.person.id,
            "supervisor_id": score.supervisor.id if score.supervisor else None,
            "evaluator_id": score.evaluator.id,
            "group_id": score.person.team.group.id,
            "team_id": score.team.id if score.team else None,
            "event_date": self.stamp(score.event_at),
            "event_duration": score.duration,
            "score_date": self._score_date(score),
            "last_edit_date": self.stamp(score.edited_at),
            "reference": score.reference,
            "event_id": score.event[0] if score.event else None,
            "sub_event_id": score.sub_event[0] if score.sub_event else None,
            "custom_objects": [
                {"object_id": 16, "tag_ids": score.tag_ids, "text_input": None},
                {"object_id": 17, "tag_ids": None, "text_input": score.custom_text},
            ],
            "questions": [entry for given in score.given for entry in _given_entries(given)],
            "score": standing.earned,
            "percentage": standing.percentage,
            "total_score": standing.total,
            "max_score": standing.maximum,
            "below_target": standing.percentage < score.version.target,
            "fail_all": standing.failed,
            "comments": [
                {
                    "comment_id": comment.id,
                    "commenter_id": comment.author.id,
                    "comment": comment.html,
                    "comment_date": self.stamp(comment.at),
                }
                for comment in score.comments
            ],
            "interaction_id": None if score.id % 6 else score.id * 3,
            "auto_score_used": score.auto_used,
            "draft_used": score.draft_used,
        }

    def export_rows(self, score: Score) -> list[Object]:
        """The rows of `/export/questions` for one result."""
        person, version, standing = score.person, score.version, score.standing()
        common: Object = {
            "score_id": score.id,
            "staff_id": person.id,
            "external_id": person.external_id,
            "first_name": person.first_name,
            "last_name": person.last_name,
            "scorecard_id": score.scorecard.id,
            "category": version.category,
            "event_date": self.stamp(score.event_at),
            "group_id": person.team.group.id,
            "group_name": person.team.group.name,
            "evaluator": score.evaluator.name,
            "team_name": score.team.name if score.team else None,
            "supervisor": score.supervisor.name if score.supervisor else None,
            "score_date": self._score_date(score),
            "last_edit_date": self.stamp(score.edited_at),
            "total_score": standing.total,
            "maximum_score_possible": standing.maximum,
            "target": version.target,
            "scorecard_name": version.name,
            "version_number": version.number,
            "fail_all_zeros": True,
            "reference": score.reference,
            "event_name": score.event[1] if score.event else None,
            "sub_event_name": score.sub_event[1] if score.sub_event else None,
            "event_duration": score.duration,
            "general_comments": [comment.html for comment in score.comments],
            "tag_ids": score.tag_ids,
            "custom_fields": [score.custom_text] if score.custom_text else [],
            "reviewed": score.review is not None,
            "review_date": self.stamp(score.review.at) if score.review else None,
            "reviewed_by": person.name if score.review else None,
        }
        return [self._named({**common, **_answered(given)}, _EXPORT_NAMES) for given in score.given]

    def review(self, score: Score, review: Review) -> Object:
        """A row of `/scores/reviews`."""
        return {
            "review_id": review.id,
            "review_date": self.stamp(review.at),
            "score_id": score.id,
            "staff_id": score.person.id,
            "request_one_2_one": review.one_to_one,
            "accepted": review.accepted,
            "viewed": True,
        }

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
        return self._named(row, _SCORECARD_NAMES)

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
            "questions": [self.question(question) for question in version.questions[:MOST_NESTED]],
        }
        return self._named(row, _VERSION_NAMES)

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
        return self._named(row, _QUESTION_NAMES)

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
        if self._rules.dialect == "openapi":
            del row["point_of_failure"]
        return row

    def section(self, section: Section) -> Object:
        """A section of a scorecard."""
        return {"section_id": section.id, "section_name": section.name, "compliance": False, "deleted": False}

    def cause(self, cause: Cause) -> Object:
        """A root cause on offer."""
        return {
            "unique_rca_id": cause.shared_id,
            "rca_id": cause.id,
            "rca_name": cause.name,
            "level": "section",
            "deleted": False,
        }

    def person(self, person: Person) -> Object:
        """A row of `/staff/employees`, `/staff/supervisors` or `/staff`."""
        row: Object = {
            "staff_id": person.id,
            "external_id": person.external_id,
            "first_name": person.first_name,
            "last_name": person.last_name,
            "email_address": person.email,
            "group_ids": [person.team.group.id],
            "team_ids": [person.team.id],
            "notes": person.notes,
            "role": person.role,
            "deleted": person.deleted,
        }
        if person.role == "employee":
            row |= {
                "supervisor_id": person.supervisor.id if person.supervisor else None,
                "dashboard": True,
                "self_score": False,
                "can_score_peers": False,
                "employment": ("full_time", "part_time", "flexi_time")[person.id % 3],
                "personal_goals": False,
            }
        else:
            row |= {"can_be_scored": False, "can_audit": person.id % 2 == 0, "staff_access": True, "read_only": False}
        return row | {"salesforce_id": None}

    def user(self, user: User) -> Object:
        """A row of `/users`."""
        return {
            "user_id": user.id,
            "first_name": user.first_name,
            "last_name": user.last_name,
            "email_address": user.email,
            "role": user.role,
            "group_ids": user.group_ids,
            "team_ids": [-1],
            "support_access": False,
            "billing_access": user.role == "global_admin",
            "can_audit": False,
            "read_only": False,
            "must_change_password": False,
            "date_format": "DD-MM-YYYY",
            "boundedness": "global" if user.role == "global_admin" else "internal",
            "salesforce_id": None,
            "scim_user_id": None,
        }

    def group(self, group: Group) -> Object:
        """A row of `/groups`."""
        return {
            "group_id": group.id,
            "group_name": group.name,
            "description": None,
            "location": group.location,
            "notes": None,
            "deleted": group.deleted,
        }

    def team(self, team: Team) -> Object:
        """A row of `/teams`."""
        return {"team_id": team.id, "team_name": team.name, "group_id": team.group.id, "deleted": team.deleted}

    def _score_date(self, score: Score) -> str:
        return self.stamp(score.scored_at + timedelta(days=score.dated_ahead))[:10]

    def _named(self, row: Object, newer: Mapping[str, str]) -> Object:
        if self._rules.dialect == "article":
            return row
        return {newer.get(name, name): value for name, value in row.items()}


def _answered(given: SelectedAnswer) -> Object:
    question = given.question
    return {
        "question_id": question.id,
        "question": question.text,
        "section_id": question.section.id,
        "section_name": question.section.name,
        "answer": given.answer.label,
        "sum": given.points,
        "answer_values": [answer.value for answer in question.answers],
        "weighting": question.weighting,
        "fail_section": question.fail_section and given.answer.value == 0,
        "fail_all": question.fail_all and given.answer.point_of_failure,
        "comment_ids": [given.comment_id] if given.comment_id else [],
        "answer_comments": [given.text] if given.text else [],
    }


def _given_entries(given: SelectedAnswer) -> list[Object]:
    return [
        {
            "question_id": given.question.id,
            "answer_key": given.key,
            "cause_id": cause,
            "comment_id": given.comment_id,
            "free_text_comment": given.text,
        }
        for cause in given.causes or (None,)
    ]
