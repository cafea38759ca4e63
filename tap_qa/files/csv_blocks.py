"""Reading regular CSV files many rows at once: by loops in C, at a fraction of what a row at a time costs.

A block is some whole lines. It ends where a line ends behind an even number of quotation marks, and is taken apart for
itself: by string operations where it is regular, else by the csv module. That finds the rows of the whole file, since a
block that ends inside a cell is an error of csv's strict mode, and any other ends where csv is between two rows, as it
is at the start of the next. Anything irregular raises FastPathError; `csv_reader` then finds out what it is.
"""

from __future__ import annotations

import csv
import io
from itertools import repeat
from typing import IO, TYPE_CHECKING, NamedTuple

from tap_qa.files.archive import CORRUPTION_ERRORS
from tap_qa.files.csv_dialect import RULE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from tap_qa.files.csv_dialect import Dialect

BLOCK_BYTES = 1 << 16
_MAX_ROW_BYTES = 1 << 20
_MAX_CELLS_OF_ROW = 10_000
_PLACEHOLDER = "\0"
_MIN_CELLS_PER_QUOTED_ONE = 8
"""Where more cells are quoted, the csv module is faster than to put each in its place."""

_ROWS_CHOSEN_AT_ONCE = 256
_BOM = b"\xef\xbb\xbf"
_BOM_INSIDE = "\n\ufeff"


class FastPathError(Exception):
    """A file is not regular enough for the fast path."""


class Block(NamedTuple):
    """Some rows of a file."""

    columns: Sequence[Sequence[str]]
    """The cells, column by column."""

    rows: int
    guarded: bool
    """Whether any cell may have the Excel guard `="…"`."""

    is_regular: bool = False
    """Whether quotation marks stand around whole cells only, and no row is blank."""


class Chosen(NamedTuple):
    """Which rows of a block are wanted."""

    places: list[int]
    """Theirs in the block, from 0."""

    is_regular: bool
    """What `Block.is_regular` says."""


