"""Reading regular CSV files many rows at once: by loops in C, at a fraction of what a row at a time costs.

A block is some whole lines. It ends where a line ends behind an even number of quotation marks, and is taken apart for
itself: by string operations where it has none, else by the csv module. That finds the rows of the whole file, since a
block that ends inside a cell is an error of csv's strict mode, and any other ends where csv is between two rows, as it
is at the start of the next. Anything odd raises FastPathError, and then `csv_reader` has to tell what it is.
"""

from __future__ import annotations

import csv
import io
from itertools import repeat
from typing import IO, TYPE_CHECKING, NamedTuple

from tap_qa.files.archive import CORRUPTION_ERRORS
from tap_qa.files.csv_dialect import RULE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tap_qa.files.csv_dialect import Dialect

BLOCK_BYTES = 1 << 16
_LONGEST_ROW = 1 << 20
_MOST_CELLS_OF_ROW = 10_000
_BOM = b"\xef\xbb\xbf"


class FastPathError(Exception):
    """A file is not regular enough for the fast path."""


class Block(NamedTuple):
    """Some rows of a file."""

    columns: Sequence[Sequence[str]]
    """The cells, column by column."""

    rows: int
    guarded: bool
    """Whether any cell may have the Excel guard `="…"`."""


class BlockReader:
    """The rows of a file in UTF-8, of which each has as many cells as its header; blank lines count for nothing."""

    def __init__(self, file: IO[bytes], dialect: Dialect) -> None:
        """Prepare to read a file from its start; it is closed at the end."""
        self._file = file
        self._delimiter = dialect.delimiter
        self._is_declared = dialect.is_declared
        self.header: list[str] = []
        """Known once the first block is read."""

    def __iter__(self) -> Iterator[Block]:
        """Yield block after block, the first of them perhaps without rows.

        Raises:
            FastPathError: The file is damaged or odd.
        """
        with self._file:
            try:
                for piece in self._pieces():
                    yield self._block(piece)
            except (csv.Error, *CORRUPTION_ERRORS) as error:
                raise FastPathError from error

    def _pieces(self) -> Iterator[bytes]:
        rest = b""
        while more := self._file.read(BLOCK_BYTES):
            data = rest + more
            end = _end_of_last_row(data)
            rest = data[end:]
            if len(rest) > _LONGEST_ROW:
                raise FastPathError
            if end:
                yield data[:end]
        if rest:
            yield rest

    def _block(self, piece: bytes) -> Block:
        if b"\0" in piece:
            raise FastPathError
        text = (piece if self.header else piece.removeprefix(_BOM)).decode()
        if self._is_declared and not self.header:
            first, _, text = text.partition("\n")
            if "\r" in first.removesuffix("\r"):
                raise FastPathError
        rows, columns = self._quoted(text) if '"' in text else self._plain(text)
        if not self.header:
            header = [column[0] for column in columns]
            rows, columns = rows - 1, [column[1:] for column in columns]
            if rows and RULE.fullmatch(columns[0][0]):
                raise FastPathError
            self.header = header
        if rows and (self.header[0] in columns[0] or f"\ufeff{self.header[0]}" in columns[0]):
            raise FastPathError
        return Block(columns, rows, '="' in text)

    def _quoted(self, text: str) -> tuple[int, Sequence[Sequence[str]]]:
        lines = csv.reader(io.StringIO(text, newline=""), delimiter=self._delimiter, strict=True)
        rows = list(filter(None, lines))
        if {*map(len, rows)} != {len(self.header or rows[0])}:
            raise FastPathError
        return len(rows), list(zip(*rows, strict=True))

    def _plain(self, text: str) -> tuple[int, Sequence[Sequence[str]]]:
        if "\r" in text:
            text = text.replace("\r\n", "\n")
            if "\r" in text:
                raise FastPathError
        delimiter = self._delimiter
        lines = list(filter(None, text.split("\n")))
        if not lines:
            raise FastPathError
        width = len(self.header) or lines[0].count(delimiter) + 1
        if {*map(str.count, lines, repeat(delimiter))} != {width - 1}:
            raise FastPathError
        cells = delimiter.join(lines).split(delimiter)
        return len(lines), [cells[place::width] for place in range(width)]


def _end_of_last_row(data: bytes) -> int:
    """Return where the last line ends behind an even number of quotation marks, from a start between two rows."""
    end = data.rfind(b"\n") + 1
    if not data.count(b'"', 0, end) & 1:
        return end
    for _ in range(_MOST_CELLS_OF_ROW):
        closing = data.rfind(b'"', 0, end)  # what is before it is outside of cells, up to the mark before
        before = data.rfind(b'"', 0, closing)
        found = data.rfind(b"\n", before + 1, closing) + 1
        if found or before < 0:
            return found
        end = before
    raise FastPathError
