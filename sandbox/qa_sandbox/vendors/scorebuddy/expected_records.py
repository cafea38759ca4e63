"""The rows that a right tap delivers, written from its contract and not from its code.

Stamps are RFC 3339 in UTC, `_unmapped` is null, names are those of the vendor's article whatever the dialect. A naive
timestamp means what a reader can know of it: in the hour that a zone runs through twice, its first pass.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timezone
from functools import lru_cache, partial
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from qa_sandbox.vendors.scorebuddy import interactions
from qa_sandbox.vendors.scorebuddy.look_ups import LOOK_UPS, LookUp
from qa_sandbox.vendors.scorebuddy.serializer import Object, Serializer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from qa_sandbox.vendor import Rows
    from qa_sandbox.vendors.scorebuddy.model import Question, Score, Version
    from qa_sandbox.vendors.scorebuddy.rules import Rules
    from qa_sandbox.vendors.scorebuddy.seed_data import Instance


class ExpectedRecords:
    """What the streams hold once a tap is through with this instance."""

    def __init__(self, instance: Instance, rules: Rules) -> None:
        """Take the instance as it is at each call."""
        self._instance = instance
        self._rules = rules
        self._wire = Serializer(rules)
        self._streams: dict[str, tuple[Sequence[str], Callable[[], Iterable[Object]]]] = {
            "scorebuddy_scores": (["score_id"], self._scores),
            "scorebuddy_export_questions": (["score_id", "question_id"], self._export),
            "scorebuddy_score_reviews": (["review_id"], self._reviews),
            "scorebuddy_scorecards": (["scorecard_id"], self._scorecards),
            **{each.stream: (each.primary_keys, partial(self._look_up, each)) for each in LOOK_UPS},
            "scorebuddy_integrations": (["integration_id"], interactions.expected_integrations),
            "scorebuddy_cases": (["integration_id", "case_id"], interactions.expected_cases),
            "scorebuddy_satisfaction": (["integration_id", "satisfaction_id"], interactions.expected_satisfaction),
            "scorebuddy_scorecard_versions": (["scorecard_id", "version_number"], self._versions),
            "scorebuddy_employees": (["staff_id"], lambda: map(self._wire.person, self._instance.employees.values())),
            "scorebuddy_supervisors": (
                ["staff_id"],
                lambda: map(self._wire.person, self._instance.supervisors.values()),
            ),
            "scorebuddy_users": (["user_id"], lambda: map(self._wire.user, self._instance.users.values())),
            "scorebuddy_groups": (["group_id"], lambda: map(self._wire.group, self._instance.groups.values())),
            "scorebuddy_teams": (["team_id"], lambda: map(self._wire.team, self._instance.teams.values())),
        }

    def rows(self, stream: str) -> Rows:
        """The stream's rows by primary key."""
        key, rows = self._streams[stream]
        self._wire = Serializer(replace(self._rules, dialect="article"))
        return {tuple(row[name] for name in key): {**row, "_unmapped": None} for row in rows()}

    def _scores(self) -> Iterable[Object]:
        for score in self._instance.scores.values():
            yield self._score(score)

    def _score(self, score: Score) -> Object:
        row = self._wire.score(score)
        comments = [{**comment, "comment_date": self._utc(comment["comment_date"])} for comment in row["comments"]]
        return {**self._stamped(row, "event_date", "last_edit_date"), "comments": comments}

    def _export(self) -> Iterable[Object]:
        for score in self._instance.scores.values():
            for row in self._wire.export_rows(score):
                stamped = self._stamped(row, "event_date", "last_edit_date", "review_date")
                yield {**stamped, "answer_values": [float(value) for value in row["answer_values"]]}

    def _reviews(self) -> Iterable[Object]:
        for score in self._instance.scores.values():
            if score.review:
                yield self._stamped(self._wire.review(score, score.review), "review_date")

    def _scorecards(self) -> Iterable[Object]:
        for card in self._instance.scorecards.values():
            current = self._inline(card.current, card.current.questions[:100])
            yield {**self._wire.scorecard(card), "versions": [current], "settings": None}

    def _look_up(self, look_up: LookUp) -> Iterable[Object]:
        return look_up.expected_records(self._instance)

    def _versions(self) -> Iterable[Object]:
        for card in self._instance.scorecards.values():
            for version in card.versions:
                yield {"scorecard_id": card.id, **self._inline(version, version.questions)}

    def _inline(self, version: Version, questions: Iterable[Question]) -> Object:
        return {**self._wire.version(version), "questions": [self._question(question) for question in questions]}

    def _question(self, question: Question) -> Object:
        row = self._wire.question(question)
        if self._rules.dialect == "openapi":
            # That document's answers say nothing of it.
            for answer in row["answers"]:
                del answer["point_of_failure"]
        return row

    def _stamped(self, row: Object, *names: str) -> Object:
        return {**row, **{name: self._utc(row[name]) for name in names}}

    def _utc(self, stamp: str | None) -> str | None:
        return _utc(stamp, self._rules.timezone) if stamp else None


@lru_cache(10_000)
def _utc(stamp: str, zone: str) -> str:
    return datetime.fromisoformat(stamp).replace(tzinfo=ZoneInfo(zone)).astimezone(timezone.utc).isoformat()
