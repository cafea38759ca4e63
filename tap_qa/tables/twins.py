"""Finding the rows of one file that agree in all identifying columns, in 8 bytes of memory a row."""

from __future__ import annotations

from array import array
from itertools import pairwise
from typing import TYPE_CHECKING

from tap_qa.row_keys import DIGEST_BYTES

if TYPE_CHECKING:
    from collections.abc import Iterable

_BUCKETS = 256


class Digests:
    """The digests of a file's rows; remembers enough of each to tell which came more than once."""

    def __init__(self) -> None:
        """Start with none."""
        self._buckets = [array("Q") for _ in range(_BUCKETS)]

    def add(self, digest: bytes) -> None:
        """Note a row's digest."""
        self._buckets[digest[0]].append(int.from_bytes(digest[1:9], "big"))

    def doubled(self) -> frozenset[bytes]:
        """Return the first nine bytes of each digest that was noted more than once."""
        found: set[bytes] = set()
        for first, bucket in enumerate(self._buckets):
            ordered = sorted(bucket)
            found.update(bytes([first]) + one.to_bytes(8, "big") for one, other in pairwise(ordered) if one == other)
        return frozenset(found)


def starts(digest: bytes) -> bytes:
    """Return the part of a digest that `Digests.doubled` tells."""
    return digest[:9]


def ordinals(rows: Iterable[tuple[bytes, tuple[str, ...], int]]) -> dict[int, int]:
    """Give twins their ordinals.

    Args:
        rows: The digest of each row that may have a twin, what it is ordered by, and its number in the file.

    Returns:
        The ordinal of each row that is not the first of its twins, by its number in the file.
    """
    assert DIGEST_BYTES > 9  # noqa: PLR2004, S101 - starts() must be a part of it
    families: dict[bytes, list[tuple[tuple[str, ...], int]]] = {}
    for digest, order, number in rows:
        families.setdefault(digest, []).append((order, number))
    return {
        number: ordinal
        for family in families.values()
        for ordinal, (_, number) in enumerate(sorted(family))
        if ordinal > 0
    }
