"""The JSON objects of people, groups and teams."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from qa_sandbox.vendors.scorebuddy.model import Group, Person, Team, User

Object = dict[str, Any]


class PeopleSerializer:
    """Shows people, and what they belong to."""

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
