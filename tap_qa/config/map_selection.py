"""Stream maps beside a catalog that leaves columns out, or does not know them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from singer_sdk.exceptions import ConfigValidationError

from tap_qa.config.json_object import shown
from tap_qa.config.stream_maps import FILTER, is_for, names_read

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True)
class LeftOut:
    """The columns that the records of a stream lack."""

    deselected: frozenset[str] = frozenset()
    unknown: frozenset[str] = frozenset()
    """The catalog is of an older version and lacks them; their values go to `_unmapped`."""


def columns_in_maps(maps: object, stream: str) -> frozenset[str]:
    """Return what the stream maps for a stream name or read."""
    if not isinstance(maps, Mapping):
        return frozenset()
    entries = [entry for key, entry in maps.items() if isinstance(entry, Mapping) and is_for(key, entry, stream)]
    return frozenset(name for entry in entries for part in entry.items() for name in _names(*part))


def fitted_maps(maps: Mapping[str, Any], streams: Mapping[str, LeftOut]) -> dict[str, Any]:
    """Return stream maps that leave alone what a catalog deselects: it stays away, although a map names it.

    Args:
        maps: The setting, which has no other problem.
        streams: The selected streams.

    Raises:
        ConfigValidationError: An expression reads a deselected column, or a map names one that the catalog lacks, whose
            values would go to `_unmapped` as they are.
    """
    problems = [
        problem
        for key, entry in maps.items()
        for name, left_out in streams.items()
        if is_for(key, entry, name) and isinstance(entry, Mapping)
        for problem in _problems(key, entry, name, left_out)
    ]
    if problems:
        message = "Config validation failed"
        raise ConfigValidationError(message, errors=problems)
    fitted = dict(maps)
    for key, entry in maps.items():
        for name, left_out in streams.items():
            if isinstance(entry, Mapping) and is_for(key, entry, name) and not left_out.deselected.isdisjoint(entry):
                # What has a name of its own goes before a pattern; a copy has another name than its source.
                own = key if "__source__" in entry else name
                fitted[own] = {column: each for column, each in entry.items() if column not in left_out.deselected}
    return fitted


def _problems(key: str, entry: Mapping[str, Any], stream: str, left_out: LeftOut) -> Iterator[str]:
    for column, expression in entry.items():
        if column.startswith("__") and column != FILTER:
            continue
        place = f"stream_maps.{shown(key)}.{shown(column)}"
        names = _names(column, expression)
        lacking, gone = sorted(names & left_out.unknown), sorted(names & left_out.deselected)
        if lacking:
            yield (
                f"{place}: the catalog is of an older version and lacks {stream}.{lacking[0]}. Run --discover again."
            )
        elif gone and column not in left_out.deselected:
            yield f"{place} uses {gone[0]}, which the catalog deselects; select it, or leave it out of the expression."


def _names(column: str, expression: object) -> set[str]:
    return {column, *(names_read(expression) if isinstance(expression, str) else ())}
