"""A whole pipeline: the tap and target-postgres at once, and target-postgres alone on what the tap wrote before."""

from __future__ import annotations

import json
import shlex
from contextlib import closing
from statistics import median
from typing import TYPE_CHECKING, Any

import psycopg

from benchmarks import own
from benchmarks.cases import CASES
from benchmarks.field import Competitor
from benchmarks.measures.race import run
from qa_sandbox.demo.postgres import Postgres

if TYPE_CHECKING:
    from pathlib import Path

FLAT = CASES[0]
TARGET = Competitor("target-postgres", "target-postgres", ("meltanolabs-target-postgres==0.8.1",))
SCHEMA = "benchmark"


def pipeline(server: str, rows: int | None, rounds: int, folder: Path) -> dict[str, Any]:
    """Compare the wall time of `tap-qa | target-postgres` with that of the target alone, loading into a new table."""
    TARGET.install()
    with Postgres() as postgres:
        config = folder / "target.json"
        settings = {**postgres.loader_settings(SCHEMA), "use_copy": True, "validate_records": False}
        config.write_text(json.dumps(settings), encoding="utf-8")
        tap = shlex.join(own.tap_command(FLAT, FLAT.root(server, rows or 100_000), folder))
        target = shlex.join([str(TARGET.home / "bin" / "target-postgres"), "--config", str(config)])
        written = folder / "pipeline.jsonl"
        run(["/bin/sh", "-c", f"{tap} > {shlex.quote(str(written))}"], folder)
        ratios = []
        for _ in range(rounds):
            _empty(postgres)
            alone = run(["/bin/sh", "-c", f"{target} < {shlex.quote(str(written))}"], folder)
            _empty(postgres)
            both = run(["/bin/sh", "-c", f"{tap} | {target}"], folder)
            ratios.append(both.wall / alone.wall)
    return {"wall": median(ratios)}


def _empty(postgres: Postgres) -> None:
    with closing(psycopg.connect(postgres.url, autocommit=True)) as connection:
        connection.execute(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")
