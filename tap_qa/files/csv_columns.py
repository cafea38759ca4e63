"""Converting cells a column at a time: so most of the work is done by loops in C, not by calls for each cell."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import msgspec

from tap_qa.records.conform import compile_converter
from tap_qa.records.convert import InvalidValueError, has_leading_zeros
from tap_qa.records.row_key import strip_excel_guard

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from tap_qa.records.drift_log import Lost
    from tap_qa.records.timestamps import TimestampParser

    ConvertColumn = Callable[[Sequence[str]], Sequence[Any]]

INVALID: Any = object()
"""Stands where a cell does not fit its column."""

_MAX_CACHED = 10_000
# More digits behind the point may be written with an exponent, more before it may be out of bounds.
_PLAIN_NUMBERS = {
    "integer": re.compile(r"(?:(?:0|-?[1-9][0-9]{0,17})?,)*"),
    "number": re.compile(r"(?:(?:-?(?:0|[1-9][0-9]{0,17})(?:\.[0-9]{1,6})?)?,)*"),
}
_split = msgspec.json.Decoder(list[msgspec.Raw]).decode


class ColumnConverter:
    """Converts the cells of one column."""

    def __init__(
        self,
        column: Mapping[str, Any],
        instants: TimestampParser,
        null_values: frozenset[str],
        *,
        guarded: bool,
    ) -> None:
        """Prepare.

        Args:
            column: The JSON schema of the column.
            instants: Reads timestamps.
            null_values: Words in small letters that stand for null in every column but those of text.
            guarded: Whether any cell may have the Excel guard `="…"`.
        """
        self._guarded = guarded
        self._has_leading_zeros = False
        self.has_invalid = False
        """Whether INVALID is among the values returned last; it takes long to look for."""

        self._convert = self._compile(column, instants, null_values)

    def __call__(self, cells: Sequence[str]) -> Sequence[Any]:
        """Return the values, INVALID where a cell does not fit."""
        self.has_invalid = False
        return self._convert(self._bare(cells))

    def leading_zeros(self, cells: Sequence[str]) -> list[str] | None:
        """Return the cells that are numbers with leading zeros, and an empty text for each other; None if none is."""
        if not self._has_leading_zeros:
            return None
        bare = self._bare(cells)
        found = [cell if has_leading_zeros(text) else "" for cell, text in zip(cells, bare, strict=True)]
        return found if any(found) else None

    def _bare(self, cells: Sequence[str]) -> Sequence[str]:
        return [strip_excel_guard(cell) if cell[:1] == "=" else cell for cell in cells] if self._guarded else cells

    def _compile(
        self, column: Mapping[str, Any], instants: TimestampParser, null_values: frozenset[str]
    ) -> ConvertColumn:
        if is_text(column):
            return _texts
        if column.get("format") == "date-time":
            careful = self._careful(instants, null_values)
            return lambda cells: instants.cells(cells, otherwise=careful)
        fit = compile_converter(column, instants)

        def convert(cell: str) -> Any:  # noqa: ANN401
            lost: list[Lost] = []
            value = fit(cell, lost)
            self._has_leading_zeros |= bool(lost)
            return value

        known = _Known(self._careful(convert, null_values))
        plain = _PLAIN_NUMBERS.get(kind_of(column))

        def convert_all(cells: Sequence[str]) -> Sequence[Any]:
            if plain is not None:
                # Numbers that JSON would write just so need not be read: each is valid JSON as it stands.
                text = f"{','.join(cells)},"
                if text.count(",") == len(cells) and plain.fullmatch(text):
                    return _split(f"[{_with_nulls(text[:-1])}]".encode())
            return list(map(known.__getitem__, cells))

        return convert_all

    def _careful(self, convert: Callable[[str], Any], null_values: frozenset[str]) -> Callable[[str], Any]:
        def careful(cell: str) -> Any:  # noqa: ANN401
            try:
                return convert(cell) if cell else None
            except InvalidValueError:
                if cell.strip().lower() in null_values:
                    return None
            self.has_invalid = True
            return INVALID

        return careful


def _with_nulls(text: str) -> str:
    """Write null for cells that are empty, of cells joined by commas."""
    if ",," in text or text[:1] in {",", ""} or text[-1:] == ",":
        # Commas that end one empty cell and start the next are found by the second round.
        text = f",{text},".replace(",,", ",null,").replace(",,", ",null,")[1:-1]
    return text


def kind_of(column: Mapping[str, Any]) -> str:
    """Return the one type of a column, null aside; an empty text if there are several."""
    declared = column.get("type", ())
    kinds = [kind for kind in ([declared] if isinstance(declared, str) else declared) if kind != "null"]
    return kinds[0] if len(kinds) == 1 else ""


def is_text(column: Mapping[str, Any]) -> bool:
    """Return whether a column holds texts as they are."""
    return "string" in column.get("type", ()) and "format" not in column


def _texts(cells: Sequence[str]) -> Sequence[str | None]:
    return [cell or None for cell in cells] if "" in cells else cells


class _Known(dict[str, Any]):
    """What cells were converted to before; the same few come again and again."""

    def __init__(self, convert: Callable[[str], Any]) -> None:
        """Start with nothing known."""
        super().__init__()
        self._convert = convert

    def __missing__(self, cell: str) -> Any:  # noqa: ANN401
        if len(self) >= _MAX_CACHED:
            self.clear()
        value = self._convert(cell)
        if value is not INVALID:  # the converter counts invalid values
            self[cell] = value
        return value
