"""Reading CSV strictly, as rows that never all are in memory."""

from __future__ import annotations

import csv
import io
import logging
from functools import partial
from typing import IO, TYPE_CHECKING, Any

from tap_qa.files.archive import CORRUPTION_ERRORS, CorruptFileError
from tap_qa.files.csv_dialect import MAX_ROW_CHARACTERS, Dialect, is_blank, is_rule, names_of
from tap_qa.files.csv_header import MAX_COLUMNS
from tap_qa.files.csv_repair import BYTES_KEPT, LineRepair

if TYPE_CHECKING:
    from collections.abc import Iterator

logger = logging.getLogger("tap-qa.tables")
_FREE_ROW = 1 << 16
"""Rows up to this length, in characters, are not looked at for too many cells."""

_BOM = b"\xef\xbb\xbf"
_START_BYTES = 512
_BUFFER_BYTES = 1 << 16
_COMMAS = Dialect()


class CsvReader:
    """The rows of a CSV file in UTF-8, with or without a byte order mark.

    NUL characters, which no database takes, are left out. Blank rows count for nothing, nor does the header where it
    comes again, as in files glued together of parts, nor a line of hyphens below it.

    The csv module parses every line, and errors name what is wrong, and where; `csv_blocks` is much faster.
    """

    def __init__(
        self, who: str, what: str, file: IO[bytes], dialect: Dialect = _COMMAS, *, repairs: bool = False
    ) -> None:
        """Prepare to read a file from its start.

        Args:
            who: Whose file it is, for messages.
            what: Which file, for messages.
            file: Its bytes; closed at the end.
            dialect: How its lines are to be taken apart.
            repairs: Whether bytes that are no UTF-8 are replaced, and quotation marks doubled that should have been.
        """
        csv.field_size_limit(MAX_ROW_CHARACTERS)
        self._who = who
        self._what = what
        self._file = file
        self._dialect = dialect
        self.line = 0
        """The number, from 1, of the line that the last row ended on; or 0."""
        self.guarded = False
        """Whether a guard `="` was seen in what was read so far."""
        self._row_length = 0
        self._row_cells = 0
        self._repair = LineRepair(dialect.delimiter) if repairs else None
        self._row_is_repaired = False

    @property
    def repaired_lines(self) -> int:
        """How many lines had to be repaired in what was read so far."""
        return 0 if self._repair is None else self._repair.count

    def __iter__(self) -> Iterator[list[str]]:
        """Yield row after row, the first being the header.

        Raises:
            CorruptFileError: It is no such file, or is cut off or corrupt; the message has the line, not its content.
        """
        problem = ""
        errors = "strict" if self._repair is None else BYTES_KEPT
        with io.TextIOWrapper(self._file, encoding="utf-8-sig", errors=errors, newline="") as text:
            lines = iter(partial(text.readline, MAX_ROW_CHARACTERS), "")
            reader = csv.reader(
                map(self._readable, lines),
                delimiter=self._dialect.delimiter,
                skipinitialspace=self._dialect.has_blanks,
                strict=True,
            )
            try:
                if self._dialect.is_declared:
                    next(lines, None)
                yield from self._without_headers(reader)
            except csv.Error as error:
                problem = f"line {reader.line_num} is no CSV ({_reason(error)})"
            except UnicodeDecodeError:
                problem = f"a character behind line {reader.line_num} is not UTF-8"
            except CORRUPTION_ERRORS as error:
                problem = f"its data are damaged behind line {reader.line_num} ({type(error).__name__})"
        if problem:
            raise self.damage(problem)

    def _without_headers(self, reader: Any) -> Iterator[list[str]]:  # noqa: ANN401 - csv's type has no public name
        """Yield rows: the first header, and whatever is neither a header again nor a line below one."""
        header: list[str] = []
        names: list[str] = []
        below_header = False
        for row in reader:
            self._row_length = 0
            if is_blank(row, len(header)):
                continue
            self.line = reader.line_num + self._dialect.is_declared
            if self._row_is_repaired:
                self._row_is_repaired = False
                self._check_repair(len(row), len(header or row))
            if not header:
                header, names, below_header = row, names_of(row), True
            else:
                was_below = below_header
                below_header = row == header or (row[0] == header[0] and names_of(row) == names)
                if below_header or (was_below and is_rule(row)):
                    continue
            yield row

    def _readable(self, line: str) -> str:
        if not self._row_length:
            line = line.removeprefix("\ufeff")  # of a part that the file was glued together of
        self._row_length += len(line)
        if self._row_length > _FREE_ROW:
            self._check_row(line)
        if self._repair is not None:
            line, is_repaired = self._repair(line)
            self._row_is_repaired |= is_repaired
        if '="' in line:
            self.guarded = True
        return line.replace("\0", "") if "\0" in line else line

    def _check_repair(self, cells: int, width: int) -> None:
        """Refuse a row whose quotation marks were doubled, if it may be another one than was meant."""
        if cells != width or (self._repair is not None and self._repair.is_in_vain):
            problem = f"quotation marks in the row up to line {self.line} are not doubled"
            raise self.damage(problem)

    def _check_row(self, line: str) -> None:
        """Refuse rows of too many characters or cells, since they are whole in memory, before csv takes them apart."""
        if self._row_length >= MAX_ROW_CHARACTERS:
            problem = f"a row is longer than {MAX_ROW_CHARACTERS >> 20} MiB"
            raise self.damage(problem)
        is_first_line = self._row_length == len(line)
        if is_first_line:
            self._row_cells = 0
        outside = is_first_line
        for start in range(0, len(line), _BUFFER_BYTES):
            parts = line[start : start + _BUFFER_BYTES].split('"')
            self._row_cells += sum(part.count(self._dialect.delimiter) for part in parts[0 if outside else 1 :: 2])
            outside ^= len(parts) % 2 == 0
            if self._row_cells > MAX_COLUMNS:
                problem = f"a row has more than {MAX_COLUMNS} cells"
                raise self.damage(problem)

    def damage(self, problem: str) -> CorruptFileError:
        """Compose the error for a problem with the file."""
        return damage(self._who, self._what, problem)


def damage(who: str, what: str, problem: str) -> CorruptFileError:
    """Compose the error for a problem with a file."""
    return CorruptFileError(who, f"{what}: {problem}.")


def log_repairs(who: str, what: str, lines: int) -> None:
    """Warn of so many repaired lines of a file, if there are any."""
    if lines:
        told = "%s: %s: %d lines hold bytes that are no UTF-8 (now U+FFFD) or quotation marks that are not doubled."
        logger.warning(told, who, what, lines)


def _reason(error: csv.Error) -> str:
    """Say what csv complains of; its own texts quote nothing of the file, but a list is safer than trust."""
    text = str(error)
    known = ("unexpected end of data", "field larger than field limit", "expected after", "new-line character seen")
    return next((words for words in known if words in text), "broken quoting")


def check_start(who: str, what: str, start: bytes) -> None:
    """Look at the first bytes of a file that is to be CSV.

    Raises:
        FileError: It is of another kind: a web page.
    """
    if start.lstrip()[:1] == b"<":
        raise damage(who, what, "it is a web page or XML, not CSV")


def peek(file: IO[bytes]) -> bytes:
    """Return the first bytes of a file, without a mark, and close it."""
    with file:
        return file.read(_START_BYTES).removeprefix(_BOM)
