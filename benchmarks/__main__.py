"""Measures tap-qa against the least that the same work takes, and against other tools.

    uv run python -m benchmarks                     # all of it: the better part of an hour, and 1 GB of disk
    uv run python -m benchmarks flat csv --rounds 3 # some cases
    uv run python -m benchmarks --rows 2000 --rounds 1 --without dlt_extract airbyte msdk
    uv run python -m benchmarks --write             # and puts the table of the last results into docs/performance.md

It needs uv and the package index, and nothing else: competitors live in environments of their own below
`.cache/benchmarks`, and a local server gives all of them the same bytes. Whole processes are measured, start-up
included, in interleaved rounds; the table shows medians of ratios within a round, which hold on a busy machine, too.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path

from benchmarks import own, page
from benchmarks.cases import CASES
from benchmarks.field import CACHE, FIELD
from benchmarks.measures import race, scaling
from benchmarks.serving.process import served


def main(arguments: list[str] | None = None) -> None:
    """Run what the command line says."""
    names = [case.name for case in CASES]
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__.splitlines()[0])
    parser.add_argument("cases", nargs="*", metavar="case", help=f"of {', '.join([*names, *scaling.EXTRAS])}")
    parser.add_argument("--rows", type=int, help="rows of each case, instead of its own number")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--without", nargs="*", default=[], metavar="competitor")
    parser.add_argument("--write", action="store_true", help="put the table into docs/performance.md")
    chosen = parser.parse_args(arguments)
    unknown = {*chosen.cases} - {*names, *scaling.EXTRAS}
    if unknown:
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    run(chosen.cases or [*names, *scaling.USUAL], chosen.rows, chosen.rounds, chosen.without)
    if chosen.write:
        page.write(CACHE / "results")


def run(cases: list[str], rows: int | None, rounds: int, without: list[str]) -> None:
    """Run some cases, and keep their results for the table."""
    field = [competitor for competitor in FIELD if competitor.name not in without]
    own.install()
    for competitor in field:
        competitor.install()
    results = CACHE / "results"
    results.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="benchmarks-") as name, served(Path(name)) as server:
        folder = Path(name)
        for case in CASES:
            if case.name in cases:
                race.check(case, field, server, folder)
                result = race.run_rounds(case, field, server, rows=rows or case.rows, rounds=rounds, folder=folder)
                race.print_results(result)
                _keep(results, case.name, result.as_json())
        for extra in cases:
            if extra in scaling.EXTRAS:
                found = scaling.EXTRAS[extra](server, rows, rounds, folder)
                print(f"\n{extra}: {found}", flush=True)  # noqa: T201
                _keep(results, extra, found)


def _keep(results: Path, name: str, found: object) -> None:
    (results / f"{name}.json").write_text(json.dumps(found), encoding="utf-8")


if __name__ == "__main__":
    main()
