"""The JSON objects of the API."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from qa_sandbox.vendors.betterworks.model import Group, User, brief, uuid_of

if TYPE_CHECKING:
    from qa_sandbox.vendors.betterworks.model import Fields, Goal, Organisation
    from qa_sandbox.vendors.betterworks.rules import Rules

_BRIEF = ("id", "name", "owner", "is_key_result", "measurement", "updated", "children")


class Wire:
    """Shows an organisation's things as the API does."""

    def __init__(self, organisation: Organisation, rules: Rules) -> None:
        """Take both as they are at each call."""
        self._organisation = organisation
        self._rules = rules

    def sent(self, value: Any, name: str = "") -> Any:  # noqa: ANN401 - JSON
        """A value as it goes out: timestamps become numbers or text, whatever they are in."""
        if isinstance(value, datetime):
            if self._rules.stamps == "epoch" and not name.endswith("_on"):
                return int(value.timestamp())
            return value.strftime("%Y-%m-%dT%H:%M:%SZ")
        if isinstance(value, date):
            return value.isoformat()
        if isinstance(value, dict):
            return {key: self.sent(part, key) for key, part in value.items() if not key.startswith("_")}
        return [self.sent(part) for part in value] if isinstance(value, list) else value

    def user(self, user: User) -> Fields:
        """A row of the users list."""
        return {
            **brief(user),
            "first_name": user.first_name,
            "last_name": user.last_name,
            "email": user.email,
            "employee_id": user.employee_id,
            "title": user.title,
            "department": self._reference(user.department),
            "manager": self._reference(user.manager),
            "is_active": user.is_active,
        }

    def department(self, group: Group) -> Fields:
        """A row of the departments list."""
        return {**brief(group), "parent": self._reference(group.parent), "is_active": group.is_active}

    def _reference(self, to: Group | User | None) -> Any:  # noqa: ANN401 - JSON
        whole = None if to is None else brief(to)
        form = self._rules.references
        return whole if whole is None or form == "object" else whole[form]

    def listed(self, name: str, row: Fields) -> Fields:
        """A row of one of the plain lists."""
        if name == "conversation_templates":
            key = self._rules.deployment_id_key
            deployments = [{key: one["id"], "name": one["name"]} for one in row["deployments"]]
            row = {"id": row["id"], "name": row["name"], self._rules.deployments_key: deployments}
        return dict(self.sent(row))

    def goal(self, goal: Goal, *, inside: bool = False) -> Fields:
        """A goal with all that is below it; `inside` another one's children it may be brief."""
        below = [
            child for child in self._organisation.goals.values() if child.parent is goal or goal in child.also_under
        ]
        row = {**self.bare_goal(goal), "children": [self.goal(child, inside=True) for child in below]}
        if inside and self._rules.children == "brief":
            return {name: row[name] for name in _BRIEF}
        return row

    @cached_property
    def _children(self) -> dict[int, list[Goal]]:
        below = defaultdict(list)
        for goal in self._organisation.goals.values():
            for parent in (goal.parent, *goal.also_under):
                if parent:
                    below[parent.id].append(goal)
        return below

    def bare_goal(self, goal: Goal) -> Fields:
        """A goal without its children."""
        row = {
            "id": goal.id,
            "uuid": uuid_of("goal", goal.id),
            "name": goal.name,
            "description": goal.description,
            "is_key_result": goal.is_key_result,
            "parent": {"id": goal.parent.id, "name": goal.parent.name} if goal.parent else None,
            "owner": _owner(goal.owner) if self._rules.owned else None,
            "start": goal.start,
            "end": goal.end,
            "measurement": {"progress": goal.progress, "unit": "%"},
            "updated": goal.updated,
            "last_checkedin": goal.last_checkedin,
            "categories": [{"name": category} for category in goal.categories],
            "assessments": [{"score": "On track", "by": brief(goal.owner)}] if goal.progress == 1 else [],
            "comments": goal.comments,
        }
        return dict(self.sent(row))


def _owner(owner: User | Group) -> Fields:
    if isinstance(owner, User):
        return {"user": brief(owner), "user_id": owner.id}
    parent = owner.parent.id if owner.parent else None
    return {"group": {**brief(owner), "parent_id": parent, "is_active": owner.is_active, "is_team": owner.is_team}}
