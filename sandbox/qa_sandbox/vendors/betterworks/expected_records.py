"""The rows that a right tap delivers, written from its contract and not from its code.

Columns hold what they are named for, with timestamps in RFC 3339 and in UTC; all other fields are in `_unmapped` as
the API sent them, nested ones under their dotted path.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from qa_sandbox.vendors.betterworks.serializer import Wire

if TYPE_CHECKING:
    from collections.abc import Iterable

    from qa_sandbox.vendor import Row, Rows
    from qa_sandbox.vendors.betterworks.model import Fields, Goal, Organisation
    from qa_sandbox.vendors.betterworks.rules import Rules

COLUMNS = {
    "users": "id uuid name first_name last_name email employee_id title department manager",
    "goals": "id uuid name description parent_id is_key_result owner start end measurement updated last_checkedin"
    " categories assessments comments",
    "departments": "id name parent",
    "conversation_templates": "id name deployments",
    "conversations": "id deployment_id created modified",
    "feedback_templates": "id name",
    "feedback": "id created modified",
    "recognition": "id created created_on modified_on team for_group comment goal shoutout hashtags mentioned_users",
    "calibration_cycles": "id name",
    "calibration_records": "id created modified",
}
_INTEGER_IDS = {"users", "goals"}
_REFERENCES = {"department", "manager", "parent"}
_BRIEF = {"id", "name", "owner", "is_key_result", "measurement", "updated"}


class Truth:
    """What the streams hold once a tap is through with this organisation."""

    def __init__(self, organisation: Organisation, rules: Rules) -> None:
        """Take both as they are at each call."""
        self._organisation = organisation
        self._rules = rules
        self._wire = Wire(organisation, rules)

    def rows(self, stream: str) -> Rows:
        """The stream's rows by primary key."""
        name = stream.removeprefix("betterworks_")
        return {(row["id"],): row for row in (self._row(name, fields) for fields in self._fields(name))}

    def _fields(self, name: str) -> Iterable[Fields]:
        if name == "users":
            return map(self._wire.user, self._organisation.users.values())
        if name == "departments":
            return map(self._wire.department, self._departments())
        if name == "goals":
            return map(self._goal, self._organisation.goals.values())
        rows = self._organisation.lists.get(name, {}).values()
        if name == "conversations":
            gone = self._rules.gone_deployments
            shown = (row for row in rows if str(row["_deployment"]) not in gone)
            return ({**row, "deployment_id": str(row["_deployment"])} for row in shown)
        if name == "conversation_templates":
            key = self._rules.deployment_id_key
            return (
                {**row, "deployments": [{key: one["id"], "name": one["name"]} for one in row["deployments"]]}
                for row in rows
            )
        return rows

    def _departments(self) -> Iterable[Any]:
        return (group for group in self._organisation.groups.values() if not group.is_team)

    def _goal(self, goal: Goal) -> Fields:
        row = self._wire.bare_goal(goal)
        del row["parent"]
        # Only dates and timestamps are unlike what is sent.
        row |= {"updated": goal.updated, "last_checkedin": goal.last_checkedin}
        if goal.is_key_result and self._rules.children == "brief":
            row = {name: value for name, value in row.items() if name in _BRIEF}
        # No column for the unit is documented.
        progress, unit = row["measurement"]["progress"], row["measurement"]["unit"]
        row |= {"measurement": {"progress": progress}, "measurement.unit": unit}
        return {**row, "parent_id": goal.parent.id if goal.parent else None}

    def _row(self, name: str, fields: Fields) -> Row:
        columns = COLUMNS[name].split()
        # Whatever form they have, they are objects in the table.
        fields = fields | {
            column: {self._rules.references: fields[column]}
            for column in _REFERENCES & fields.keys()
            if self._rules.references != "object" and fields[column] is not None
        }
        row = {column: _emitted(fields.get(column)) for column in columns}
        if name not in _INTEGER_IDS:
            row["id"] = str(row["id"])
        rest = {key: value for key, value in fields.items() if key not in columns}
        return {**row, "_unmapped": self._wire.sent(rest) or None}


def _emitted(value: Any) -> Any:  # noqa: ANN401 - JSON
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: _emitted(part) for key, part in value.items()}
    return [_emitted(part) for part in value] if isinstance(value, list) else value
