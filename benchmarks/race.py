"""Interleaved rounds: every contestant runs once a round, so that whatever else the machine does hits all alike."""

from __future__ import annotations

import os
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from benchmarks import equality
from benchmarks.field import FLOOR, TAP
from benchmarks.measured import measure

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from benchmarks.cases import Case
    from benchmarks.equality import Records
    from benchmarks.field import Contestant
    from benchmarks.measured import Took

_CHECKED_ROWS = 3000
# What each writes as it came: tap-rest-api-msdk makes texts of arrays, dlt writes no messages, and of CSV all others
# write texts where the schema has numbers.
_SAME = {"json": (FLOOR, "plain_sdk", "airbyte"), "csv": (FLOOR,), "zip": (FLOOR,)}


@dataclass
class Result:
    """What the rounds of a case showed: by contestant, in the order of rounds."""

    case: str
    rows: int
    took: Mapping[str, Sequence[Took]]

    def median(self, contestant: str, what: str) -> float:
        """Return the median of `wall`, `cpu` or `memory`."""
        return float(median(getattr(one, what) for one in self.took[contestant]))

    def ratios(self, contestant: str, what: str, to: str) -> list[float]:
        """Return, sorted, what a contestant took in units of what another took in the same round."""
        pairs = zip(self.took[contestant], self.took[to], strict=True)
        return sorted(getattr(one, what) / getattr(other, what) for one, other in pairs)

    def ratio(self, contestant: str, what: str, to: str) -> float:
        """Return the median of the ratios."""
        return median(self.ratios(contestant, what, to))

    def as_json(self) -> dict[str, Any]:
        """Return it as it is kept on disk."""
        took = {name: [asdict(one) for one in runs] for name, runs in self.took.items()}
        return {"case": self.case, "rows": self.rows, "took": took}


def race(  # noqa: PLR0913 - what a race is made of
    case: Case, field: Sequence[Contestant], server: str, *, rows: int, rounds: int, folder: Path
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
    commands = {TAP: case.tap_command(case.root(server, rows), folder)}
    for contestant in field:
        if case.kind in contestant.kinds:
            commands[contestant.name] = contestant.command(case, case.url(server, rows))
    took: dict[str, list[Took]] = {name: [] for name in commands}
    for number in range(rounds + 1):
        for name, command in commands.items():
            one = run(command, folder)
            print(f"  {case.name} {name:12} {one.cpu:7.2f} s CPU {one.wall:7.2f} s {one.memory:6.0f} MiB", flush=True)  # noqa: T201
            if number:
                took[name].append(one)
    return Result(case.name, rows, took)


def check(case: Case, field: Sequence[Contestant], server: str, folder: Path) -> None:
    """Make sure that contestants write the same records.

    Stamps are in their final form for this, since only tap-qa and the floor's CSV reader convert any.

    Raises:
        DifferentError: They don't.
    """
    case.write_file(folder, _CHECKED_ROWS)
    own = _written(case.tap_command(case.root(server, _CHECKED_ROWS, final=True), folder), folder)
    for contestant in field:
        if contestant.name in _SAME[case.kind]:
            command = contestant.command(case, case.url(server, _CHECKED_ROWS, final=True))
            count = equality.compare(own, _written(command, folder), of=f"{case.name}, {TAP} and {contestant.name}")
            print(f"  {case.name}: {count} records of {TAP} and {contestant.name} are the same", flush=True)  # noqa: T201


def run(command: Sequence[str], folder: Path) -> Took:
    """Run a contestant, its output going nowhere; what it keeps at home goes to a folder."""
    return measure(command, {"HOME": str(folder)}, Path(os.devnull))


def _written(command: Sequence[str], folder: Path) -> Records:
    output = folder / "written.jsonl"
    measure(command, {"HOME": str(folder)}, output)
    return equality.records(output)


def tell(result: Result) -> None:
    """Print medians, and ratios to the floor with their spread."""
    base = FLOOR if FLOOR in result.took else TAP
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
