"""Counts distinct keys, in little memory however many there are."""

from __future__ import annotations

import sys
import weakref
from array import array
from itertools import accumulate
from typing import IO, TYPE_CHECKING

from tap_qa.runtime.temporary import discard, temporary_file

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable

_IN_MEMORY = 1 << 15
_PARTS = 256
"""Equal hashes are in the same part, so that parts can be looked at one by one; each is as large as any other."""


class DistinctCounter:
    """Counts keys by their hashes of 64 bits, which are kept in a temporary file if there are many."""

    def __init__(self, in_memory: int = _IN_MEMORY) -> None:
        """Start with none; up to so many are kept in memory."""
        self._hashes = array("q")
        self._in_memory = in_memory
        self._file: IO[bytes] | None = None
        self._lengths = array("Q")  # of each part that was written out, in hashes, all parts of one time together
        self._written = 0

    def add(self, keys: Iterable[Hashable]) -> None:
        """Add keys."""
        self._hashes.extend(map(hash, keys))
        if len(self._hashes) > self._in_memory:
            self._write_out()

    @property
    def added(self) -> int:
        """How many came, equal ones included."""
        return self._written + len(self._hashes)

    def count(self) -> int:
        """Return how many differ."""
        if self._file is None:
            return len(set(self._hashes))
        waiting = _in_parts(self._hashes)
        starts = [0, *accumulate(self._lengths)]
        found = 0
        for number, part in enumerate(waiting):
            for place in range(number, len(self._lengths), _PARTS):
                self._file.seek(starts[place] * part.itemsize)
                part.frombytes(self._file.read(self._lengths[place] * part.itemsize))
            found += len(set(part))
        return found

    def _write_out(self) -> None:
        parts = _in_parts(self._hashes)
        data = b"".join(parts)
        try:
            if self._file is None:
                self._file = temporary_file(buffering=0)
                weakref.finalize(self, discard, self._file)
            self._file.seek(self._written * self._hashes.itemsize)
            is_whole = self._file.write(data) == len(data)
        except OSError:
            is_whole = False
        if not is_whole:
            self._in_memory = sys.maxsize  # there is no room, so the rest stays in memory
            return
        self._lengths.extend(map(len, parts))
        self._written += len(self._hashes)
        self._hashes = array("q")


def _in_parts(hashes: Iterable[int]) -> list[array[int]]:
    parts = [array("q") for _ in range(_PARTS)]
    add = [part.append for part in parts]
    for one in hashes:
        add[one % _PARTS](one)
    return parts
