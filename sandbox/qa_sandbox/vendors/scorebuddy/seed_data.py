"""The instance on its first day: staff, users and scorecards, before anything is scored."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from itertools import count
from typing import TYPE_CHECKING

from qa_sandbox.plausible_data import CITIES, GROUPS, cycle, mail_address, person_name, seeded_rng
from qa_sandbox.vendors.scorebuddy.model import (
    Answer,
    Cause,
    Group,
    Person,
    Question,
    Score,
    Scorecard,
    Section,
    Team,
    User,
    Version,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random

BIG_VERSION_QUESTIONS = 112
"""Questions of the one version that the API can't show in one piece."""

SECTIONS = ("Opening and Closing", "Data Protection", "Resolution", "Soft Skills", "Compliance")
QUESTIONS = (
    ("Did the agent follow the opening script?", 0, 5),
    ("Did the agent ask for the correct account details?", 1, 10),
    ("Was the customer's issue acknowledged?", 3, 5),
    ("Did the agent apologise where appropriate?", 3, 2),
    ("Was the cause investigated, and explained?", 2, 10),
    ("Was the solution right, and complete?", 2, 15),
    ("Was hold time kept short, with updates?", 2, Decimal("2.5")),
    ("Polite tone, easy language, no 'jargon'?", 3, 10),
    ("Was the case documented the same day?", 4, Decimal("7.5")),
    ("Was the mandatory disclosure read out?", 4, 10),
    ("Were next steps and time frames given?", 2, 5),
    ("Did the agent close with an invitation to call back?", 0, 1),
)
CAUSES = ("Agent behavior", "Lack of training", "Lack of knowledge", "Template issue", "Process gap", "System outage")
CATEGORIES = ("Phone Call", "E-mail", "Live Chat", "Back Office")
CARD_NAMES = ("Customer Care Call", "E-mail Quality", "Chat & Messaging", "Technical Support Call", "Sales Call")
EVENTS = ((41, "Billing"), (42, "Business Direct"), (43, "Complaint"), (44, "Technical fault"))
SUB_EVENTS = ((91, "Sales"), (92, "Refund"), (93, "Cancellation"))

_YES_NO = (Answer("Met", 1), Answer("Not Met", 0))
_PARTLY = (Answer("Yes", 1), Answer("Partly", Decimal("0.5")), Answer("No", 0))
_WITH_NA = (
    Answer("Met", 1),
    Answer("Mostly", Decimal("0.75")),
    Answer("Not Met", 0),
    Answer("N/A", 0, not_applicable=True),
)
_FATAL = (Answer("Pass", 1), Answer("Fail", 0, point_of_failure=True))


@dataclass(frozen=True)
class Size:
    """How much there is.

    Attributes:
        groups: Groups of staff, beside one that was deleted.
        teams: Teams over all groups, each with a supervisor.
        agents: Employees on the first day.
        users: Evaluators and administrators.
        scorecards: In use, beside five that are locked, archived or deleted in several combinations.
        scores_per_day: Results on a weekday; half of it at weekends.
        days: Length of the history before the clock's start.
    """

    groups: int = 4
    teams: int = 10
    agents: int = 60
    users: int = 12
    scorecards: int = 3
    scores_per_day: int = 60
    days: int = 40


