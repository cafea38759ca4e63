"""Keys for rows that come without an id: frozen, pure functions of the columns that identify a row.

A key is the hexadecimal BLAKE2b digest, of 16 bytes, of the identifying values in a fixed order. It does not change
when the row is exported again or edited, when the file's columns move, or when a value is written another way. What
goes into it must never change: stored tables hold old keys.

The values, in the identity's order, each as its length in characters, a colon, itself and a comma:

- a text without blanks around it and without the Excel guard `="…"`;
- an instant to the second, as `2024-10-12T10:49:54`, read as UTC if it has no offset, so that a corrected time zone
  setting leaves keys alone; a text that is no instant, as it is;
- nothing (`0:,`) for what is null, empty or one of the words that stand for null.

Rows of one file that agree in all of these are *duplicates*. The first of them has the plain key; the others have an
ordinal in theirs, in the order of their most stable columns, so that they keep their keys when the file's rows move.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from itertools import chain
from typing import TYPE_CHECKING, Protocol

from tap_qa.records.convert import InvalidValueError
from tap_qa.records.timestamps import TimestampParser

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    ReadValue = Callable[[Sequence[str]], str]
    ReadValues = Callable[[Sequence[str]], list[str]]
    ReadColumn = Callable[[Sequence[Sequence[str]]], list[str]]
    ReadColumns = Callable[[Sequence[Sequence[str]]], list[list[str]] | None]

DIGEST_BYTES = 16
_CACHE_SIZE = 5000
_GUARD_START, _GUARD_END = '="', '"'
_SECOND = len("2024-10-12T10:49:54")
_as_utc = TimestampParser()


class RowIdentity(Protocol):
    """What identifies a row of one kind of file."""

    @property
    def tiebreak_columns(self) -> tuple[str, ...]:
        """The columns that put duplicates in order, those that say when a row came about first."""
        ...

    def missing(self, present: Collection[str]) -> list[str]:
        """Return the columns without which rows of a file can't be distinguished, and which it lacks.

        Args:
            present: The columns that the file has.
        """
        ...

    def reader(self, cells: Cells) -> ReadValues:
        """Return the function that takes a row's identifying values, in canonical form, from its cells."""
        ...

    def column_reader(self, cells: Cells) -> ReadColumns:
        """Return the function that takes them from many rows, column by column, or None where rows differ in kind."""
        ...


@dataclass(frozen=True)
class Cells:
    """Where the columns of a file are, and how their cells are brought into canonical form."""

    places: Mapping[str, int]
    formats: Mapping[str, str]
    """The JSON schema format of each column that has one."""

    null_values: frozenset[str] = frozenset()
    """Words in small letters that stand for null."""

    def reader(self, name: str) -> ReadValue:
        """Return the function that takes a column's value, in canonical form, from a row; empty if there is none."""
        place = self.places.get(name)
        if place is None:
            return lambda _row: ""
        null_values = self.null_values
        known: dict[str, str] = {}

        def read(row: Sequence[str]) -> str:
            value = row[place].strip()
            if value[:1] == _GUARD_START[0]:
                value = strip_excel_guard(value).strip()
            return "" if value.lower() in null_values else value

        def read_instant(row: Sequence[str]) -> str:
            cell = row[place]
            value = known.get(cell)
            if value is None:
                value = canonical_instant(cell)
                if value.lower() in null_values:
                    value = ""
                if len(known) < _CACHE_SIZE:
                    known[cell] = value
            return value

        return read_instant if self.formats.get(name) == "date-time" else read

    def column_reader(self, name: str) -> ReadColumn:
        """Return the function that takes a column's values, in canonical form, from the columns of many rows."""
        place = self.places.get(name)
        if place is None:
            return lambda columns: [""] * len(columns[0])
        null_values = self.null_values
        if self.formats.get(name) == "date-time":
            known = _KnownInstants(null_values)

            def read_instants(columns: Sequence[Sequence[str]]) -> list[str]:
                # What is no usual timestamp comes in a tuple, in canonical form already.
                values = _as_utc.cells(columns[place], otherwise=lambda cell: (known[cell],))
                return ["" if one is None else one[:_SECOND] if isinstance(one, str) else one[0] for one in values]

            return read_instants

        def read_texts(columns: Sequence[Sequence[str]]) -> list[str]:
            values = list(map(str.strip, columns[place]))
            # A look at all of them at once is cheaper than one at each, and mostly there is nothing.
            if "=" in "".join(values):
                values = list(map(canonical_text, values))
            text = "".join(values).lower()
            if any(word in text for word in null_values):
                values = ["" if value.lower() in null_values else value for value in values]
            return values

        return read_texts


