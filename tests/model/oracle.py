"""Judges what arrived, and each state on the way, by the vendor's expected records."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from tap_qa.state.windows import SECOND

if TYPE_CHECKING:
    from tests.e2e.destination import Destination, Row
    from tests.model.vendors.base import VendorModel


class Oracle:
    """Notes all that is wrong."""

    def __init__(self, model: VendorModel) -> None:
        """Know the vendor."""
        self.wrong: list[str] = []
        self._model = model
        self._reached: dict[str, datetime] = {}
        self._run_began = model.time.now

    def begin_run(self) -> None:
        """Note that a run begins now."""
        self._run_began = self._model.time.now

    def judge_end(self, destination: Destination, when: str) -> None:
        """Compare what arrived with the expected records."""
        for stream in self._model.wanted:
            arrived = self._arrived(destination, stream)
            for key, (version, fields) in self._model.expected(stream).items():
                if version.stamp >= self._model.start_date or self._is_full_table(stream):
                    self._judge_row(stream, key, fields, arrived, when)

    def _judge_row(
        self, stream: str, key: tuple[Any, ...], fields: Row, arrived: dict[tuple[Any, ...], Row], when: str
    ) -> None:
        row = arrived.get(key)
        if row is None:
            self.wrong.append(f"{when}: {stream} lost {key}")
        elif (there := {name: row[name] for name in fields}) != fields:
            self.wrong.append(f"{when}: {stream} has {there} instead of {fields}")

    def judge_state(self, destination: Destination) -> None:
        """Compare a state with the time, with the states before it, and with what has arrived."""
        for stream, bookmark in destination.state.get("bookmarks", {}).items():
            if "replication_key_value" in bookmark:
                reached = datetime.fromisoformat(bookmark["replication_key_value"])
                self._judge_bookmark(destination, stream, reached)

    def _judge_bookmark(self, destination: Destination, stream: str, reached: datetime) -> None:
        before = self._reached.get(stream)
        if before is not None and reached < before:
            self.wrong.append(f"the bookmark of {stream} went back from {before} to {reached}")
        latest = self._model.latest_bookmark(stream)
        if reached > latest:
            self.wrong.append(f"the bookmark of {stream}, {reached}, is later than {latest}")
        self._reached[stream] = reached
        if before is not None and before == reached:
            return
        arrived = self._arrived(destination, stream)
        passed = reached if self._model.ends_are_in else reached - SECOND
        for key, (version, fields) in self._model.expected(stream).items():
            is_passed = (before or self._model.start_date) < version.stamp <= passed
            if is_passed and version.shown_from <= self._run_began:
                self._judge_row(stream, key, fields, arrived, f"at the bookmark {reached}")

    def _arrived(self, destination: Destination, stream: str) -> dict[tuple[Any, ...], Row]:
        """Return the rows of a table by what makes them distinct for the vendor."""
        table = destination.tables.get(stream, {})
        columns = self._model.identities.get(stream)
        if columns is None:
            return table
        found = {tuple(row[name] for name in columns): row for row in table.values()}
        if len(found) < len(table):
            self.wrong.append(f"{stream} has {len(table)} keys for {len(found)} rows")
        return found

    def _is_full_table(self, stream: str) -> bool:
        return self._model.streams[stream].replication_key is None
