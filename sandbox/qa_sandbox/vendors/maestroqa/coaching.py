"""Coaching: sessions with their points and to-dos, which people edit, confirm and delete later, and assignments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from typing import TYPE_CHECKING

from qa_sandbox.exports.people import COMMENTS
from qa_sandbox.exports.seeded import seeded_id
from qa_sandbox.plausible_data import chance, seeded_rng

if TYPE_CHECKING:
    from qa_sandbox.exports.cells import Row
    from qa_sandbox.vendors.maestroqa.calendar import Team

_TYPES = ("strength", "opportunity", "n/a")
_CLASSES = ("general", "qa", "csat", "productivity")
_FORMATS = ("In person", "Virtual", "Phone call", None)


@dataclass(frozen=True)
class Session:
    """One coaching session.

    Attributes:
        changes: When it changed, oldest first: made, edited, confirmed by the agent, deleted.
    """

    team: Team
    id: str
    changes: tuple[datetime, ...]
    is_deleted_at_last: bool

    @property
    def created_at(self) -> datetime:
        """When it was made."""
        return self.changes[0]

    def row(self, now: datetime) -> Row:
        """The session as it was at a moment, in the words of the tap's columns."""
        past = [change for change in self.changes if change <= now]
        rng = seeded_rng("session", self.id)
        agent, coach = rng.choice(self.team.agents), rng.choice(self.team.graders)
        is_confirmed = len(past) > 2  # noqa: PLR2004 -- made, edited, confirmed
        return {
            "id": self.id,
            "name": f"1:1 {agent.first_name}",
            "created_at": self.created_at,
            "updated_at": past[-1],
            "meeting_date": rng.choice((None, self.created_at + timedelta(days=2))),
            "meeting_format": rng.choice(_FORMATS),
            "coaching_template_id": seeded_id(17, "coaching template", self.team.seed),
            "coaching_template_name": "Weekly 1:1",
            "agent_id": agent.id,
            "agent_name": agent.name,
            "coach_id": coach.id,
            "coach_name": coach.name,
            "form_creator_id": coach.id,
            "form_creator_name": coach.name,
            "shared_with_agent": len(past) > 1,
            "agent_confirmed": is_confirmed,
            "agent_confirmed_date": None,
            "coach_confirmed": is_confirmed,
            "coach_confirmed_date": None,
            "agent_notes": None,
            "coach_notes": seeded_rng("note", self.id, len(past)).choice(COMMENTS),
            "is_deleted": self.is_deleted_at_last and len(past) == len(self.changes),
            "activity_log": [
                {
                    "user_id": coach.id,
                    "user_email": coach.email,
                    "action_type": "update",
                    "descriptions": [f"Change {number}"],
                    "timestamp": moment,
                    "ip_address": "192.0.2.7",
                }
                for number, moment in enumerate(past)
            ],
            "coaching_points": self.points(),
            "to_dos": [{"_id": todo["id"], "name": todo["name"]} for todo in self.todos()],
            "_unmapped": {"region": "EMEA"} if chance(rng, 0.1) else None,
        }

    def points(self) -> list[Row]:
        """What was praised or is to be improved."""
        rng = seeded_rng("points", self.id)
        return [
            {
                "id": seeded_id(17, "point", self.id, number),
                "coaching_form_ids": [self.id],
                "type": rng.choice(_TYPES),
                "classification": rng.choice(_CLASSES),
                "ticket_id": f"00{rng.randint(1, 999)}",
                "subject": rng.choice(COMMENTS),
                "rubric_name": "Voice support",
                "criteria_name": rng.choice((None, "Recap")),
            }
            for number in range(rng.randint(0, 3))
        ]

    def todos(self) -> list[Row]:
        """What is to be done."""
        rng = seeded_rng("todos", self.id)
        return [
            {"id": seeded_id(17, "todo", self.id, number), "name": rng.choice(COMMENTS), "completed": chance(rng, 0.5)}
            for number in range(rng.randint(0, 2))
        ]


def sessions_of(team: Team, day: date) -> list[Session]:
    """The sessions made on a day, with all their later changes."""
    rng = seeded_rng("sessions", team.seed, day)
    return [_session(team, day, number) for number in range(rng.randint(0, 3))]


def _session(team: Team, day: date, number: int) -> Session:
    rng = seeded_rng("changes", team.seed, day, number)
    moment = datetime.combine(day, time(7), timezone.utc) + timedelta(minutes=rng.randint(0, 600))
    changes = [moment]
    while chance(rng, 0.6):
        moment += timedelta(hours=rng.randint(1, 200), milliseconds=rng.choice((0, 120)))
        changes.append(moment)
    return Session(team, seeded_id(17, "session", team.seed, day, number), tuple(changes), chance(rng, 0.1))


def assignments_of(team: Team) -> list[Row]:
    """What graders are to grade; nobody knows the fields."""
    return [
        {"id": seeded_id(17, "assignment", grader.id), "graderId": grader.id, "ticketIds": ["001", "002"]}
        for grader in team.graders
    ]
