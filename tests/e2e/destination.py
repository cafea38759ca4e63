"""A destination as simple as can be: it upserts by key, and keeps nothing for good but what a STATE follows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from collections.abc import Callable

Row = dict[str, Any]
Tables = dict[str, dict[tuple[Any, ...], Row]]


class BrokenStreamError(AssertionError):
    """The output is not what the Singer specification wants."""


@dataclass
class Destination:
    """What has arrived, and the state that goes with it."""

    tables: Tables = field(default_factory=dict)
    state: Row = field(default_factory=dict)
    on_commit: Callable[[Destination], None] | None = None
    """Called with each state, once all records before it are kept."""

    records: int = 0
    _keys: dict[str, list[str]] = field(default_factory=dict)
    _pending: list[tuple[str, tuple[Any, ...], Row]] = field(default_factory=list)
    _rest: bytes = b""

    def feed(self, data: bytes) -> None:
        """Take in some of the output, cut anywhere."""
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            self._take(msgspec.json.decode(line))

    def crash(self) -> None:
        """Lose what was not committed."""
        self._pending.clear()
        self._rest = b""

    def copy(self) -> Destination:
        """Return one with the same content."""
        return Destination({stream: dict(rows) for stream, rows in self.tables.items()}, self.state)

    def _take(self, message: Row) -> None:
        kind = message["type"]
        if kind == "SCHEMA":
            self._keys[message["stream"]] = message["key_properties"]
        elif kind == "RECORD":
            self._note(message["stream"], message["record"])
        elif kind == "STATE":
            self._commit(message["value"])

    def _note(self, stream: str, row: Row) -> None:
        if stream not in self._keys:
            raise BrokenStreamError(stream)
        key = tuple(row[name] for name in self._keys[stream])
        if None in key:
            raise BrokenStreamError(stream, key)
        self.records += 1
        self._pending.append((stream, key, row))

    def _commit(self, state: Row) -> None:
        for stream, key, row in self._pending:
            self.tables.setdefault(stream, {})[key] = row
        self._pending.clear()
        self.state = state
        if self.on_commit is not None:
            self.on_commit(self)
