"""What else can be asked: waiting, growth, start-up, and a whole pipeline."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING, Any

from benchmarks import own
from benchmarks.cases import CASES
from benchmarks.measures.pipeline import pipeline
from benchmarks.measures.race import run
from benchmarks.measures.workers import workers

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

FLAT, NESTED = CASES[:2]
AHEAD, DEEPER = "ahead", "8 at once"
_WAIT_MILLISECONDS = 50
_CHANGED = (
    "from tap_qa import cli; from tap_qa.pagination import paginator; from tap_qa.http import prefetch; {}; cli.main()"
)
_SERIAL = _CHANGED.format("paginator.MIN_LATENCY_SECONDS = 1e9")
_DEEPER = _CHANGED.format("prefetch.MAX_IN_FLIGHT = paginator.MAX_IN_FLIGHT = 8")


def measure_latency(server: str, rows: int | None, rounds: int, folder: Path) -> dict[str, Any]:
    """Compare the wall time of pages asked for ahead with that of one after the other, at 50 ms an answer.

    By pages of 100 nested rows, which take less than that to work on: else there would be little to wait for.
    """
    ahead = own.tap_command(NESTED, NESTED.root(server, rows or 40_000, wait=_WAIT_MILLISECONDS), folder)
    serial, deeper = ([str(own.HOME / "bin" / "python"), "-c", program, *ahead[1:]] for program in (_SERIAL, _DEEPER))
    ratios: dict[str, list[float]] = {AHEAD: [], DEEPER: []}
    for _ in range(rounds):
        slow = run(serial, folder).wall
        ratios[AHEAD].append(run(ahead, folder).wall / slow)
        ratios[DEEPER].append(run(deeper, folder).wall / slow)
    return {name: median(found) for name, found in ratios.items()}


def measure_scaling(server: str, rows: int | None, rounds: int, folder: Path) -> dict[str, Any]:
    """Compare memory and the cost of a row at 10 thousand rows and at many."""
    del rounds
    found = {}
    for count in (10_000, 100_000, rows or 1_000_000):
        took = run(own.tap_command(FLAT, FLAT.root(server, count), folder), folder)
        found[str(count)] = {"memory": took.memory, "microseconds": took.cpu / count * 1e6}
    return found


def startup(server: str, rows: int | None, rounds: int, folder: Path) -> dict[str, Any]:
    """Compare `--discover` with the import of the SDK alone."""
    del server, rows
    ratios = []
    for _ in range(rounds * 3):
        alone = run([str(own.HOME / "bin" / "python"), "-c", "import singer_sdk"], folder)
        ratios.append(run([str(own.HOME / "bin" / "tap-qa"), "--discover"], folder).cpu / alone.cpu)
    return {"cpu": median(ratios)}


EXTRAS: dict[str, Callable[[str, int | None, int, Path], dict[str, Any]]] = {
    "latency": measure_latency,
    "growth": measure_scaling,
    "startup": startup,
    "pipeline": pipeline,
    "workers": workers,
}
USUAL = tuple(EXTRAS)
