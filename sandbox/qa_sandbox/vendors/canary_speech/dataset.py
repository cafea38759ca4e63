"""A Canary Speech project: subjects answer surveys, and each assessment gives several scores of the same instant."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from qa_sandbox.exports.cells import as_emitted
from qa_sandbox.exports.seeded import seeded_uuid
from qa_sandbox.plausible_data import chance, seeded_rng
from qa_sandbox.vendor import HISTORY_DAYS, Dataset

if sys.version_info >= (3, 12):
    from typing import override
else:
    from typing_extensions import override

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qa_sandbox.clock import SandboxClock
    from qa_sandbox.vendor import Row, Rows

_SCORES = (("Mood_Overall", "category"), ("Energy_Overall", "number"), ("Stress_Overall", "OVERSEER_STRESS"))


@dataclass(frozen=True)
class Score:
    """One result of an assessment; it is computed some minutes after the assessment was recorded."""

    uuid: str
    subject_id: str
    survey_id: str
    assessment_ids: tuple[str, ...]
    recorded_at: datetime
    computed_at: datetime
    score_id: str
    score_type: str
    score_data: dict[str, Any]
    extra_data: dict[str, Any] | None = None

    def emitted(self) -> Row:
        """The row of a tap, without the ids that the tap adds."""
        return {
            "uuid": self.uuid,
            "assessment_uuids": list(self.assessment_ids),
            "date_recorded": as_emitted(self.recorded_at),
            "score_id": self.score_id,
            "score_type": self.score_type,
            "score_data": self.score_data,
            "extra_data": self.extra_data,
            "_unmapped": None,
        }


@dataclass(frozen=True)
class Subject:
    """Somebody who answers one survey."""

    id: str
    survey_id: str
    assessments_per_day: int


@dataclass
class Project:
    """Everything that was ever scored."""

    scores: list[Score] = field(default_factory=list)
    assessment_ids: list[str] = field(default_factory=list)


class CanarySpeechDataset(Dataset):
    """Deterministic data. Things happen only in `catch_up`, or when somebody puts a score.

    Attributes:
        now: The clock when the dataset last caught up with it.
        subjects: The first answers often enough to fill more than one answer of the API in a month.
        watched: Assessments whose scores `truth` holds, as configured in the tap.
    """

    streams = ("canary_speech_scores", "canary_speech_assessment_scores")

    def __init__(self, clock: SandboxClock, *, seed: int = 1, days: int = HISTORY_DAYS, subjects: int = 3) -> None:
        """A project with `days` days of history before the clock's present."""
        super().__init__(clock)
        self.now = clock.now()
        self.seed = seed
        self.project = Project()
        self.subjects = [
            Subject(seeded_uuid("subject", seed, n), seeded_uuid("survey", seed, n % 2), 4 if n == 0 else 1)
            for n in range(subjects)
        ]
        self._next_day = (self.now - timedelta(days=days - 1)).date()
        self.apply_due_events()
        self.watched = self.project.assessment_ids[:3]

    @override
    def apply_due_events(self) -> None:
        """Subjects are assessed, and scores are computed."""
        self.now = self.clock.now()
        while self._next_day <= self.now.date():
            for subject in self.subjects:
                for number in range(subject.assessments_per_day):
                    self._assess(subject, self._next_day, number)
            self._next_day += timedelta(days=1)

    def add(self, score: Score) -> None:
        """Keep a score that somebody puts."""
        self.project.scores.append(score)

    def shown(self) -> Iterator[Score]:
        """The scores that are computed by now."""
        return (score for score in self.project.scores if score.computed_at <= self.now)

    @override
    def expected_records(self, stream: str) -> Rows:
        """What a stream must have delivered, by its primary key."""
        if stream == "canary_speech_scores":
            asked = {(subject.id, subject.survey_id) for subject in self.subjects}
            return {
                (score.uuid,): score.emitted() | {"subject_id": score.subject_id, "survey_id": score.survey_id}
                for score in self.shown()
                if (score.subject_id, score.survey_id) in asked
            }
        return {
            (assessment_id, score.uuid): score.emitted() | {"assessment_id": assessment_id}
            for score in self.shown()
            for assessment_id in score.assessment_ids
            if assessment_id in self.watched
        }

    def _assess(self, subject: Subject, day: date, number: int) -> None:
        parts = (self.seed, subject.id, day, number)
        rng = seeded_rng("assessment", *parts)
        recorded = datetime.combine(day, time(), timezone.utc) + timedelta(
            seconds=rng.randint(6 * 3600, 20 * 3600), milliseconds=rng.choice((0, 848))
        )
        assessment_id = seeded_uuid("assessment", *parts)
        self.project.assessment_ids.append(assessment_id)
        for score_id, score_type in _SCORES:
            value: Any = Decimal(rng.randint(0, 1000)) / 10
            if score_type == "category":
                value = rng.choice(("low", "medium", "high"))
            self.add(
                Score(
                    uuid=seeded_uuid("score", *parts, score_id),
                    subject_id=subject.id,
                    survey_id=subject.survey_id,
                    assessment_ids=(assessment_id,),
                    recorded_at=recorded,
                    computed_at=recorded + timedelta(minutes=rng.randint(1, 20)),
                    score_id=score_id,
                    score_type=score_type,
                    score_data={"data": {"level": value}} if score_type.startswith("OVERSEER") else {"value": value},
                    extra_data={"device": "hand-set"} if chance(rng, 0.3) else None,
                )
            )
