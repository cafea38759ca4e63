"""Finished records of a table, kept in a temporary file until the table is known to be whole.

So each row is read and converted once. Only the keys of duplicates are made once more, when all rows are known.
"""

from __future__ import annotations

import shutil
import tempfile
import weakref
from array import array
from bisect import bisect_left
from typing import IO, TYPE_CHECKING, Any

import msgspec

from tap_qa.records.chunks import EncodedRows
from tap_qa.runtime.temporary import discard, temporary_file

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_encode_lines = msgspec.json.Encoder(decimal_format="number").encode_lines
_MAX_BYTES = 2 << 30
_PIECE_BYTES = 1 << 16


class SpoolFullError(Exception):
    """There is no room for more records."""


class RecordSpool:
    """Records as lines of JSON, the key being the first field of each."""

    def __init__(self, key_column: str, *, max_bytes: int = _MAX_BYTES) -> None:
        """Start with none.

        Args:
            key_column: The first field of all records: hexadecimal digits, always as many.
            max_bytes: How large the file may become; never more than half of the room that there is.
        """
        self._key_start = len(f'{{"{key_column}":"')
        self._file: IO[bytes] = temporary_file()
        weakref.finalize(self, discard, self._file)
        self._max_bytes = min(max_bytes, shutil.disk_usage(tempfile.gettempdir()).free // 2)
        self._starts = array("Q", [0])  # of the lines of each block, and the end of the last
        self._firsts = array("Q", [0])  # the number of the first row of each block, and of all rows

    def close(self) -> None:
        """Let go of the file."""
        discard(self._file)

    def write(self, records: Sequence[Any]) -> None:
        """Add records.

        Raises:
            SpoolFullError: The file became too large, or the disk is full.
        """
        lines = _encode_lines(records)
        end = self._starts[-1] + len(lines)
        if end > self._max_bytes:
            raise SpoolFullError
        try:
            self._file.write(lines)
        except OSError as error:
            raise SpoolFullError from error
        self._starts.append(end)
        self._firsts.append(self._firsts[-1] + len(records))

    def finish(self) -> None:
        """Write what is left to write.

        Raises:
            SpoolFullError: The disk is full.
        """
        try:
            self._file.flush()
        except OSError as error:
            raise SpoolFullError from error

    def chunks(self, keys: Mapping[int, str]) -> Iterator[EncodedRows]:
        """Yield the records, some at a time.

        Args:
            keys: The keys of some records in place of those that they were written with, by their number, from 0.
        """
        changed = sorted(keys)
        done = 0
        first, start = 0, 0
        for end, last in zip(self._starts[1:], self._firsts[1:], strict=True):
            if end - start >= _PIECE_BYTES or end == self._starts[-1]:
                if last > first:
                    lines = self._read(start, end)[:-1]
                    before, done = done, bisect_left(changed, last)
                    here = {number - first: keys[number] for number in changed[before:done]}
                    lines = self._with_keys(lines, here) if here else lines
                    yield EncodedRows(lines, last - first, self._key_start)
                first, start = last, end

    def _with_keys(self, text: bytes, keys: Mapping[int, str]) -> bytes:
        lines = text.split(b"\n")
        for place, key in keys.items():
            line, start = lines[place], self._key_start
            lines[place] = b"%b%b%b" % (line[:start], key.encode(), line[start + len(key) :])
        return b"\n".join(lines)

    def _read(self, start: int, end: int) -> bytes:
        self._file.seek(start)
        return self._file.read(end - start)
