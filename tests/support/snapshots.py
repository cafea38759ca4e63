"""Comparing a value with a JSON file that was reviewed; `--update-snapshots` writes the file again."""

from __future__ import annotations

import json
from difflib import unified_diff
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parents[1] / "snapshots"


def assert_matches_snapshot(config: pytest.Config, name: str, value: Any) -> None:  # noqa: ANN401 - JSON
    """Fail with a diff unless `tests/snapshots/<name>.json` holds this value."""
    path = FOLDER / f"{name}.json"
    text = json.dumps(value, indent=1, ensure_ascii=False) + "\n"
    if config.getoption("--update-snapshots"):
        path.write_text(text, encoding="utf-8")
        return
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    if before != text:
        lines = unified_diff(before.splitlines(), text.splitlines(), "reviewed", "now", lineterm="", n=2)
        pytest.fail("\n".join([f"{path.name} changed; see the diff, then run with --update-snapshots.", *lines]))
