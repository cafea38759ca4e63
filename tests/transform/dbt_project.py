"""Runs dbt as users do, on a warehouse of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).parents[2] / "transform"
DBT = Path(sys.executable).with_name("dbt")
SECONDS = 300
FINE = {"success", "pass", "no-op"}


@dataclass(frozen=True)
class Outcome:
    """What a dbt command left.

    Attributes:
        status: Its exit status.
        log: What it printed.
        results: Status by node, as `qa_metrics` or `qa_agreement.chance_is_taken_out_of_agreement`.
    """

    status: int
    log: str
    results: dict[str, str]

    @property
    def faults(self) -> dict[str, str]:
        """What is neither passed nor made, warnings included."""
        return {node: status for node, status in self.results.items() if status not in FINE}


@dataclass(frozen=True)
class Warehouse:
    """A warehouse that dbt fills.

    Attributes:
        adapter: duckdb or postgres.
        folder: Where dbt may write.
        environment: How it reaches the warehouse.
    """

    adapter: str
    folder: Path
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def path(self) -> Path:
        """DuckDB's file."""
        return self.folder / "warehouse.duckdb"

    def dbt(self, *arguments: str, zone: str = "UTC", **variables: object) -> Outcome:
        """Run a command, on a machine in this zone."""
        done = subprocess.run(  # noqa: S603
            self._command(arguments, variables),
            env=self._environment(zone),
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
        report = self.folder / "target" / "run_results.json"
        results: list[dict[str, Any]] = json.loads(report.read_text())["results"] if report.exists() else []
        return Outcome(
            done.returncode, done.stdout + done.stderr, {_name(each["unique_id"]): each["status"] for each in results}
        )

    def dbt_killed_at(self, model: str, *arguments: str, **variables: object) -> None:
        """Run a command and kill it as soon as it begins to make this model."""
        with subprocess.Popen(  # noqa: S603
            self._command(arguments, variables), env=self._environment("UTC"), stdout=subprocess.PIPE, text=True
        ) as process:
            assert process.stdout
            assert any(f"START sql table model qa.{model} " in line for line in process.stdout), "ended before it"
            process.kill()

    def _command(self, arguments: tuple[str, ...], variables: dict[str, object]) -> list[str]:
        return [
            *(str(DBT), "--no-use-colors", *arguments, "--project-dir", str(PROJECT)),
            *("--profiles-dir", str(PROJECT / "profiles" / self.adapter), "--vars", json.dumps(variables)),
            *("--target-path", str(self.folder / "target"), "--log-path", str(self.folder / "logs")),
        ]

    def _environment(self, zone: str) -> dict[str, str]:
        own = {"QA_DUCKDB": str(self.path), "TZ": zone, "PGTZ": zone, "DBT_SEND_ANONYMOUS_USAGE_STATS": "false"}
        return {**os.environ, **own, **self.environment}


def _name(unique_id: str) -> str:
    kind, _, *rest = unique_id.split(".")
    return ".".join(rest if kind in {"unit_test", "model"} else [kind, *rest])