@dataclass(frozen=True)
class Columns:
    """An identity of some columns, whatever the row."""

    required: tuple[str, ...]
    optional: tuple[str, ...] = ()
    """Further columns of the key, which a file may lack: they count as empty then."""

    tiebreak_columns: tuple[str, ...] = ()

    def missing(self, present: Collection[str]) -> list[str]:
        """Return the required columns that a file lacks."""
        return [name for name in self.required if name not in present]

    def reader(self, cells: Cells) -> ReadValues:
        """Return the function that takes the values of all columns from a row, the required ones first."""
        readers = [cells.reader(name) for name in (*self.required, *self.optional)]
        return lambda row: [read(row) for read in readers]

    def column_reader(self, cells: Cells) -> ReadColumns:
        """Return the function that takes the same values from many rows, column by column."""
        readers = [cells.column_reader(name) for name in (*self.required, *self.optional)]
        return lambda columns: [read(columns) for read in readers]


def column_digests(identity: RowIdentity, cells: Cells) -> Callable[[Sequence[Sequence[str]]], list[bytes]]:
    """Return the function that makes the digests of many rows from their columns."""
    read, read_columns = identity.reader(cells), identity.column_reader(cells)
    copy = blake2b(digest_size=DIGEST_BYTES).copy

    def digests(columns: Sequence[Sequence[str]]) -> list[bytes]:
        found = read_columns(columns)
        if found is None:
            return [digest(read(row)) for row in zip(*columns, strict=True)]
        lengths_and_values = chain.from_iterable((map(len, column), column) for column in found)
        texts = map(("%d:%s," * len(found)).__mod__, zip(*lengths_and_values, strict=True))
        made = []
        for text in texts:
            hash_of_text = copy()  # which takes half of the time that making one takes
            hash_of_text.update(text.encode("utf-8", "surrogatepass"))
            made.append(hash_of_text.digest())
        return made

    return digests


class _KnownInstants(dict[str, str]):
    """Instants in canonical form, by their cells."""

    def __init__(self, null_values: frozenset[str]) -> None:
        super().__init__()
        self._null_values = null_values

    def __missing__(self, cell: str) -> str:
        value = canonical_instant(cell)
        if value.lower() in self._null_values:
            value = ""
        if len(self) < _CACHE_SIZE:
            self[cell] = value
        return value


def digest(values: Sequence[str], ordinal: int = 0) -> bytes:
    """Return the bytes of the key for values in canonical form; their hexadecimal form is the key.

    Args:
        values: They, in the identity's order.
        ordinal: The row's place among its duplicates, from 0.
    """
    text = "".join([f"{len(value)}:{value}," for value in values])
    if ordinal:
        text += f"#{ordinal}"
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=DIGEST_BYTES).digest()


def key(values: Sequence[str], ordinal: int = 0) -> str:
    """Return the key for values in canonical form, in hexadecimal digits; for the arguments see `digest`."""
    return digest(values, ordinal).hex()


def canonical_text(cell: str) -> str:
    """Return a text as it goes into keys."""
    return strip_excel_guard(cell.strip()).strip()


def canonical_instant(cell: str) -> str:
    """Return an instant as it goes into keys: to the second; a text that is none, as it is."""
    text = canonical_text(cell)
    try:
        written = _as_utc(text)
    except InvalidValueError:
        return text
    return "" if written is None else written[:_SECOND]


def strip_excel_guard(text: str) -> str:
    """Take off the guard `="…"` that keeps Excel from reading a text as a number, if it encloses the whole text."""
    if len(text) > len(_GUARD_START) and text.startswith(_GUARD_START) and text.endswith(_GUARD_END):
        inner = text[len(_GUARD_START) : -len(_GUARD_END)]
        whole = inner.replace('""', "")
        if '"' not in whole:
            return inner.replace('""', '"')
    return text
