"""Which groups a row belongs to: the filter by group keeps others' data out, so it is not trusted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tap_qa.records.convert import InvalidValueError, to_integer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping


def has_other_groups(rows: Iterable[Mapping[str, Any]], groups: frozenset[str]) -> bool:
    """Return whether any row belongs to groups, but to none of these; a row that names none belongs nowhere."""
    return any(own and own.isdisjoint(groups) for own in map(_groups_of, rows))


def _groups_of(row: Mapping[str, Any]) -> set[str]:
    return {_canonical(group) for group in _named(row) if group is not None}


def _canonical(group: Any) -> str:  # noqa: ANN401 - any JSON
    """Return an id as text, the same for all spellings of a whole number: 35, 35.0, "035"."""
    try:
        return str(to_integer(group))
    except InvalidValueError:
        return str(group)


def _named(row: Mapping[str, Any]) -> Iterator[Any]:
    """Yield the groups of an evaluation, an answer or a team; of a person; of a scorecard, by its current version."""
    yield row.get("group_id")
    groups = row.get("group_ids")
    yield from groups if isinstance(groups, list) else groups.split(",") if isinstance(groups, str) else [groups]
    if isinstance(versions := row.get("versions"), list):
        yield from (version.get("group_id") for version in versions if isinstance(version, dict))
