"""dbt as a utility of `meltano.yml`, in the versions that pyproject.toml tests."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

INDENT = " " * 4
CONNECTION = (
    ("host", "PGHOST", "TARGET_POSTGRES_HOST", "string", "Name or address of the PostgreSQL server."),
    ("port", "PGPORT", "TARGET_POSTGRES_PORT", "integer", "Its port."),
    ("user", "PGUSER", "TARGET_POSTGRES_USER", "string", "Role that reads the raw tables and owns the marts."),
    ("password", "PGPASSWORD", "TARGET_POSTGRES_PASSWORD", "password", "Password of that role."),
    ("database", "PGDATABASE", "TARGET_POSTGRES_DATABASE", "string", "Name of the database."),
)
FILES = (
    ("path", "QA_DUCKDB", "$MELTANO_PROJECT_ROOT/qa.duckdb", "string", "DuckDB file that holds the marts."),
    (
        "jsonl",
        "QA_JSONL",
        "$MELTANO_PROJECT_ROOT/output",
        "string",
        "Folder of the files that target-jsonl wrote; empty to read tables.",
    ),
)
SCHEMA = ("schema", "QA_MARTS_SCHEMA", "qa", "string", "Schema of the marts.")
COMMANDS = {
    "build": ("build", "Make the marts and run their tests."),
    "run": ("build --exclude-resource-type test --exclude-resource-type unit_test", "Make the marts."),
    "test": ("test", "Run their tests."),
}


def dbt_utilities(root: Path) -> str:
    """Return the utilities' definitions."""
    pins = re.findall(r'"(dbt-[^"]*)"', (root / "pyproject.toml").read_text(encoding="utf-8"))
    postgres = [(name, variable, f"${source}", kind, text) for name, variable, source, kind, text in CONNECTION]
    utilities = [
        _utility("postgres", "PostgreSQL", pins, [*postgres, SCHEMA]),
        _utility("duckdb", "DuckDB", pins, [*FILES, SCHEMA]),
    ]
    text = yaml.safe_dump(utilities, sort_keys=False, width=112, allow_unicode=True)
    return "".join(f"{INDENT}{line}" for line in text.splitlines(keepends=True))


def _utility(adapter: str, label: str, pins: Sequence[str], settings: list[tuple[str, ...]]) -> dict[str, Any]:
    chosen = [pin for pin in pins if pin.startswith(("dbt-core", f"dbt-{adapter}"))]
    place = f"--project-dir transform --profiles-dir transform/profiles/{adapter}"
    return {
        "name": f"dbt-{adapter}",
        "namespace": f"dbt_{adapter}",
        "label": f"dbt ({label})",
        "pip_url": " ".join(f'"{pin}"' if " " in pin else pin for pin in chosen),
        "executable": "dbt",
        "settings": [_setting(*setting) for setting in settings],
        "commands": {
            name: {"args": f"{command} {place}", "description": description}
            for name, (command, description) in COMMANDS.items()
        },
    }


def _setting(name: str, variable: str, value: str, kind: str, description: str) -> dict[str, Any]:
    sensitive = {"sensitive": True} if kind == "password" else {}
    return {"name": name, "env": variable, "kind": kind, **sensitive, "value": value, "description": description}
