"""Converting cells a column at a time: so most of the work is done by loops in C, not by calls for each cell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tap_qa.records import fitter
from tap_qa.row_keys import unguarded
from tap_qa.values import Instants, MisfitError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    ConvertColumn = Callable[[Sequence[str]], Sequence[Any]]

MISFIT: Any = object()
"""Stands where a cell does not fit its column."""

_MOST_CACHED = 10_000


def converter(column: Mapping[str, Any], instants: Instants, null_words: frozenset[str]) -> ConvertColumn:
    """Return the function that converts the cells of a column.

    Args:
        column: The JSON schema of the column.
        instants: Reads stamps.
        null_words: Words in small letters that stand for null in every column but those of text.
    """
    if is_text(column):
        return _texts
    if column.get("format") == "date-time":
        careful = _careful(instants, null_words)
        return lambda cells: instants.cells(cells, otherwise=careful)
    fit = fitter(column, instants)
    known = _Known(_careful(lambda cell: fit(cell, []), null_words))
    return lambda cells: list(map(known.__getitem__, cells))


def unguarding(convert: ConvertColumn) -> ConvertColumn:
    """Return a conversion that takes off the Excel guard `="…"` before."""
    return lambda cells: convert([unguarded(cell) if cell[:1] == "=" else cell for cell in cells])


def is_text(column: Mapping[str, Any]) -> bool:
    """Tell whether a column holds texts as they are."""
    return "string" in column.get("type", ()) and "format" not in column


def _texts(cells: Sequence[str]) -> Sequence[str | None]:
    return [cell or None for cell in cells] if "" in cells else cells


def _careful(convert: Callable[[str], Any], null_words: frozenset[str]) -> Callable[[str], Any]:
    def careful(cell: str) -> Any:  # noqa: ANN401
        try:
            return convert(cell) if cell else None
        except MisfitError:
            return None if cell.strip().lower() in null_words else MISFIT

    return careful


class _Known(dict[str, Any]):
    """What cells were converted to before; the same few come again and again."""

    def __init__(self, convert: Callable[[str], Any]) -> None:
        """Start with nothing known."""
        super().__init__()
        self._convert = convert

    def __missing__(self, cell: str) -> Any:  # noqa: ANN401
        if len(self) >= _MOST_CACHED:
            self.clear()
        value = self[cell] = self._convert(cell)
        return value
