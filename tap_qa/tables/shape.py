"""What the rows of one kind of file become: typed by the stream's schema, keyed, and with nothing thrown away."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import msgspec

from tap_qa.records import UNMAPPED, Notes
from tap_qa.row_keys import Cells
from tap_qa.tables.columns import MISFIT, converter, unguarding
from tap_qa.values import UTC_ZONE, Instants

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from zoneinfo import ZoneInfo

    from tap_qa.row_keys import Identity
    from tap_qa.tables.headers import Layout

    MakeRecords = Callable[[list[list[str]], list[str]], list[msgspec.Struct]]

ROW_KEY = "_row_key"


@dataclass(frozen=True)
class TableShape:
    """The columns of a stream whose rows come as cells of a file."""

    stream: str
    schema: Mapping[str, Any]
    identity: Identity
    other_names: Mapping[str, str] = field(default_factory=dict)
    """Other names that the vendor has for columns, each with its column."""

    null_words: frozenset[str] = frozenset()
    """Words in small letters that stand for null in every column but those of text."""

    zone: ZoneInfo = UTC_ZONE
    """The zone of naive stamps."""

    notes: Notes = field(default_factory=lambda: Notes(""))
    """Where it is noted what is odd about rows."""

    @property
    def columns(self) -> list[str]:
        """The columns that a file may hold: those that the tap makes itself start with an underscore."""
        return [name for name in self.schema["properties"] if not name.startswith("_")]

    def cells(self, layout: Layout) -> Cells:
        """Say where a file's cells are and how they go into keys."""
        properties = self.schema["properties"]
        formats = {name: column["format"] for name, column in properties.items() if "format" in column}
        return Cells(layout.places, formats, self.null_words)

    def note(self, layout: Layout) -> None:
        """Log the columns that are new and those that are missing, each once a run."""
        for name in layout.unknown.values():
            self.notes.unknown(name)
        for name in self.columns:
            if name not in layout.places:
                self.notes.missing(name)

    def compile(self, layout: Layout, *, guarded: bool, constants: Mapping[str, Any]) -> MakeRecords:
        """Return the function that makes records of rows and their keys.

        Args:
            layout: Where the file's columns are.
            guarded: Whether any cell may have the Excel guard `="…"`.
            constants: Values that all records share, by column.
        """
        instants = Instants(self.zone)
        names = sorted(layout.places, key=lambda name: layout.places[name])
        converts = [converter(self.schema["properties"][name], instants, self.null_words) for name in names]
        if guarded:
            converts = [unguarding(convert) for convert in converts]
        known = [(name, layout.places[name], convert) for name, convert in zip(names, converts, strict=True)]
        record = self._record_type(layout, constants)

        def make(rows: list[list[str]], keys: list[str]) -> list[msgspec.Struct]:
            columns = list(zip(*rows, strict=True))
            lost: list[dict[str, str] | None] = [None] * len(rows)
            converted = []
            for name, place, convert in known:
                values = convert(columns[place])
                if MISFIT in values:
                    self.notes.misfit(name, values.count(MISFIT))
                    values = _without_misfits(layout.header[place], columns[place], values, lost)
                converted.append(values)
            for place, name in layout.unknown.items():
                _set_aside(name, columns[place], lost)
            return list(map(record, keys, lost, *converted))

        return make

    def _record_type(self, layout: Layout, constants: Mapping[str, Any]) -> type[msgspec.Struct]:
        """Make the type of records: the key, what is unmapped, the file's columns in its order, and the others."""
        known = sorted(layout.places, key=lambda name: layout.places[name])
        others = [name for name in self.schema["properties"] if name not in {*known, ROW_KEY, UNMAPPED}]
        fields: list[Any] = [
            *((name, Any) for name in (ROW_KEY, UNMAPPED, *known)),
            *((name, Any, constants.get(name)) for name in others),
        ]
        return msgspec.defstruct("Record", fields, gc=False)


def _without_misfits(
    name: str, cells: Sequence[str], values: Sequence[Any], lost: list[dict[str, str] | None]
) -> list[Any]:
    """Put aside the cells that do not fit their column, and return null for them."""
    _set_aside(name, [cell if value is MISFIT else "" for cell, value in zip(cells, values, strict=True)], lost)
    return [None if value is MISFIT else value for value in values]


def _set_aside(name: str, cells: Sequence[str], lost: list[dict[str, str] | None]) -> None:
    """Note, row by row, the cells that are there, under the vendor's own name of their column."""
    for row, cell in enumerate(cells):
        if cell:
            lost[row] = {**(lost[row] or {}), name: cell}
