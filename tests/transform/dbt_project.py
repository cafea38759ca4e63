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
        target = self.folder / "target"
        command = [
            *(str(DBT), "--no-use-colors", *arguments, "--project-dir", str(PROJECT)),
            *("--profiles-dir", str(PROJECT / "profiles" / self.adapter), "--vars", json.dumps(variables)),
            *("--target-path", str(target), "--log-path", str(self.folder / "logs")),
        ]
        own = {"QA_DUCKDB": str(self.path), "TZ": zone, "PGTZ": zone, "DBT_SEND_ANONYMOUS_USAGE_STATS": "false"}
        done = subprocess.run(  # noqa: S603
            command,
            env={**os.environ, **own, **self.environment},
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
        report = target / "run_results.json"
        results: list[dict[str, Any]] = json.loads(report.read_text())["results"] if report.exists() else []
        return Outcome(
            done.returncode, done.stdout + done.stderr, {_name(each["unique_id"]): each["status"] for each in results}
        )


def _name(unique_id: str) -> str:
    kind, _, *rest = unique_id.split(".")
    return ".".join(rest if kind in {"unit_test", "model"} else [kind, *rest])
