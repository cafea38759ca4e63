"""Goals out of goals: the API nests milestones and aligned goals in their parents' `children`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterator

_encode = msgspec.json.Encoder(decimal_format="number").encode


def flatten(goal: dict[str, Any], parent_id: Any = None) -> Iterator[dict[str, Any]]:  # noqa: ANN401
    """Yield a goal and all below it, each as a row of its own with `parent_id`.

    The goal's own word on its parent counts more than where it was found: an aligned goal is shown under others, too.
    """
    row = {name: value for name, value in goal.items() if name not in {"children", "parent"}}
    parent = goal.get("parent")
    own_parent = parent.get("id") if isinstance(parent, dict) else parent
    row["parent_id"] = next(
        (found for found in (goal.get("parent_id"), own_parent, parent_id) if found is not None), None
    )
    yield row
    children = goal.get("children")
    for child in children if isinstance(children, list) else ():
        if isinstance(child, dict):
            yield from flatten(child, goal.get("id"))


class GoalDeduplicator:
    """Lets each goal through once, although it may be shown in several places, in full or as little more than an id."""

    def __init__(self) -> None:
        """Start with nothing seen."""
        self._seen: dict[Any, tuple[int, int]] = {}
        self._slight: dict[Any, dict[str, Any]] = {}

    def add(self, goals: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Return the rows to emit for a page of goals; slight ones are held back until `flush`."""
        return [row for goal in goals for row in flatten(goal) if self._is_news(row)]

    def flush(self) -> list[dict[str, Any]]:
        """Return the goals of which nothing more was ever shown."""
        return [row for key, row in self._slight.items() if key not in self._seen]

    def _is_news(self, row: dict[str, Any]) -> bool:
        key = row.get("id")
        if "updated" not in row:
            known = self._slight.get(key)
            if known is None or len(known) < len(row):
                self._slight[key] = row
            return False
        here = (len(row), hash(_encode(row)))
        known_here = self._seen.get(key)
        if known_here is not None and (here == known_here or here[0] < known_here[0]):
            return False
        self._seen[key] = here
        return True
