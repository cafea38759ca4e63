"""The organisation on its first day: departments, people, templates and the first goals."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from qa_sandbox.plausible_data import CITIES, GROUPS, TITLES, chance, cycle, mail_address, person_name, seeded_rng
from qa_sandbox.vendors.betterworks.model import Goal, Group, Organisation, User, brief, uuid_of

if TYPE_CHECKING:
    from datetime import datetime
    from random import Random

GOALS = (
    "Raise first-contact resolution to 82 %",
    "Halve the share of calls on hold for over two minutes",
    "Answer chats within 40 seconds",
    "Lift QA score of new hires to 88",
    "Cut repeat contacts about billing by a third",
    'Launch the "one call" refund process',
    "Certify all agents in data protection",
    "Bring CSAT of the Kraków site to 4.5",
)
MILESTONES = (
    "Pilot with two teams",
    "Train the supervisors",
    "Calibrate weekly",
    "Publish the guide",
    "Review results",
)
TEMPLATES = ("Weekly check-in", "Mid-year review", "Onboarding, first 90 days")


@dataclass(frozen=True)
class Size:
    """How much there is.

    Attributes:
        departments: At the top; each holds one team.
        users: People on the first day.
        goals: Top-level goals on the first day; milestones and aligned goals come on top.
        conversations: On the first day, over all deployments; feedback and recognition follow in proportion.
        days: Length of the history before the clock's start.
    """

    departments: int = 5
    users: int = 70
    goals: int = 60
    conversations: int = 120
    days: int = 40


def found(size: Size, seed: int, at: datetime) -> Organisation:
    """The organisation of this size on its first day; the same for the same seed."""
    rng = seeded_rng(seed, "betterworks", "founding")
    organisation = Organisation()
    for number in range(size.departments):
        department = Group(201 + 2 * number, cycle(GROUPS, number), None, is_team=False, is_active=number != 4)  # noqa: PLR2004
        team = Group(department.id + 1, f"{department.name} {CITIES[number % len(CITIES)]}", department, is_team=True)
        organisation.groups |= {department.id: department, team.id: team}
    for _ in range(size.users):
        hire(organisation, rng)
    for _ in range(size.goals):
        set_goal(organisation, at, rng)
    _add_templates(organisation, size, at, rng)
    return organisation


def hire(organisation: Organisation, rng: Random) -> User:
    """Takes a person on."""
    number = 148_601 + len(organisation.users)
    first_name, last_name = person_name(number)
    departments = [group for group in organisation.groups.values() if not group.is_team and group.is_active]
    department = departments[number % len(departments)]
    leaders = [user for user in organisation.users.values() if user.department is department]
    user = User(
        id=number,
        first_name=first_name,
        last_name=last_name,
        email=mail_address(first_name, last_name),
        employee_id=f"{number - 148_600:06}",
        title=rng.choice(TITLES) if leaders else "Head of Department",
        department=department,
        manager=leaders[0] if leaders else None,
        is_active=not chance(rng, 0.05),
    )
    organisation.users[number] = user
    return user


def set_goal(organisation: Organisation, at: datetime, rng: Random) -> Goal:
    """Sets a goal with some milestones; now and then it is aligned with others."""
    owners: list[User | Group] = [*organisation.users.values()]
    if chance(rng, 0.15):
        # Goals of a group without members could be had through nobody.
        owners = [user.department for user in organisation.users.values()]
        owners += [group for group in organisation.groups.values() if group.parent in owners]
    top = [goal for goal in organisation.goals.values() if not goal.is_key_result]
    goal = _goal(organisation, rng.choice(GOALS), rng.choice(owners), at, rng)
    if top and chance(rng, 0.35):
        goal.parent = rng.choice(top)
        if chance(rng, 0.3):
            # Shown under a second goal as well; only one of an older number, so that nothing comes to hold itself.
            goal.also_under = [other for other in [rng.choice(top)] if other is not goal.parent]
    organisation.goals[goal.id] = goal
    for _ in range(rng.randrange(4)):
        add_milestone(organisation, goal, at, rng)
    return goal


def add_milestone(organisation: Organisation, goal: Goal, at: datetime, rng: Random) -> Goal:
    """Adds a milestone to a goal; someone else may own it."""
    owner = goal.owner if chance(rng, 0.7) else rng.choice(list(organisation.users.values()))
    milestone = _goal(organisation, rng.choice(MILESTONES), owner, at, rng)
    milestone.is_key_result = True
    milestone.parent = goal
    organisation.goals[milestone.id] = milestone
    return milestone


def _goal(organisation: Organisation, name: str, owner: User | Group, at: datetime, rng: Random) -> Goal:
    start = (at - timedelta(days=rng.randrange(120))).date()
    return Goal(
        id=12_084_801 + len(organisation.goals),
        name=name,
        description="Agreed with the site leads.\nSee the plan." if chance(rng, 0.4) else None,
        is_key_result=False,
        owner=owner,
        start=start,
        end=start + timedelta(days=90),
        progress=Decimal(rng.randrange(21)) / 20,
        updated=at,
        categories=[rng.choice(("Quality", "Efficiency", "People"))] if chance(rng, 0.5) else [],
    )


def _add_templates(organisation: Organisation, size: Size, at: datetime, rng: Random) -> None:
    users = list(organisation.users.values())
    for place, name in enumerate(TEMPLATES):
        deployments = [
            {"id": 4001 + 10 * place + number, "name": f"{name} {at.year}-{number + 1}"} for number in range(place + 1)
        ]
        organisation.put("conversation_templates", {"id": 71 + place, "name": name, "deployments": deployments})
        organisation.put(
            "feedback_templates", {"id": 51 + place, "name": f"Feedback: {name}", "questions": [1, 2, place]}
        )
        cycle_row = {
            "id": 31 + place,
            "name": f"Calibration {at.year} H{place}",
            "status": "closed" if place else "open",
        }
        organisation.put("calibration_cycles", cycle_row)
    for _ in range(size.conversations):
        hold_conversation(organisation, at, rng)
        if chance(rng, 0.5):
            give_feedback(organisation, at, rng)
        if chance(rng, 0.5):
            recognise(organisation, at, rng)
    for place, user in enumerate(users):
        rating = ("Exceeds", "Meets", 4, Decimal("3.5"))[place % 4]
        record = {"id": 900 + place, "cycle": {"id": 31}, "user": brief(user), "rating": rating}
        organisation.put("calibration_records", record | {"created": at, "modified": at})


def hold_conversation(organisation: Organisation, at: datetime, rng: Random) -> None:
    """Adds a conversation of one of the deployments."""
    template = rng.choice(list(organisation.lists["conversation_templates"].values()))
    people = rng.sample(list(organisation.users.values()), 2)
    row = {
        "id": organisation.next_id("conversations", 600_001),
        "_deployment": rng.choice(template["deployments"])["id"],
        "created": at,
        "modified": at,
        "status": rng.choice(("open", "confirmed")),
        "participants": [brief(person) for person in people],
        "responses": [{"question": "What went well?", "answer": "Handled the outage calmly 🎉"}],
    }
    organisation.put("conversations", row)


def give_feedback(organisation: Organisation, at: datetime, rng: Random) -> None:
    """Adds a piece of feedback."""
    giver, receiver = rng.sample(list(organisation.users.values()), 2)
    row = {"id": organisation.next_id("feedback", 81_001), "created": at, "modified": at, "giver": brief(giver)}
    answers = {"template": {"id": 51}, "receiver": brief(receiver), "responses": ["Clear, patient, on time."]}
    organisation.put("feedback", row | answers)


def recognise(organisation: Organisation, at: datetime, rng: Random) -> None:
    """Adds a recognition of a person or of a group."""
    giver, receiver, other = rng.sample(list(organisation.users.values()), 3)
    number = organisation.next_id("recognition", 91_001)
    goal = rng.choice(list(organisation.goals.values())) if chance(rng, 0.4) else None
    group = rng.choice(list(organisation.groups.values())) if chance(rng, 0.2) else None
    comment = {
        "id": number + 500_000,
        "uuid": uuid_of("comment", number),
        "text": "Thank you for staying late! #teamwork",
        "edited": False,
        "is_key_result": False,
        "author": brief(giver),
        "created": at,
        "created_on": at,
        "modified_on": at,
    }
    row = {
        "id": number,
        "created": at,
        "created_on": at,
        "modified_on": at,
        "team": {"id": group.id} if group and group.is_team else None,
        "for_group": brief(group) if group else None,
        "comment": comment,
        "goal": {"id": goal.id, "uuid": uuid_of("goal", goal.id), "name": goal.name} if goal else None,
        "shoutout": {"author": brief(giver), "for_user": None if group else brief(receiver), "created": at},
        "hashtags": ["teamwork", rng.choice(("calm", "speed", "kindness"))],
        "mentioned_users": [brief(other)] if chance(rng, 0.3) else [],
    }
    organisation.put("recognition", row)
