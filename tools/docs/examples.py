"""One example row of each stream, as the tap reads it of the sandbox; the pages of the streams show them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from qa_harness.clock import FakeClock
from qa_harness.run import full_catalog, run_tap, select
from qa_sandbox.exports.pacing import Pacer
from qa_sandbox.sandbox import Sandbox

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

FILE = "tools/docs/examples.json"
_MAX_CHARACTERS = 60


def read_examples(root: Path) -> dict[str, dict[str, Any]]:
    """Return the examples that are kept, by stream."""
    kept: dict[str, dict[str, Any]] = json.loads((root / FILE).read_text(encoding="utf-8"))
    return kept


def _collect() -> dict[str, dict[str, Any]]:
    """Return, of each stream, the row with most values."""
    streams = [entry["tap_stream_id"] for entry in full_catalog()["streams"]]
    clock = FakeClock()
    with Sandbox(clock=clock) as sandbox:
        for vendor in sandbox.vendors.values():
            for pacer in vars(vendor).values():
                if isinstance(pacer, Pacer):
                    pacer.clock = clock.monotonic  # the tap waits on this clock, too
        run = run_tap(sandbox.config(), clock=clock, catalog=select(*streams)).succeeded()
    best: dict[str, dict[str, Any]] = {}
    for message in run.of_type("RECORD"):
        record = {name: _shortened(value) for name, value in message["record"].items() if name != "_unmapped"}
        if _values(record) > _values(best.get(message["stream"], {})):
            best[message["stream"]] = record
    return best


def examples_text() -> str:
    """Return the text that the kept file should have, a stream a line. It takes a sync of the sandbox."""
    rows = sorted(_collect().items())
    return (
        "{\n"
        + ",\n".join(f"  {json.dumps(name)}: {json.dumps(row, ensure_ascii=False)}" for name, row in rows)
        + "\n}\n"
    )


def _values(record: Mapping[str, Any]) -> int:
    return sum(value not in (None, [], {}, "") for value in record.values())


def _shortened(value: Any) -> Any:  # noqa: ANN401 - JSON
    """Return a value with long texts cut and one item of each list left: what shows its form."""
    if isinstance(value, str) and len(value) > _MAX_CHARACTERS:
        return value[:_MAX_CHARACTERS] + "…"
    if isinstance(value, dict):
        return {name: _shortened(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_shortened(item) for item in value[:1]]
    return value if isinstance(value, (int, str, type(None))) else float(value)
