"""Users and groups by SCIM 2.0, as the help pages of MaestroQA's SCIM API show them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa_sandbox.exports.people import TEAMS
from qa_sandbox.exports.seeded import seeded_id

if TYPE_CHECKING:
    from qa_sandbox.exports.cells import Row
    from qa_sandbox.vendors.maestroqa.calendar import Team

_CORE = "urn:ietf:params:scim:schemas:core:2.0"


def users(team: Team) -> list[Row]:
    """The user accounts: those who grade."""
    return [
        {
            "schemas": [f"{_CORE}:User"],
            "id": person.id,
            "user_name": person.email,
            "name": {"given_name": person.first_name, "family_name": person.last_name},
            "emails": [{"value": person.email, "primary": True}],
            "display_name": person.name,
            "external_id": None if place % 2 else f"okta-{place}",
            "groups": [],
            "active": place != 0,
            "roles": ["manager" if place % 2 else "grader"],
            "profile": {"Title": "Quality Analyst", "Start Date": "2024-05-01T00:00:00.000Z"} if place else None,
        }
        for place, person in enumerate(team.graders)
    ]


def agent_groups(team: Team) -> list[Row]:
    """The groups of agents."""
    return [_group(team, name, [agent.email for agent in team.agents[place::3]]) for place, name in enumerate(TEAMS)]


def user_groups(team: Team) -> list[Row]:
    """The groups of users."""
    return [_group(team, "Graders", [grader.id for grader in team.graders]), _group(team, "Nobody yet", [])]


def _group(team: Team, name: str, members: list[str]) -> Row:
    return {
        "schemas": [f"{_CORE}:Group"],
        "id": seeded_id(9, "scim group", team.seed, name),
        "display_name": name,
        "members": members,
        "owners": [team.graders[0].id],
    }
