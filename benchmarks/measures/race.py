"""Interleaved rounds: every competitor runs once a round, so that whatever else the machine does hits all alike."""

from __future__ import annotations

import os
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from benchmarks import own
from benchmarks.field import BASELINE
from benchmarks.measures import equality
from benchmarks.measures.resource_usage import measure
from benchmarks.own import TAP

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from benchmarks.cases import Case
    from benchmarks.field import Competitor
    from benchmarks.measures.equality import Records
    from benchmarks.measures.resource_usage import ResourceUsage

_CHECKED_ROWS = 3000
# What each writes as it came: tap-rest-api-msdk makes texts of arrays, dlt writes no messages, and of CSV all others
# write texts where the schema has numbers.
_SAME = {"json": (BASELINE, "plain_sdk", "airbyte"), "csv": (BASELINE,), "zip": (BASELINE,)}


@dataclass
class Result:
    """What the rounds of a case showed: by competitor, in the order of rounds."""

    case: str
    rows: int
    took: Mapping[str, Sequence[ResourceUsage]]

    def median(self, competitor: str, what: str) -> float:
        """Return the median of `wall`, `cpu` or `memory`."""
        return float(median(getattr(one, what) for one in self.took[competitor]))

    def ratios(self, competitor: str, what: str, to: str) -> list[float]:
        """Return, sorted, what a competitor took in units of what another took in the same round."""
        pairs = zip(self.took[competitor], self.took[to], strict=True)
        return sorted(getattr(one, what) / getattr(other, what) for one, other in pairs)

    def ratio(self, competitor: str, what: str, to: str) -> float:
        """Return the median of the ratios."""
        return median(self.ratios(competitor, what, to))

    def as_json(self) -> dict[str, Any]:
        """Return it as it is kept on disk."""
        took = {name: [asdict(one) for one in runs] for name, runs in self.took.items()}
        return {"case": self.case, "rows": self.rows, "took": took}


def run_rounds(  # noqa: PLR0913 - what a race is made of
    case: Case, field: Sequence[Competitor], server: str, *, rows: int, rounds: int, folder: Path
) -> Result:
    """Run a case: a round that does not count, then as many as are wanted.

    Args:
        case: It.
        field: Who takes part besides tap-qa.
        server: The address of the local server.
        rows: How many rows the data have.
        rounds: How many rounds count.
        folder: For files, the server's among them.
    """
    case.write_file(folder, rows)
    commands = {TAP: own.tap_command(case, case.root(server, rows), folder)}
    for competitor in field:
        if case.kind in competitor.kinds and (case.is_plain or competitor.name == BASELINE):
            commands[competitor.name] = competitor.command(case, case.url(server, rows))
    took: dict[str, list[ResourceUsage]] = {name: [] for name in commands}
    for number in range(rounds + 1):
        for name, command in commands.items():
            one = run(command, folder)
            print(f"  {case.name} {name:12} {one.cpu:7.2f} s CPU {one.wall:7.2f} s {one.memory:6.0f} MiB", flush=True)  # noqa: T201
            if number:
                took[name].append(one)
    return Result(case.name, rows, took)


def check(case: Case, field: Sequence[Competitor], server: str, folder: Path) -> None:
    """Make sure that competitors write the same records.

    Stamps are in their final form for this, since only tap-qa and the floor's CSV reader convert any.

    Raises:
        DifferentError: They don't.
    """
    if not case.is_plain:  # of these no two make the same
        return
    case.write_file(folder, _CHECKED_ROWS)
    ours = _written(own.tap_command(case, case.root(server, _CHECKED_ROWS, final=True), folder), folder)
    for competitor in field:
        if competitor.name in _SAME[case.kind]:
            command = competitor.command(case, case.url(server, _CHECKED_ROWS, final=True))
            count = equality.compare(ours, _written(command, folder), of=f"{case.name}, {TAP} and {competitor.name}")
            print(f"  {case.name}: {count} records of {TAP} and {competitor.name} are the same", flush=True)  # noqa: T201


def run(command: Sequence[str], folder: Path) -> ResourceUsage:
    """Run a competitor, its output going nowhere; what it keeps at home goes to a folder."""
    return measure(command, {"HOME": str(folder)}, Path(os.devnull))


def _written(command: Sequence[str], folder: Path) -> Records:
    output = folder / "written.jsonl"
    measure(command, {"HOME": str(folder)}, output)
    return equality.records(output)


def print_results(result: Result) -> None:
    """Print medians, and ratios to the floor with their spread."""
    base = BASELINE if BASELINE in result.took else TAP
    rounds = len(result.took[TAP])
    print(f"\n{result.case}, {result.rows} rows, medians of {rounds} rounds; ratios to {base}, least to most")  # noqa: T201
    for name in result.took:
        cells = [f"{name:12}"]
        for what, unit in (("cpu", "s CPU"), ("wall", "s"), ("memory", "MiB")):
            ratios = result.ratios(name, what, base)
            spread = f"{median(ratios):6.2f} ({ratios[0]:.2f}-{ratios[-1]:.2f})"
            cells.append(f"{result.median(name, what):8.2f} {unit:5} {spread}")
        print("  ".join(cells))  # noqa: T201
    sys.stdout.flush()
