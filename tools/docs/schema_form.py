"""The form of the schema files: a line for each property but those that hold others."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path


def schema_files(root: Path) -> dict[Path, str]:
    """Return the text that each schema file should have."""
    paths = sorted((root / "schemas").glob("*/*.json"))
    return {path: formatted(json.loads(path.read_text(encoding="utf-8"))) + "\n" for path in paths}


def formatted(value: Any, indent: str = "", *, is_properties: bool = False) -> str:  # noqa: ANN401 - any JSON
    """Return a schema, or its `properties`, as text; what holds no properties is one line."""
    if not (is_properties or _holds_properties(value)):
        return json.dumps(value, ensure_ascii=False)
    inner = f"{indent}  "
    lines = (
        f"{inner}{json.dumps(name)}: {formatted(each, inner, is_properties=name == 'properties')}"
        for name, each in value.items()
    )
    return "{\n" + ",\n".join(lines) + f"\n{indent}}}"


def _holds_properties(value: Any) -> bool:  # noqa: ANN401 - any JSON
    return isinstance(value, dict) and ("properties" in value or any(map(_holds_properties, value.values())))
