"""Syncing the two export-job vendors against their sandboxes, and comparing tables with the expected records."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from qa_harness.destination import Destination
from qa_harness.run import Run, run_tap, select

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from qa_sandbox.sandbox import Sandbox
    from tap_qa.runtime.clock import Clock

MADE_BY_THE_TAP = ("_row_key", "_window_end", "extracted_on")


@dataclass
class Syncs:
    """One destination, kept up to date by run after run.

    Attributes:
        streams: Those that are selected.
        overrides: Settings, by vendor.
        last: The last run.
    """

    sandbox: Sandbox
    clock: Clock
    streams: Sequence[str]
    overrides: dict[str, dict[str, Any]] = field(default_factory=dict)
    shared: dict[str, Any] = field(default_factory=dict)
    destination: Destination = field(default_factory=Destination)
    last: Run | None = None

    def config(self) -> dict[str, Any]:
        """The settings of the next run."""
        config = {**self.sandbox.config(), **self.shared}
        return config | {name: config[name] | more for name, more in self.overrides.items()}

    def run(self) -> Run:
        """Sync once."""
        config = self.config()
        has_own_streams = config.get("cxone", {}).get("entities")
        catalog = select(*self.streams, config=config if has_own_streams else None)
        self.last = run_tap(config, clock=self.clock, state=self.destination.state, catalog=catalog)
        self.destination.take(self.last)
        return self.last

    def test(self) -> Run:
        """Test the connection."""
        return run_tap(self.config(), clock=self.clock, arguments=["--test"])

    def assert_equals_expected_records(self) -> None:
        """Fail unless each table holds what the vendor holds, in any order."""
        for stream in self.streams:
            got = contents(self.destination.tables.get(stream, {}).values())
            truth = contents(self.sandbox.expected_records(stream).values())
            lost, extra = truth - got, got - truth
            assert not lost, f"{stream}: {sum(lost.values())} lost: {list(lost)[:2]}; extra: {list(extra)[:2]}"
            assert not extra, f"{stream}: {sum(extra.values())} extra: {list(extra)[:2]}"


def contents(rows: Iterable[Mapping[str, Any]]) -> Counter[str]:
    """Return rows without what only the tap can know of them, countable."""
    return Counter(
        json.dumps(
            {name: _plain(value) for name, value in row.items() if name not in MADE_BY_THE_TAP and value is not None},
            sort_keys=True,
        )
        for row in rows
    )


def _plain(value: object) -> object:
    """Write a number so that 7.50 and 7.5 are one."""
    if isinstance(value, (Decimal, int)) and not isinstance(value, bool):
        return f"{Decimal(value).normalize():f}"
    return value


def rows_of(run: Run, stream: str) -> list[dict[str, Any]]:
    """Return the records of a stream that a run gave, the last of each key."""
    return list({record["_row_key"]: record for record in run.records(stream)}.values())
