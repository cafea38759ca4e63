"""Which groups a row belongs to: the filter by group keeps others' data out, so it is not trusted."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from tap_qa.records.convert import InvalidValueError, to_integer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_BETWEEN_IDS = re.compile(r"[\s,;\[\]]+")


def has_other_groups(rows: Iterable[Mapping[str, Any]], groups: frozenset[str]) -> bool:
    """Return whether any row belongs to groups, but to none of these; a row that names none belongs nowhere."""
    return any(own and own.isdisjoint(groups) for own in map(_groups_of, rows))


def _groups_of(row: Mapping[str, Any]) -> set[str]:
    """Return the groups of an evaluation, an answer or a team; of a person; of a scorecard, by its current version."""
    versions = row.get("versions")
    named = [row, *(versions if isinstance(versions, list) else ())]
    own = {
        _canonical(group)
        for part in named
        if isinstance(part, dict)
        for name in ("group_id", "group_ids")
        for group in _ids(part.get(name))
    }
    # No document has these, and they may hold names.
    return own | {group for name in ("group", "groups") for group in _whole_numbers(row.get(name))}


def _ids(value: Any) -> Iterator[Any]:  # noqa: ANN401 - any JSON
    """Yield the ids in a value: itself, those of a list or a text, that of an object."""
    if isinstance(value, list):
        for item in value:
            yield from _ids(item)
    elif isinstance(value, dict):
        yield from _ids(value.get("group_id", value.get("id")))
    elif isinstance(value, str):
        yield from filter(None, _BETWEEN_IDS.split(value))
    elif value is not None:
        yield value


def _whole_numbers(value: Any) -> Iterator[str]:  # noqa: ANN401 - any JSON
    return filter(str.isdecimal, map(_canonical, _ids(value)))


def _canonical(group: Any) -> str:  # noqa: ANN401 - any JSON
    """Return an id as text, the same for all spellings of a whole number: 35, 35.0, "035"."""
    try:
        return str(to_integer(group))
    except InvalidValueError:
        return str(group)
