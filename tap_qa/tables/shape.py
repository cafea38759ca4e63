"""What the rows of one kind of file become: typed by the stream's schema, keyed, and with nothing thrown away."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tap_qa.records import UNMAPPED, Notes, fitter
from tap_qa.row_keys import Cells, unguarded
from tap_qa.values import UTC_ZONE, Instants, MisfitError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from zoneinfo import ZoneInfo

    from tap_qa.row_keys import Identity
    from tap_qa.tables.headers import Layout

    Convert = Callable[[str], Any]
    MakeRecord = Callable[[Sequence[str], str], dict[str, Any]]

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

    def compile(self, layout: Layout, *, guarded: bool, constants: Mapping[str, Any]) -> MakeRecord:
        """Return the function that makes a record of a row and its key.

        Args:
            layout: Where the file's columns are.
            guarded: Whether any cell may have the Excel guard `="…"`.
            constants: Values that all records share, by column.
        """
        blank: dict[str, Any] = {**dict.fromkeys(self.schema["properties"]), **constants}
        texts, typed = self._kinds(layout)
        unknown = list(layout.unknown.items())

        def make(row: Sequence[str], key: str) -> dict[str, Any]:
            record = blank.copy()
            record[ROW_KEY] = key
            lost: dict[str, str] = {}
            for name, place in texts:
                if cell := row[place]:
                    record[name] = cell
            for name, place, convert in typed:
                if cell := row[place]:
                    try:
                        record[name] = convert(cell)
                    except MisfitError:
                        self._lose(name, cell, lost)
            for place, name in unknown:
                if cell := row[place]:
                    lost[name] = cell
            if lost:
                record[UNMAPPED] = lost
            return record

        return _unguarding(make) if guarded else make

    def _kinds(self, layout: Layout) -> tuple[list[tuple[str, int]], list[tuple[str, int, Convert]]]:
        """Return the columns that are texts and those that are converted, each with its place."""
        properties = self.schema["properties"]
        instants = Instants(self.zone)
        texts, typed = [], []
        for name, place in layout.places.items():
            if _is_text(properties[name]):
                texts.append((name, place))
            else:
                typed.append((name, place, _converter(properties[name], instants)))
        return texts, typed

    def _lose(self, name: str, cell: str, lost: dict[str, str]) -> None:
        """Put aside a cell that does not fit its column, unless it is a word for null."""
        if cell.strip().lower() not in self.null_words:
            lost[name] = cell
            self.notes.misfit(name)


def _unguarding(make: MakeRecord) -> MakeRecord:
    return lambda row, key: make([unguarded(cell) if cell[:1] == "=" else cell for cell in row], key)


def _is_text(column: Mapping[str, Any]) -> bool:
    declared = column.get("type", ())
    return ("string" in declared or declared == "string") and "format" not in column


def _converter(column: Mapping[str, Any], instants: Instants) -> Convert:
    fit = fitter(column, instants)
    return lambda cell: fit(cell, [])
