"""A whole pipeline: `meltano run tap-qa target-postgres`, and the target alone on what the tap wrote before."""

from __future__ import annotations

import json
import shlex
import sys
from contextlib import closing
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

import psycopg

from benchmarks import own
from benchmarks.cases import CASES
from benchmarks.field import Competitor
from benchmarks.measures.race import run
from qa_sandbox.demo.postgres import Postgres

if TYPE_CHECKING:
    from collections.abc import Mapping

FLAT = CASES[0]
TARGET = Competitor("target-postgres", "target-postgres", ("meltanolabs-target-postgres==0.8.1",))
SCHEMA = "benchmark"
SETTINGS: Mapping[str, Mapping[str, bool]] = {
    "its defaults": {},
    "use_copy, validate_records off": {"use_copy": True, "validate_records": False},
}
_ROWS = 1_000_000
_MELTANO = Path(sys.executable).with_name("meltano")


def pipeline(server: str, rows: int | None, rounds: int, folder: Path) -> dict[str, Any]:
    """Compare the wall time of both at once with that of the target alone, loading into a new table.

    Returns:
        For each of the target's settings how many rows a second it loads alone, and how many times as long both take.
    """
    TARGET.install()
    rows = rows or _ROWS
    tap = own.tap_command(FLAT, FLAT.root(server, rows), folder)
    written = shlex.quote(str(folder / "pipeline.jsonl"))
    run(["/bin/sh", "-c", f"{shlex.join(tap)} > {written}"], folder)
    found: dict[str, Any] = {"rows": rows}
    with Postgres() as postgres:
        for name, settings in SETTINGS.items():
            loader = {**postgres.loader_settings(SCHEMA), **settings}
            project = _project(folder / "project", tap, FLAT.config(FLAT.root(server, rows)), loader)
            alone, ratios = [], []
            for _ in range(rounds):
                _empty(postgres)
                command = [str(TARGET.home / "bin" / TARGET.name), "--config", str(project / "loader.json")]
                alone.append(run(["/bin/sh", "-c", f"{shlex.join(command)} < {written}"], folder).wall)
                _empty(postgres)
                meltano = shlex.join([str(_MELTANO), "run", "--force", "--full-refresh", "tap-qa", TARGET.name])
                both = run(["/bin/sh", "-c", f"cd {shlex.quote(str(project))} && {meltano}"], folder)
                ratios.append(both.wall / alone[-1])
                _check(postgres, rows)
            found[name] = {"rows_a_second": rows / median(alone), "wall": median(ratios)}
    return found


def _project(folder: Path, tap: list[str], config: Mapping[str, Any], loader: Mapping[str, Any]) -> Path:
    """Make a Meltano project of both plugins as they are installed already."""
    folder.mkdir(exist_ok=True)
    executable, catalog = tap[0], tap[-1]
    plugins = {
        "extractors": [
            {"name": own.TAP, "namespace": "tap_qa", "executable": executable, "catalog": catalog, "config": config}
            | {"capabilities": ["catalog", "state", "discover"]}
        ],
        "loaders": [
            {"name": TARGET.name, "namespace": "target_postgres", "config": loader}
            | {"executable": str(TARGET.home / "bin" / TARGET.name)}
        ],
    }
    project = {"project_id": "benchmark", "send_anonymous_usage_stats": False, "plugins": plugins}
    project |= {"default_environment": "dev", "environments": [{"name": "dev"}]}
    (folder / "loader.json").write_text(json.dumps(loader), encoding="utf-8")
    (folder / "meltano.yml").write_text(json.dumps(project), encoding="utf-8")  # JSON is YAML, too
    return folder


def _check(postgres: Postgres, rows: int) -> None:
    with closing(psycopg.connect(postgres.url, autocommit=True)) as connection:
        [stream] = FLAT.streams
        counted = connection.execute(f"SELECT count(*) FROM {SCHEMA}.{stream}").fetchone()  # noqa: S608 - our names
    if counted != (rows,):
        message = f"{counted} rows were loaded instead of {rows}"
        raise AssertionError(message)


def _empty(postgres: Postgres) -> None:
    with closing(psycopg.connect(postgres.url, autocommit=True)) as connection:
        connection.execute(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")
