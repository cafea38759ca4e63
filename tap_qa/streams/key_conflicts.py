"""Counts different records that share a key: an upsert keeps only one of them.

Two hashes of 64 bits are kept of each record, one of its key and one of all of it. As many records are in conflict as
there are more of the second than of the first. Records that repeat each other, as overlapping windows bring them, are
none; what was edited between two readings of one run is one, since nothing distinguishes it from another row.
"""

from __future__ import annotations

import logging
from operator import attrgetter, itemgetter
from typing import TYPE_CHECKING, Any

import msgspec

from tap_qa.pagination.distinct_counter import DistinctCounter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

MAX_RECORDS = 50_000_000
"""Beyond so many records of a stream, 800 MB of hashes on disk, conflicts are not looked for."""

logger = logging.getLogger("tap-qa.records")
_encode = msgspec.json.Encoder(decimal_format="number").encode


class KeyConflicts:
    """What a stream emitted in this run, as hashes."""

    def __init__(
        self, stream: str, keys: Sequence[str], *, varying: str | None = None, limit: int = MAX_RECORDS
    ) -> None:
        """Start without any records.

        Args:
            stream: Its name, for the message.
            keys: The columns of its key.
            varying: The first of the columns that depend on the reading and not on the row; they are a record's last,
                and the same in all records that are added together.
            limit: How many records to look at.
        """
        self._stream = stream
        self._key_columns = tuple(keys)
        self._varying = None if varying is None else f',"{varying}":'.encode()
        self._keys = DistinctCounter()
        self._contents = DistinctCounter()
        self._getters: dict[type, Callable[[Any], Any]] = {}
        self._remaining = limit

    def add(self, records: Sequence[Any], lines: Sequence[bytes]) -> None:
        """Add records.

        Args:
            records: Dicts, or structures that encode to them.
            lines: Each of them in JSON.
        """
        if not self.is_watching:
            return
        kinds = set(map(type, records))
        if len(kinds) == 1:
            self.add_keys(list(map(self._getter_of(kinds.pop()), records)), lines)
        else:
            self.add_keys([self._getter_of(type(record))(record) for record in records], lines)

    def add_keys(self, keys: Sequence[Any], lines: Sequence[bytes]) -> None:
        """Add records by their keys, and each of them in JSON."""
        if not self.is_watching:
            return
        self._remaining -= len(keys)
        if self._varying is not None:
            end = lines[0].rfind(self._varying) - len(lines[0])  # what is varying is the same in all of them
            lines = [line[:end] for line in lines]
        self._contents.add(lines)
        self._keys.add(keys)

    def watched(self, records: Iterator[Any]) -> Iterator[Any]:
        """Yield records as they are, and add each."""
        for record in records:
            self.add([record], [_encode(record)])
            yield record

    @property
    def is_watching(self) -> bool:
        """Whether further records are looked at."""
        return self._remaining > 0

    @property
    def count(self) -> int:
        """How many records differ from the others of their key."""
        keys = self._keys.count()
        return self._contents.count() - keys if keys < self._keys.added else 0

    def log_count(self) -> None:
        """Warn if there are any."""
        count = self.count
        if count > 0:
            logger.warning(
                "%s: %d records share %s with a record of this run that differs; an upsert keeps the last of each. "
                "Either they were edited while they were read, or the key does not tell them apart.",
                self._stream,
                count,
                ", ".join(self._key_columns),
            )

    def _getter_of(self, kind: type) -> Callable[[Any], Any]:
        if kind not in self._getters:
            self._getters[kind] = self._getter(kind)
        return self._getters[kind]

    def _getter(self, kind: type) -> Callable[[Any], Any]:
        if not issubclass(kind, msgspec.Struct):
            return itemgetter(*self._key_columns)
        fields = dict(zip(kind.__struct_encode_fields__, kind.__struct_fields__, strict=True))
        return attrgetter(*(fields[name] for name in self._key_columns))