@dataclass
class Instance:
    """All that the vendor stores."""

    groups: dict[int, Group] = field(default_factory=dict)
    teams: dict[int, Team] = field(default_factory=dict)
    employees: dict[int, Person] = field(default_factory=dict)
    supervisors: dict[int, Person] = field(default_factory=dict)
    users: dict[int, User] = field(default_factory=dict)
    scorecards: dict[int, Scorecard] = field(default_factory=dict)
    scores: dict[int, Score] = field(default_factory=dict)
    next_staff: Iterator[int] = field(default_factory=lambda: count(601))
    next_question: Iterator[int] = field(default_factory=lambda: count(16001))
    next_score: Iterator[int] = field(default_factory=lambda: count(30001))
    next_review: Iterator[int] = field(default_factory=lambda: count(5001))
    next_comment: Iterator[int] = field(default_factory=lambda: count(71001))

    def hire(self, rng: Random, team: Team | None = None) -> Person:
        """Takes a new employee on."""
        number = next(self.next_staff)
        team = team or rng.choice([team for team in self.teams.values() if not team.deleted])
        first_name, last_name = person_name(number)
        supervisors = [person for person in self.supervisors.values() if person.team is team]
        person = Person(
            id=number,
            # Two people of a hundred share one: the vendor calls it "not unique". One has none.
            external_id="" if number % 97 == 0 else f"A-G{team.group.id}T{number - number % 50 // 49}",
            first_name=first_name,
            last_name=last_name,
            email=mail_address(first_name, last_name),
            role="employee",
            team=team,
            skill=rng.triangular(0.55, 0.99, 0.9),
            supervisor=supervisors[0] if supervisors else None,
            notes="On parental leave until spring" if number % 41 == 0 else None,
        )
        self.employees[number] = person
        return person

    def publish(self, card: Scorecard, rng: Random, questions: int | None = None) -> Version:
        """Makes a new version of a scorecard the one in use."""
        number = len(card.versions) + 1
        name = card.versions[0].name if card.versions else cycle(CARD_NAMES, card.id - 70)
        wanted = questions or rng.randrange(len(QUESTIONS) - 3, len(QUESTIONS) + 1)
        place = (card.id - 70) % len(CATEGORIES)
        version = Version(
            number=number,
            name=name,
            category=CATEGORIES[place],
            category_id=5 + place,
            group_id=list(self.groups)[card.id % len(self.groups)],
            location=CITIES[card.id % len(CITIES)],
            target=90 if card.id % 2 else Decimal("87.5"),
            questions=tuple(self._question(card, position, rng) for position in range(wanted)),
        )
        card.versions.append(version)
        return version

    def _question(self, card: Scorecard, position: int, rng: Random) -> Question:
        lap, place = divmod(position, len(QUESTIONS))
        text, section, weighting = QUESTIONS[place]
        fatal = place == len(QUESTIONS) - 3
        answers = _FATAL if fatal else (_YES_NO, _PARTLY, _WITH_NA)[rng.randrange(3)]
        number = next(self.next_question)
        causes = tuple(
            Cause(id=number * 10 + place, shared_id=place + 1, name=CAUSES[place])
            for place in range(rng.randrange(len(CAUSES)))
        )
        return Question(
            id=number,
            number=position + 1,
            text=f"Control {lap}.{place}: {text}" if lap else text,
            section=Section(card.id * 10 + section, SECTIONS[section]),
            weighting=weighting,
            fail_section=place == 1,
            fail_all=fatal,
            answers=answers,
            causes=causes,
        )


def create_seed_data(size: Size, seed: int) -> Instance:
    """The instance of this size on its first day; the same for the same seed."""
    rng = seeded_rng(seed, "scorebuddy", "founding")
    instance = Instance()
    for number in range(size.groups + 1):
        group_id = 31 + number
        location = CITIES[number % len(CITIES)] if (number + 1) % 3 else None
        instance.groups[group_id] = Group(group_id, cycle(GROUPS, number), location, deleted=number == size.groups)
    for number in range(size.teams):
        team_id = 36 + number
        group = instance.groups[31 + number % size.groups]
        instance.teams[team_id] = Team(team_id, f"{group.name} Team {chr(65 + number // size.groups % 26)}", group)
        _supervise(instance, instance.teams[team_id])
    for number in range(size.agents):
        instance.hire(rng, instance.teams[36 + number % size.teams])
    for number in range(size.users):
        instance.users[72 + number] = _user(number)
    _make_scorecards(instance, size, rng)
    return instance


def _supervise(instance: Instance, team: Team) -> None:
    number = next(instance.next_staff)
    first_name, last_name = person_name(number)
    role = "advanced_supervisor" if number % 4 == 0 else "supervisor"
    instance.supervisors[number] = Person(
        number, f"S-{number:05}", first_name, last_name, mail_address(first_name, last_name), role, team
    )


def _user(number: int) -> User:
    first_name, last_name = person_name(number + 300)
    role = ("global_admin", "score_only", "group_admin", "score_calibrate")[number % 4]
    groups = [-1] if role == "global_admin" else [31 + number % 3]
    return User(72 + number, first_name, last_name, mail_address(first_name, last_name, "qa.example.com"), role, groups)


def _make_scorecards(instance: Instance, size: Size, rng: Random) -> None:
    numbers = count(70)
    for place in range(size.scorecards):
        card = Scorecard(next(numbers), "standard", use=1.0 / (place + 1))
        instance.scorecards[card.id] = card
        for _ in range(1 + place % 2):
            instance.publish(card, rng)
    shelved = (
        # The first of these holds the version with too many questions, and is used now and then.
        Scorecard(next(numbers), "standard", use=0.01, locked=True),
        Scorecard(next(numbers), "non-numeric", use=0, archived=True),
        Scorecard(next(numbers), "success-rate", use=0, deleted=True),
        Scorecard(next(numbers), "standard", use=0, locked=True, archived=True),
        Scorecard(next(numbers), "standard", use=0, archived=True, deleted=True),
    )
    for card in shelved:
        instance.scorecards[card.id] = card
        instance.publish(card, rng, BIG_VERSION_QUESTIONS if card.use else None)
