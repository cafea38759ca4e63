"""A tiny Singer target: upserts by key, and keeps only what a STATE message has confirmed."""

from __future__ import annotations

import gzip
import json
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterable

    from qa_harness.run import Run

Row = dict[str, Any]
Key = tuple[Any, ...]
Table = dict[Key, Row]


class Destination:
    """Tables that a tap's messages fill.

    Attributes:
        tables: Committed rows by stream and primary key.
        state: The last state; hand it to the next run.
        rows_taken: How many records came, by stream, repeats included.
    """

    def __init__(self) -> None:
        """Start empty."""
        self.tables: dict[str, Table] = {}
        self.state: dict[str, Any] | None = None
        self.rows_taken: dict[str, int] = {}
        self._keys: dict[str, list[str]] = {}
        self._pending: list[tuple[str, Row, int | None]] = []
        self._versions: dict[str, dict[Key, int | None]] = {}

    def take(self, run: Run) -> Destination:
        """Take in all messages of a run; what no STATE follows is lost, as at a target that dies."""
        for message in run.messages:
            self.take_message(message)
        self.lose_pending()
        return self

    def take_lines(self, lines: Iterable[bytes]) -> Destination:
        """Take in lines as they come off a pipe; the last one may be cut off."""
        for line in lines:
            if line.endswith(b"\n"):
                self.take_message(json.loads(line, parse_float=Decimal))
        self.lose_pending()
        return self

    def take_message(self, message: dict[str, Any]) -> None:
        """Take in one message."""
        {
            "SCHEMA": self._schema,
            "RECORD": self._record,
            "STATE": self._commit,
            "ACTIVATE_VERSION": self._activate,
            "BATCH": self._batch,
        }[message["type"]](message)

    def lose_pending(self) -> None:
        """Forget what no STATE has confirmed."""
        self._pending.clear()

    def _schema(self, message: dict[str, Any]) -> None:
        self._keys[message["stream"]] = message["key_properties"]

    def _record(self, message: dict[str, Any]) -> None:
        self._add(message["stream"], message["record"], message.get("version"))

    def _add(self, stream: str, row: Row, version: int | None) -> None:
        assert stream in self._keys, f"{stream}: a record came before its schema"
        assert self._keys[stream], f"{stream}: no key"
        missing = [name for name in self._keys[stream] if row.get(name) is None]
        assert not missing, f"{stream}: a record without {missing}"
        self.rows_taken[stream] = self.rows_taken.get(stream, 0) + 1
        self._pending.append((stream, row, version))

    def _flush(self) -> None:
        for stream, row, version in self._pending:
            key = tuple(row[name] for name in self._keys[stream])
            self.tables.setdefault(stream, {})[key] = row
            self._versions.setdefault(stream, {})[key] = version
        self._pending.clear()

    def _commit(self, message: dict[str, Any]) -> None:
        self._flush()
        self.state = message["value"]

    def _activate(self, message: dict[str, Any]) -> None:
        self._flush()
        stream, version = message["stream"], message["version"]
        table, versions = self.tables.setdefault(stream, {}), self._versions.setdefault(stream, {})
        for key in [key for key, found in versions.items() if found != version]:
            del table[key], versions[key]

    def _batch(self, message: dict[str, Any]) -> None:
        assert message["encoding"] == {"format": "jsonl", "compression": "gzip"}
        for url in message["manifest"]:
            path = Path(urlsplit(url).path)
            with gzip.open(path, "rt", encoding="utf-8") as lines:
                for line in lines:
                    self._add(message["stream"], json.loads(line, parse_float=Decimal), None)
