"""One day of a MaestroQA account: tickets are graded, calibrated, checked and edited later; people click around."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta, timezone
from typing import TYPE_CHECKING

from qa_sandbox.exports.people import COMMENTS, staff
from qa_sandbox.exports.seeded import seeded_id
from qa_sandbox.plausible_data import chance, seeded_rng
from qa_sandbox.vendors.maestroqa.grades import (
    CALIBRATION_FINAL,
    CALIBRATION_REVIEW,
    GRADER_QA,
    GRADING,
    Grade,
    Revision,
    Ticket,
)
from qa_sandbox.vendors.maestroqa.rubrics import rubrics

if TYPE_CHECKING:
    from random import Random

    from qa_sandbox.exports.cells import Row
    from qa_sandbox.exports.people import Person
    from qa_sandbox.vendors.maestroqa.rubrics import Rubric

_ACTIONS = (
    ("grade", "create"),
    ("grade", "update"),
    ("rubric", "publish"),
    ("user", "login"),
    ("export", "request"),
    ("appeal", "deny"),
)
_RUBRICS = 4


@dataclass(frozen=True)
class Team:
    """Who works in the account, and how much."""

    seed: int
    tickets_per_day: int

    @property
    def agents(self) -> tuple[Person, ...]:
        """Those who are graded."""
        return staff("maestroqa agent", self.seed, max(15, self.tickets_per_day // 2))

    @property
    def graders(self) -> tuple[Person, ...]:
        """Those who grade."""
        return staff("maestroqa grader", self.seed, 6)


def grades_of(team: Team, day: date) -> list[Grade]:
    """Every grade first started for a ticket that comes up on a day, with all its later edits."""
    return [grade for number in range(team.tickets_per_day) for grade in _Case(team, day, number).grades()]


def activity_of(team: Team, day: date) -> list[Row]:
    """The day's lines of the activity log; one activity can have several."""
    rng = seeded_rng("activity", team.seed, day)
    people = team.graders
    return [
        {
            "activity_id": activity_id,
            "time_stamp": moment,
            "user_email": person.email,
            "item_type": item,
            "action_type": action,
            "description": f"{person.name}: {item} {action}, part {part} of {parts}",
            "ip_address": f"192.0.2.{rng.randint(1, 254)}",
        }
        for number in range(rng.randint(6, 14))
        for activity_id in [seeded_id(17, "activity", team.seed, day, number)]
        for moment in [_moment(rng, day)]
        for person in [rng.choice(people)]
        for item, action in [rng.choice(_ACTIONS)]
        for parts in [rng.choice((1, 1, 2, 3))]
        for part in range(1, parts + 1)
    ]


class _Case:
    """One ticket of a day and all that graders do with it."""

    def __init__(self, team: Team, day: date, number: int) -> None:
        self.team = team
        self.day = day
        self.rng = seeded_rng("case", team.seed, day, number)
        created = _moment(self.rng, day) - timedelta(hours=self.rng.randint(8, 80))
        self.ticket = Ticket(
            gradable_id=f"{self.rng.choice(('', '', '00', 'ZD-'))}{day.toordinal()}{number:05}",
            created_at=created,
            source=self.rng.choice(("Zendesk", "Zendesk", "Salesforce", "Aircall")),
            csat=self._csat() if chance(self.rng, 0.5) else None,
        )

    def grades(self) -> list[Grade]:
        rng = self.rng
        agents = rng.sample(self.team.agents, k=2)
        forms = rng.sample(rubrics(self.team.seed, _RUBRICS), k=2)
        people = rng.sample(self.team.graders, k=5)
        first = self._grade(agents[0], forms[0], people[0], GRADING)
        made = [first]
        if chance(rng, 0.1):
            made.append(self._grade(agents[0], forms[1], people[0], GRADING))
        if chance(rng, 0.08):
            made.append(self._grade(agents[1], forms[0], people[0], GRADING))
        if chance(rng, 0.12):
            made.extend(self._grade(agents[0], forms[0], reviewer, CALIBRATION_REVIEW) for reviewer in people[1:4])
            made.append(self._grade(agents[0], forms[0], people[4], CALIBRATION_FINAL))
        if chance(rng, 0.1):
            made.append(self._grade(agents[0], forms[0], people[4], GRADER_QA, target=first))
        if len(first.revisions) > 1 and self.ticket.csat is not None:
            # The survey's new answer comes with a save of a grade: exports know no other way to tell.
            self.ticket.csat_later, self.ticket.csat_changed_at = self._csat(), first.revisions[-1].at
        if chance(rng, 0.08):
            # Once more from the start, by the same grader with the same form: another grade, no edit.
            made.append(self._grade_again(first, days_later=rng.randint(1, 12)))
        return made

    def _grade_again(self, grade: Grade, *, days_later: int) -> Grade:
        late = timedelta(days=days_later)
        return replace(
            grade,
            started_at=grade.started_at + late,
            revisions=[replace(grade.revisions[0], at=grade.first_graded_at + late)],
        )

    def _grade(
        self, agent: Person, rubric: Rubric, grader: Person, grade_type: str, target: Grade | None = None
    ) -> Grade:
        late = timedelta(days=self.rng.randint(1, 3)) if grade_type != GRADING else timedelta()
        started = _moment(self.rng, self.day) + late
        saved = started + timedelta(seconds=self.rng.randint(90, 1500))
        revisions = [Revision(saved)]
        while chance(self.rng, 0.3):
            saved += timedelta(minutes=self.rng.randint(40, 6 * 24 * 60), milliseconds=self.rng.choice((0, 0, 7, 250)))
            revisions.append(Revision(saved, regrade=chance(self.rng, 0.7)))
        return Grade(self.team.seed, self.ticket, agent, rubric, grader, grade_type, started, revisions, target)

    def _csat(self) -> tuple[int, str | None]:
        return self.rng.randint(1, 5), self.rng.choice((None, None, *COMMENTS))


def _moment(rng: Random, day: date) -> datetime:
    """A moment of the working day, half of them with milliseconds."""
    seconds = rng.randint(6 * 3600, 19 * 3600)
    milliseconds = rng.choice((0, rng.randint(1, 999)))
    return datetime.combine(day, time(), timezone.utc) + timedelta(seconds=seconds, milliseconds=milliseconds)
