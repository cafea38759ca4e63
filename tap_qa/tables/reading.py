"""Reading CSV strictly, as text that never leaves a program's memory in pieces larger than a row."""

from __future__ import annotations

import csv
import io
from typing import IO, TYPE_CHECKING

from tap_qa.errors import FileError
from tap_qa.tables.archive import DAMAGES, DamagedFileError

if TYPE_CHECKING:
    from collections.abc import Iterator

LARGEST_CELL = 64 << 20
_WIDE_ENCODINGS = {b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16", b"\x1f\x8b": "gzip"}
_START_BYTES = 512


class CsvReader:
    """The rows of a CSV file in UTF-8, with or without a byte order mark, cells separated by commas.

    NUL characters, which no database takes, are left out. Blank lines count for nothing.

    Iteration raises:
        DamagedFileError: It is no such file, or is cut off or corrupt; the message has the line, never its content.
    """

    def __init__(self, who: str, what: str, file: IO[bytes]) -> None:
        """Prepare to read a file from where it stands.

        Args:
            who: Whose file it is, for messages.
            what: Which file, for messages.
            file: Its bytes; closed at the end.
        """
        csv.field_size_limit(LARGEST_CELL)
        self._who = who
        self._what = what
        self._text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
        self._lines = 0
        self.guarded = False
        """Whether a guard `="` was seen in what was read so far."""

    def __iter__(self) -> Iterator[list[str]]:
        """Yield row after row, the first being the header."""
        reader = csv.reader(self._mended(), strict=True)
        problem = ""
        try:
            for row in reader:
                if row:
                    self._lines = reader.line_num
                    yield row
        except csv.Error as error:
            problem = f"line {reader.line_num} is no CSV ({_reason(error)})"
        except UnicodeDecodeError:
            problem = f"a character behind line {reader.line_num} is not UTF-8"
        except DAMAGES as error:
            problem = f"its data are damaged behind line {reader.line_num} ({type(error).__name__})"
        finally:
            self._text.close()
        if problem:
            raise self.damage(problem)

    def _mended(self) -> Iterator[str]:
        for line in self._text:
            if '="' in line:
                self.guarded = True
            yield line.replace("\0", "") if "\0" in line else line

    @property
    def line(self) -> int:
        """The number, from 1, of the line that the last row ended on."""
        return self._lines

    def damage(self, problem: str) -> DamagedFileError:
        """Compose the error for a problem with the file."""
        return damage(self._who, self._what, problem)


def damage(who: str, what: str, problem: str) -> DamagedFileError:
    """Compose the error for a problem with a file."""
    return DamagedFileError(who, f"{what}: {problem}.")


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
    text = start.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text[:1] == b"<":
        raise damage(who, what, "it is a web page or XML, not CSV")


def peek(file: IO[bytes]) -> bytes:
    """Return the first bytes of a file and close it."""
    with file:
        return file.read(_START_BYTES)
