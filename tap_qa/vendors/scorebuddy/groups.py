"""Which groups a row belongs to: the filter by group keeps others' data out, so it is not trusted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping


def has_other_groups(rows: Iterable[Mapping[str, Any]], groups: frozenset[str]) -> bool:
    """Return whether any row belongs to groups, but to none of these; a row that names none belongs nowhere."""
    return any(own and own.isdisjoint(groups) for own in map(_groups_of, rows))


def _groups_of(row: Mapping[str, Any]) -> set[str]:
    return {str(group).strip() for group in _named(row) if group is not None}


def _named(row: Mapping[str, Any]) -> Iterator[Any]:
    """Yield the groups of an evaluation, an answer or a team; of a person; of a scorecard, by its current version."""
    yield row.get("group_id")
    if isinstance(groups := row.get("group_ids"), list):
        yield from groups
    if isinstance(versions := row.get("versions"), list):
        yield from (version.get("group_id") for version in versions if isinstance(version, dict))
