"""Converting cells a column at a time: so most of the work is done by loops in C, not by calls for each cell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tap_qa.records.conform import compile_converter
from tap_qa.records.convert import InvalidValueError
from tap_qa.records.row_key import strip_excel_guard

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from tap_qa.records.timestamps import TimestampParser

    ConvertColumn = Callable[[Sequence[str]], Sequence[Any]]

INVALID: Any = object()
"""Stands where a cell does not fit its column."""

_MOST_CACHED = 10_000


def compile_column_converter(
    column: Mapping[str, Any], instants: TimestampParser, null_values: frozenset[str]
) -> ConvertColumn:
    """Return the function that converts the cells of a column.

    Args:
        column: The JSON schema of the column.
        instants: Reads timestamps.
        null_values: Words in small letters that stand for null in every column but those of text.
    """
    if is_text(column):
        return _texts
    if column.get("format") == "date-time":
        careful = _careful(instants, null_values)
        return lambda cells: instants.cells(cells, otherwise=careful)
    fit = compile_converter(column, instants)
    known = _Known(_careful(lambda cell: fit(cell, []), null_values))
    return lambda cells: list(map(known.__getitem__, cells))


def without_excel_guard(convert: ConvertColumn) -> ConvertColumn:
    """Return a conversion that takes off the Excel guard `="…"` before."""
    return lambda cells: convert([strip_excel_guard(cell) if cell[:1] == "=" else cell for cell in cells])


def is_text(column: Mapping[str, Any]) -> bool:
    """Return whether a column holds texts as they are."""
    return "string" in column.get("type", ()) and "format" not in column


def _texts(cells: Sequence[str]) -> Sequence[str | None]:
    return [cell or None for cell in cells] if "" in cells else cells


def _careful(convert: Callable[[str], Any], null_values: frozenset[str]) -> Callable[[str], Any]:
    def careful(cell: str) -> Any:  # noqa: ANN401
        try:
            return convert(cell) if cell else None
        except InvalidValueError:
            return None if cell.strip().lower() in null_values else INVALID

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
