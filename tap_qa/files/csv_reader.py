"""Reading CSV strictly, as rows that never all are in memory."""

from __future__ import annotations

import csv
import io
from functools import partial
from itertools import chain
from typing import IO, TYPE_CHECKING, Any

from tap_qa.errors import FileError
from tap_qa.files.archive import CORRUPTION_ERRORS, CorruptFileError

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST_LINE = 64 << 20
_BOM = b"\xef\xbb\xbf"
_WIDE_ENCODINGS = {b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16", b"\x1f\x8b": "gzip"}
_START_BYTES = 512
_BUFFER_BYTES = 1 << 16


class FastPathError(Exception):
    """A file is not regular enough for the fast path."""


class CsvReader:
    """The rows of a CSV file in UTF-8, with or without a byte order mark, cells separated by commas.

    NUL characters, which no database takes, are left out. Blank lines count for nothing.

    There are two ways. The quick one splits lines without a quotation mark at their commas, at a third of the cost,
    and leaves all others to the csv module; where anything is odd, it raises FastPathError. The exact one leaves
    every line to the csv module and tells what is wrong, and where. Both find the same rows.
    """

    def __init__(self, who: str, what: str, file: IO[bytes], *, exact: bool) -> None:
        """Prepare to read a file from its start.

        Args:
            who: Whose file it is, for messages.
            what: Which file, for messages.
            file: Its bytes; closed at the end.
            exact: Which way to go.
        """
        csv.field_size_limit(LONGEST_LINE)
        self._who = who
        self._what = what
        self._file = file
        self._exact = exact
        self.line = 0
        """The number, from 1, of the line that the last row ended on; known on the exact way only."""
        self.guarded = False
        """Whether a guard `="` was seen in what was read so far."""
        self._width = 0
        self._enough = -1

    def __iter__(self) -> Iterator[list[str]]:
        """Yield row after row, the first being the header.

        Raises:
            CorruptFileError: It is no such file, or is cut off or corrupt; the message has the line, not its content.
            FastPathError: On the fast path: the exact one has to be taken, from the start.
        """
        return self._strict_rows() if self._exact else self._fast_rows()

    def expect(self, width: int, *, enough: int) -> None:
        """Tell how rows from now on look.

        Args:
            width: How many cells they have.
            enough: How many of these are of interest: the fast path may leave the others together in one.
        """
        self._width = width
        self._enough = enough

    def _fast_rows(self) -> Iterator[list[str]]:
        with self._file:
            buffer: Any = io.BufferedReader  # takes anything that reads
            lines = iter(partial(buffer(self._file, _BUFFER_BYTES).readline, LONGEST_LINE), b"")
            quoted: list[bytes] = []
            reader = csv.reader(map(self._mended, map(bytes.decode, _each(quoted, lines))), strict=True)
            try:
                first = next(lines, b"").removeprefix(_BOM)
                for line in chain((first,), lines):
                    if b'"' in line or b"\0" in line or len(line) >= LONGEST_LINE:
                        quoted.append(line)
                        row = next(reader)
                        if row:
                            if self._width and len(row) != self._width:
                                raise FastPathError
                            yield row
                        continue
                    text = line.decode()
                    text = text[:-2] if text.endswith("\r\n") else text.removesuffix("\n")
                    if "\r" in text:
                        raise FastPathError
                    if text:
                        if self._width and text.count(",") != self._width - 1:
                            raise FastPathError
                        yield text.split(",", self._enough)
            except (csv.Error, UnicodeDecodeError, StopIteration, *CORRUPTION_ERRORS) as error:
                raise FastPathError from error

    def _strict_rows(self) -> Iterator[list[str]]:
        problem = ""
        with io.TextIOWrapper(self._file, encoding="utf-8-sig", newline="") as text:
            reader = csv.reader(map(self._mended, iter(partial(text.readline, LONGEST_LINE), "")), strict=True)
            try:
                for row in reader:
                    if row:
                        self.line = reader.line_num
                        yield row
            except csv.Error as error:
                problem = f"line {reader.line_num} is no CSV ({_reason(error)})"
            except UnicodeDecodeError:
                problem = f"a character behind line {reader.line_num} is not UTF-8"
            except CORRUPTION_ERRORS as error:
                problem = f"its data are damaged behind line {reader.line_num} ({type(error).__name__})"
        if problem:
            raise self.damage(problem)

    def _mended(self, line: str) -> str:
        if len(line) >= LONGEST_LINE:
            problem = f"a line is longer than {LONGEST_LINE >> 20} MiB"
            raise self.damage(problem)
        if '="' in line:
            self.guarded = True
        return line.replace("\0", "") if "\0" in line else line

    def damage(self, problem: str) -> CorruptFileError:
        """Compose the error for a problem with the file."""
        return damage(self._who, self._what, problem)


def _each(firsts: list[bytes], others: Iterator[bytes]) -> Iterator[bytes]:
    """Yield lines: whenever there is a first one, that; else the next of the others."""
    while True:
        line = firsts.pop() if firsts else next(others, b"")
        if not line:
            return
        yield line


def damage(who: str, what: str, problem: str) -> CorruptFileError:
    """Compose the error for a problem with a file."""
    return CorruptFileError(who, f"{what}: {problem}.")


def _reason(error: csv.Error) -> str:
    """Say what csv complains of; its own texts quote nothing of the file, but a list is safer than trust."""
    text = str(error)
    known = ("unexpected end of data", "field larger than field limit", "expected after", "new-line character seen")
    return next((words for words in known if words in text), "broken quoting")


def check_start(who: str, what: str, start: bytes) -> None:
    """Look at the first bytes of a file that is to be CSV.

    Raises:
        FileError: It is of another kind: a web page, another encoding.
    """
    for mark, kind in _WIDE_ENCODINGS.items():
        if start.startswith(mark):
            raise FileError(who, f"{what}: it is {kind}, not CSV in UTF-8.")
    if start.removeprefix(_BOM).lstrip()[:1] == b"<":
        raise damage(who, what, "it is a web page or XML, not CSV")


def peek(file: IO[bytes]) -> bytes:
    """Return the first bytes of a file and close it."""
    with file:
        return file.read(_START_BYTES)
