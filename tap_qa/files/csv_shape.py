"""What the rows of one kind of file become: typed by the stream's schema, keyed, and with nothing thrown away."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

import msgspec

from tap_qa.files.csv_columns import INVALID, ColumnConverter
from tap_qa.records.conform import UNMAPPED
from tap_qa.records.drift_log import SchemaDriftLog, add_unmapped
from tap_qa.records.row_key import Cells
from tap_qa.records.timestamps import UTC_ZONE, TimestampParser

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from zoneinfo import ZoneInfo

    from tap_qa.files.csv_blocks import Block
    from tap_qa.files.csv_header import ColumnLayout
    from tap_qa.records.row_key import RowIdentity

    MakeRecords = Callable[[Sequence[Sequence[str]], list[str]], list[msgspec.Struct]]

ROW_KEY = "_row_key"


@dataclass(frozen=True)
class TableShape:
    """The columns of a stream whose rows come as cells of a file."""

    stream: str
    schema: Mapping[str, Any]
    identity: RowIdentity
    other_names: Mapping[str, str] = field(default_factory=dict)
    """Other names that the vendor has for columns, each with its column."""

    null_values: frozenset[str] = frozenset()
    """Words in small letters that stand for null in every column but those of text."""

    zone: ZoneInfo = UTC_ZONE
    """The zone of naive timestamps."""

    notes: SchemaDriftLog = field(default_factory=lambda: SchemaDriftLog(""))
    """Where it is noted what is odd about rows."""

    @property
    def columns(self) -> list[str]:
        """The columns that a file may hold: those that the tap makes itself start with an underscore."""
        return [name for name in self.schema["properties"] if not name.startswith("_")]

    def cell_reader(self, layout: ColumnLayout) -> Cells:
        """Say where a file's cells are and how they go into keys."""
        properties = self.schema["properties"]
        formats = {name: column["format"] for name, column in properties.items() if "format" in column}
        return Cells(layout.positions, formats, self.null_values)

    def log_drift(self, layout: ColumnLayout) -> None:
        """Log the columns that are new and those that are missing, each once a run."""
        for name in layout.unknown.values():
            self.notes.unknown(name)
        for name in self.columns:
            if name not in layout.positions:
                self.notes.missing(name)

    def compile_row_builder(self, layout: ColumnLayout, *, guarded: bool, constants: Mapping[str, Any]) -> MakeRecords:
        """Return the function that makes records of many rows, given column by column, and their keys.

        Args:
            layout: Where the file's columns are.
            guarded: Whether any cell may have the Excel guard `="…"`.
            constants: Values that all records share, by column.
        """
        instants = TimestampParser(self.zone)
        names = sorted(layout.positions, key=lambda name: layout.positions[name])
        converts = [
            ColumnConverter(self.schema["properties"][name], instants, self.null_values, guarded=guarded)
            for name in names
        ]
        known = [(name, layout.positions[name], convert) for name, convert in zip(names, converts, strict=True)]
        record = self._record_type(layout, constants)

        def make(columns: Sequence[Sequence[str]], keys: list[str]) -> list[msgspec.Struct]:
            lost: list[dict[str, str] | None] = [None] * len(keys)
            converted = []
            for name, place, convert in known:
                values = convert(columns[place])
                if convert.has_invalid:
                    self.notes.count_invalid(name, values.count(INVALID))
                    values = _without_misfits(layout.header[place], columns[place], values, lost)
                padded = convert.leading_zeros(columns[place])
                if padded:
                    self.notes.count_leading_zeros(name, len(padded) - padded.count(""))
                    _set_aside(layout.header[place], padded, lost)
                converted.append(values)
            for place, name in layout.unknown.items():
                _set_aside(name, columns[place], lost)
            return list(map(record, keys, lost, *converted))

        return make

    def _record_type(self, layout: ColumnLayout, constants: Mapping[str, Any]) -> type[msgspec.Struct]:
        """Make the type of records: the key, what is unmapped, the file's columns in its order, and the others."""
        known = sorted(layout.positions, key=lambda name: layout.positions[name])
        others = [name for name in self.schema["properties"] if name not in {*known, ROW_KEY, UNMAPPED}]
        fields: list[Any] = [
            *((name, Any) for name in (ROW_KEY, UNMAPPED, *known)),
            *((name, Any, constants.get(name)) for name in others),
        ]
        return msgspec.defstruct("Record", fields, gc=False)


class RowBuilders:
    """Makes records of blocks, with or without Excel guards."""

    def __init__(self, shape: TableShape, found: ColumnLayout, constants: Mapping[str, Any]) -> None:
        """Prepare for a file."""
        self._compile = partial(shape.compile_row_builder, found, constants=constants)
        self._made: dict[bool, MakeRecords] = {}

    def __call__(self, block: Block, keys: list[str]) -> list[msgspec.Struct]:
        """Return the records of a block, given their keys."""
        make = self._made.get(block.guarded)
        if make is None:
            make = self._made[block.guarded] = self._compile(guarded=block.guarded)
        return make(block.columns, keys)


def _without_misfits(
    name: str, cells: Sequence[str], values: Sequence[Any], lost: list[dict[str, str] | None]
) -> list[Any]:
    """Put aside the cells that do not fit their column, and return null for them."""
    _set_aside(name, [cell if value is INVALID else "" for cell, value in zip(cells, values, strict=True)], lost)
    return [None if value is INVALID else value for value in values]


def _set_aside(name: str, cells: Sequence[str], lost: list[dict[str, str] | None]) -> None:
    """Note, row by row, the cells that are there, under the vendor's own name of their column."""
    for row, cell in enumerate(cells):
        if cell:
            kept = lost[row] = lost[row] or {}
            add_unmapped(kept, name, cell)
