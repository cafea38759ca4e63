"""The JSON objects of results and all others, with the names of the vendor's article or of its Open API document."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from qa_sandbox.vendors.scorebuddy.people_serializer import PeopleSerializer
from qa_sandbox.vendors.scorebuddy.scorecard_serializer import ScorecardSerializer

if TYPE_CHECKING:
    from qa_sandbox.vendors.scorebuddy.model import Review, Score, SelectedAnswer

Object = dict[str, Any]

_EXPORT_NAMES = {"answer_comments": "free_text_comments", "custom_fields": "custom_text_field"}


class Serializer(ScorecardSerializer, PeopleSerializer):
    """Shows the dataset's things as the API does."""

    def stamp(self, instant: datetime) -> str:
        """A naive timestamp in the instance's zone."""
        return instant.astimezone(ZoneInfo(self.rules.timezone)).isoformat(" ", "seconds")[:19]

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
        return [self.named({**common, **_answered(given)}, _EXPORT_NAMES) for given in score.given]

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

    def _score_date(self, score: Score) -> str:
        return self.stamp(score.scored_at + timedelta(days=score.dated_ahead))[:10]


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
