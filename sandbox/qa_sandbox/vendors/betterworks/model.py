"""What a Betterworks organisation knows. Instants are aware and in UTC, to the second.

Goals have a shape of their own. Of the other lists little is known but their names, so their rows are plain dicts,
whose timestamps are datetimes until they go out.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import date, datetime
    from decimal import Decimal

Fields = dict[str, Any]


@dataclass(slots=True, eq=False)
class Group:
    """A department, or a team inside one."""

    id: int
    name: str
    parent: Group | None
    is_team: bool
    is_active: bool = True


@dataclass(slots=True, eq=False)
class User:
    """A person."""

    id: int
    first_name: str
    last_name: str
    email: str
    employee_id: str
    title: str
    department: Group
    manager: User | None
    is_active: bool = True

    @property
    def name(self) -> str:
        """Full name."""
        return f"{self.first_name} {self.last_name}"


@dataclass(slots=True, eq=False)
class Goal:
    """A goal or a milestone (key result).

    Attributes:
        parent: What it belongs to or is aligned with.
        also_under: Further goals that show it among their children.
    """

    id: int
    name: str
    description: str | None
    is_key_result: bool
    owner: User | Group
    start: date
    end: date
    progress: Decimal
    updated: datetime
    last_checkedin: datetime | None = None
    parent: Goal | None = None
    also_under: list[Goal] = field(default_factory=list)
    categories: list[str] = field(default_factory=list)
    comments: list[Fields] = field(default_factory=list)


@dataclass
class Organisation:
    """All that the vendor stores; the lists of plain rows by their stream's name without the vendor's."""

    groups: dict[int, Group] = field(default_factory=dict)
    users: dict[int, User] = field(default_factory=dict)
    goals: dict[int, Goal] = field(default_factory=dict)
    lists: dict[str, dict[int, Fields]] = field(default_factory=dict)

    def put(self, name: str, row: Fields) -> None:
        """Stores a row of a list under its id."""
        self.lists.setdefault(name, {})[row["id"]] = row

    def next_id(self, name: str, first: int) -> int:
        """The id for a new row of a list."""
        return max(self.lists.get(name, {first - 1: None})) + 1


def uuid_of(kind: str, number: int) -> str:
    """The uuid of a thing; the same in every run."""
    return str(uuid.uuid5(uuid.NAMESPACE_OID, f"{kind}/{number}"))


def brief(thing: User | Group) -> Fields:
    """A person or group as other objects mention it."""
    kind = "user" if isinstance(thing, User) else "group"
    return {"id": thing.id, "uuid": uuid_of(kind, thing.id), "name": thing.name}
