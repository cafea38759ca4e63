"""Finding the rows of one file that agree in all identifying columns, in little memory whatever its size."""

from __future__ import annotations

from array import array
from itertools import pairwise
from typing import IO, TYPE_CHECKING

from tap_qa.records.row_key import DIGEST_BYTES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_DIGESTS_READ_AT_ONCE = 1 << 14
_ROWS_A_PASS = 250_000
_MAX_BUCKETS = 256
_ROWS_A_BUCKET = 200
_ALL = 1 << 64


def places_of(starts: frozenset[int], digests: bytes) -> list[int]:
    """Return which of some digests have one of the starts that `duplicated_starts` returns."""
    return [place for place, start in enumerate(_starts_of(digests)) if start in starts]


def _starts_of(digests: bytes) -> array[int]:
    """Return the first half of each digest as a number."""
    halves = array("Q", digests)
    return halves[::2]


def duplicated_starts(digests: IO[bytes], rows: int) -> frozenset[int]:
    """Return the starts of the digests that come more than once.

    Digests are as good as random, so each pass over the file looks at those in one stretch of all values, which are
    about as many in each.

    Args:
        digests: A file of digests, one after the other.
        rows: How many there are.
    """
    passes = rows // _ROWS_A_PASS + 1
    count = min(rows // _ROWS_A_BUCKET + 1, _MAX_BUCKETS)
    found: set[int] = set()
    for number in range(passes):
        low, high = _ALL * number // passes, _ALL * (number + 1) // passes
        buckets = [array("Q") for _ in range(count)]
        digests.seek(0)
        while piece := digests.read(DIGEST_BYTES * _DIGESTS_READ_AT_ONCE):
            some: Iterable[int] = _starts_of(piece)
            for start in some if passes == 1 else [start for start in some if low <= start < high]:
                buckets[start % count].append(start)
        for bucket in buckets:
            if len({*bucket}) < len(bucket):
                found.update(one for one, other in pairwise(sorted(bucket)) if one == other)
    return frozenset(found)


def duplicate_ordinals(rows: Iterable[tuple[bytes, str, int]]) -> Iterator[tuple[bytes, int, int]]:
    """Give duplicates their ordinals.

    Args:
        rows: The digest of each row that may have a duplicate, what it is ordered by, and its number in the file.

    Yields:
        For each row that is not the first of its duplicates, their digest, its number and its ordinal.
    """
    families: dict[bytes, list[tuple[str, int]]] = {}
    for digest, order, number in rows:
        families.setdefault(digest, []).append((order, number))
    for digest, family in families.items():
        for ordinal, (_, number) in enumerate(sorted(family)):
            if ordinal > 0:
                yield digest, number, ordinal
