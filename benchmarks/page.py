"""The table that docs/performance.md shows."""

from __future__ import annotations

import json
import os
import platform
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.cases import CASES
from benchmarks.field import BASELINE, FIELD
from benchmarks.measures import scaling as extras
from benchmarks.measures.race import Result
from benchmarks.measures.resource_usage import ResourceUsage
from benchmarks.own import TAP

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

PAGE = Path(__file__).resolve().parents[1] / "docs" / "performance.md"
START = "<!-- benchmarks: written by `uv run python -m benchmarks --write` -->"
END = "<!-- end of benchmarks -->"


def write(results: Path, page: Path = PAGE) -> None:
    """Put the table of results between its marks.

    Args:
        results: The folder that holds them, a file for each case.
        page: The file to change.
    """
    text = page.read_text(encoding="utf-8")
    before, _, rest = text.partition(START)
    _, _, after = rest.partition(END)
    shown = "\n\n".join(filter(None, [table(results), "\n".join(_beside(results))]))
    page.write_text(f"{before}{START}\n\n{shown}\n\n{END}{after}", encoding="utf-8")


def table(results: Path) -> str:
    """Compose the table, and a line on the machine."""
    found = [_result(json.loads(path.read_text(encoding="utf-8"))) for path in _files(results)]
    took_part = {name for result in found for name in result.took}
    peers = [competitor for competitor in FIELD if competitor.name != BASELINE and competitor.name in took_part]
    head = ["data", "rows", "CPU / floor", *(f"{peer.title} / tap-qa" for peer in peers), "MiB"]
    lines = [head, ["---", *["---:"] * (len(head) - 1)]]
    lines += [list(_cells(result, [peer.name for peer in peers])) for result in found]
    text = "\n".join(f"| {' | '.join(line)} |" for line in lines)
    return f"{text}\n\n{_machine(found)}"


def _beside(results: Path) -> Iterator[str]:
    """Yield a line for each of the other measurements that were made."""
    found = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in results.glob("*.json")}
    if "latency" in found:
        ahead, deeper = (found["latency"][name] for name in (extras.AHEAD, extras.DEEPER))
        yield (
            f"- At 50 ms an answer, pages asked for ahead take {ahead:.2f} of the time that they take one after the "
            f"other; {deeper:.2f}, were 8 at once allowed instead of 4."
        )
    if "growth" in found:
        each = (f"{int(rows):,} rows {one['microseconds']:.0f} µs and {one['memory']:.0f} MiB"
                for rows, one in found["growth"].items())  # fmt: skip
        yield f"- A flat row and the whole tap need, of {'; of '.join(each)}."
    if "startup" in found:
        yield f"- `tap-qa --discover` takes {found['startup']['cpu']:.2f} of the processor time of `import singer_sdk`."
    if "pipeline" in found:
        rows = found["pipeline"].pop("rows")
        for settings, one in found["pipeline"].items():
            yield (
                f"- `meltano run tap-qa target-postgres`, {rows:,} flat rows, the target with {settings}: "
                f"{one['wall']:.2f} of the target's time alone, which loads {one['rows_a_second']:,.0f} rows a second."
            )


def _files(results: Path) -> Iterable[Path]:
    return (path for case in CASES if (path := results / f"{case.name}.json").exists())


def _result(kept: dict[str, Any]) -> Result:
    took = {name: [ResourceUsage(**one) for one in runs] for name, runs in kept["took"].items()}
    return Result(kept["case"], kept["rows"], took)


def _cells(result: Result, peers: list[str]) -> Iterator[str]:
    yield next(case.title for case in CASES if case.name == result.case)
    yield f"{result.rows:,}"
    yield f"{result.ratio(TAP, 'cpu', BASELINE):.2f}"
    for peer in peers:
        yield f"{result.ratio(peer, 'cpu', TAP):.1f}" if peer in result.took else "-"
    yield f"{result.median(TAP, 'memory'):.0f}"


def _machine(found: list[Result]) -> str:
    rounds = min((len(result.took[TAP]) for result in found), default=0)
    python = platform.python_version()
    return f"Medians of {rounds} interleaved rounds, on {os.cpu_count()} shared processors, Python {python}."