class BlockReader:
    """The rows of a file in UTF-8, of which each has as many cells as its header; blank rows count for nothing."""

    def __init__(self, file: IO[bytes], dialect: Dialect) -> None:
        """Prepare to read a file from its start; it is closed at the end."""
        self._file = file
        self._delimiter = dialect.delimiter
        self._is_declared = dialect.is_declared
        self._is_mostly_quoted = False
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

    def columns_of(self, chosen: Iterable[Chosen]) -> Iterator[Sequence[Sequence[str]]]:
        """Yield the columns of some rows of a file that was read before, in its order, some rows at a time.

        Args:
            chosen: For each block of the file, which rows.

        Raises:
            FastPathError: The file is damaged or odd.
        """
        waiting: list[bytes] = []
        with self._file:
            try:
                for piece, (places, is_regular) in zip(self._pieces(), chosen, strict=True):
                    if is_regular and places:
                        rows = _rows_of_text(piece)
                        waiting += [rows[place] for place in places]
                    if waiting and not (is_regular and len(waiting) < _ROWS_CHOSEN_AT_ONCE):
                        yield self._columns_of_rows(waiting)
                        waiting.clear()
                    if not is_regular and (places or not self.header):
                        yield [[column[place] for place in places] for column in self._block(piece).columns]
                if waiting:
                    yield self._columns_of_rows(waiting)
            except (csv.Error, *CORRUPTION_ERRORS) as error:
                raise FastPathError from error

    def _pieces(self) -> Iterator[bytes]:
        rest = b""
        while more := self._file.read(BLOCK_BYTES):
            data = rest + more
            end = _end_of_last_row(data)
            rest = data[end:]
            if len(rest) > _MAX_ROW_BYTES:
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
        is_first = not self.header
        rows, columns, is_regular = self._columns(text)
        if is_first:
            header = [column[0] for column in columns]
            rows, columns = rows - 1, [column[1:] for column in columns]
            if not header[-1].strip() or (rows and RULE.fullmatch(columns[0][0] or columns[-1][0])):
                raise FastPathError
            self.header = header
        if rows and (self.header[0] in columns[0] or _BOM_INSIDE in text or text.startswith("\ufeff")):
            raise FastPathError
        if "" in columns[0] and not all(map(any, zip(*columns, strict=True))):
            filled = list(filter(any, zip(*columns, strict=True)))
            columns = list(zip(*filled, strict=True)) or [()] * len(columns)
            rows, is_regular = len(filled), False
        # Most texts have no equals sign, which takes a hundredth of the time to find out.
        guarded = "=" in text and '="' in text
        return Block(columns, rows, guarded, is_regular and not is_first)

    def _columns_of_rows(self, rows: Sequence[bytes]) -> Sequence[Sequence[str]]:
        return self._block(b"\n".join([*rows, b""])).columns

    def _columns(self, text: str) -> tuple[int, Sequence[Sequence[str]], bool]:
        """Return how many rows a text of whole lines has, its columns, and whether it is regular."""
        if len(self.header) > 1 and not self._is_mostly_quoted:
            found = self._split(text if text.endswith("\n") else text + _line_end(text))
            if found is not None:
                return *found, True
        lines = csv.reader(io.StringIO(text, newline=""), delimiter=self._delimiter, strict=True)
        rows = list(filter(None, lines))
        if not rows or {*map(len, rows)} != {len(self.header or rows[0])}:
            raise FastPathError
        return len(rows), list(zip(*rows, strict=True)), False

    def _split(self, text: str) -> tuple[int, Sequence[Sequence[str]]] | None:
        """Do it by string operations; return None if the text is not regular enough."""
        parts = text.split('"')
        if len(parts) % 2 == 0:
            return None
        outside, quoted = _split_at_quotes(parts)
        delimiter, stride = self._delimiter, len(self.header) + 1
        # A line end becomes a cell of its own, so that each row has to have as many cells.
        unquoted = _PLACEHOLDER.join(outside)
        cells = unquoted.replace("\n", f"{delimiter}\n{delimiter}").split(delimiter)
        line_ends = cells[stride - 1 :: stride]
        rows = len(line_ends)
        if {*line_ends} != {"\n"} or unquoted.count("\n") != rows or len(cells) != rows * stride + 1:
            return None
        self._is_mostly_quoted = len(quoted) * _MIN_CELLS_PER_QUOTED_ONE > len(cells)
        if "\r" in unquoted:
            last = cells[stride - 2 :: stride]
            if unquoted.count("\r") != rows or not all(map(str.endswith, last, repeat("\r"))):
                return None
            cells[stride - 2 :: stride] = [cell[:-1] for cell in last]
        place = -1
        try:
            for value in quoted:
                place = cells.index(_PLACEHOLDER, place + 1)
                cells[place] = value
        except ValueError:  # what is quoted is not all of its cell
            return None
        return rows, [cells[place : rows * stride : stride] for place in range(stride - 1)]


def _line_end(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"


def _rows_of_text(piece: bytes) -> list[bytes]:
    """Return the rows of a text in which quotation marks stand around whole cells only, without their line ends."""
    lines = piece.split(b"\n")
    # A row of several lines begins and ends on a line that has an odd number of marks.
    odd = [place for place, marks in enumerate(map(bytes.count, lines, repeat(b'"'))) if marks & 1]
    rows, start = list[bytes](), 0
    for first, last in zip(odd[::2], odd[1::2], strict=True):
        rows += [*lines[start:first], b"\n".join(lines[first : last + 1])]
        start = last + 1
    return rows + lines[start:]


def _split_at_quotes(parts: Sequence[str]) -> tuple[Sequence[str], Sequence[str]]:
    """Return the texts outside of quoted cells, and the cell between each two of them.

    Args:
        parts: What stands between quotation marks, the first and the last outside of cells.
    """
    outside, quoted = parts[::2], parts[1::2]
    if "" not in outside[1:]:
        return outside, quoted
    # Two marks in a row stand for one inside of a cell.
    cells, start = [], ""
    for value, after in zip(quoted, outside[1:], strict=True):
        if after:
            cells.append(start + value)
            start = ""
        else:
            start += f'{value}"'
    return [outside[0], *filter(None, outside[1:])], cells


def _end_of_last_row(data: bytes) -> int:
    """Return where the last line ends behind an even number of quotation marks, from a start between two rows."""
    end = data.rfind(b"\n") + 1
    if not data.count(b'"', 0, end) & 1:
        return end
    for _ in range(_MAX_CELLS_OF_ROW):
        closing = data.rfind(b'"', 0, end)  # what is before it is outside of cells, up to the mark before
        before = data.rfind(b'"', 0, closing)
        found = data.rfind(b"\n", before + 1, closing) + 1
        if found or before < 0:
            return found
        end = before
    raise FastPathError
