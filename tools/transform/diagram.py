"""The relations of the marts as a diagram, from the tests that hold them, and the marts' columns as tables."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MODELS = "transform/models"
REFERENCE = re.compile(r"ref\('(\w+)'\)")
KEY_ENDS = ("_key", "vendor")


def mart_blocks(root: Path) -> dict[str, str]:
    """Return the generated blocks of `docs/marts.md`, by name."""
    models = [*_models(root / MODELS / "marts"), *_models(root / MODELS / "reports")]
    return {"relations": _diagram(models) + "\n", "columns": _tables(models) + "\n"}


def _models(folder: Path) -> Iterator[dict[str, Any]]:
    for path in sorted(folder.glob("*.yml")):
        yield from yaml.safe_load(path.read_text(encoding="utf-8"))["models"]


def _diagram(models: list[dict[str, Any]]) -> str:
    lines = ["```mermaid", "erDiagram", "    accTitle: Relations of the marts"]
    for model in models:
        keys = [column["name"] for column in model["columns"] if column["name"].endswith("_key")]
        if keys:
            fields = "\n".join(f"        text {name}{_mark(model, name)}" for name in keys)
            lines += [f"    {model['name']} {{\n{fields}\n    }}"]
    for model in models:
        for column in model["columns"]:
            lines += [
                f"    {other} ||--o{{ {model['name']} : {column['name']}"
                for other in _references(column, model["name"])
            ]
    return "\n".join([*lines, "```"])


def _mark(model: dict[str, Any], name: str) -> str:
    column = next(each for each in model["columns"] if each["name"] == name)
    return " PK" if "unique" in column.get("data_tests", []) else " FK"


def _references(column: dict[str, Any], own: str) -> Iterator[str]:
    """Yield the models that hold the key, by the column's test of relations."""
    for test in column.get("data_tests", []):
        if isinstance(test, dict) and "relationships" in test:
            found = REFERENCE.search(test["relationships"]["arguments"]["to"])
            if found and found[1] != own:
                yield found[1]


def _tables(models: list[dict[str, Any]]) -> str:
    parts = []
    for model in models:
        rows = [f"| `{each['name']}` | {_one_line(each['description'])} |" for each in model["columns"]]
        parts += [
            f"### {model['name']}\n\n{_one_line(model['description'])}\n",
            "\n".join(["| column | meaning and source |", "| --- | --- |", *rows]) + "\n",
        ]
    return "\n".join(parts).rstrip("\n")


def _one_line(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
