"""A staging model a stream, with its types, keys and descriptions, from the schemas and the catalog."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

FOLDER = "transform/models/staging"
NOTE = "Written by `uv run python -m tools.docs`"
FORMATS = {"date-time": "instant", "date": "date"}
SCALARS = {"integer": "bigint", "number": "number", "boolean": "boolean"}


def staging_files(root: Path, keys: Mapping[str, Iterable[str]]) -> dict[Path, str]:
    """Return the text of all staging files.

    Args:
        root: The checkout.
        keys: Primary key by stream.
    """
    files, vendors = {}, dict[str, dict[str, dict[str, Any]]]()
    for path in sorted((root / "schemas").glob("*/*.json")):
        vendor, stream = path.parent.name, f"{path.parent.name}_{path.stem}"
        schema = json.loads(path.read_text(encoding="utf-8"))
        vendors.setdefault(vendor, {})[stream] = schema
        files[root / FOLDER / vendor / f"stg_{stream}.sql"] = _model(vendor, stream, schema, list(keys[stream]))
    for vendor, schemas in vendors.items():
        text = yaml.safe_dump(_documentation(vendor, schemas, keys), sort_keys=False, width=120, allow_unicode=True)
        files[root / FOLDER / vendor / f"stg_{vendor}.yml"] = f"# {NOTE} from schemas/{vendor}.\n{text}"
    return files


def leftover_files(root: Path, files: Mapping[Path, str]) -> list[Path]:
    """Return the staging files that are none of these: of streams that are gone."""
    return sorted(path for path in (root / FOLDER).rglob("stg_*") if path not in files)


def column_kind(schema: Mapping[str, Any]) -> str:
    """Return the kind of a column, in the words of the macro `qa_stage`."""
    declared = schema.get("type", "object")
    types = {declared} if isinstance(declared, str) else set(declared)
    types.discard("null")
    if types == {"string"}:
        return FORMATS.get(schema.get("format", ""), "text")
    if types == {"array"}:
        items = schema.get("items", {}).get("type", ())
        return "text_list" if "string" in ([items] if isinstance(items, str) else items) else "json"
    return SCALARS.get("".join(types), "json")


def _model(vendor: str, stream: str, schema: Mapping[str, Any], keys: list[str]) -> str:
    columns = ",\n".join(f"    '{name}': '{column_kind(inner)}'" for name, inner in schema["properties"].items())
    source = stream.removeprefix(f"{vendor}_")
    return (
        f"-- {NOTE} from schemas/{vendor}/{source}.json.\n"
        f"{{{{ qa_stage(source('{vendor}', '{stream}'), {keys!r}, {{\n{columns}\n}}) }}}}\n"
    )


def _documentation(
    vendor: str, schemas: Mapping[str, Mapping[str, Any]], keys: Mapping[str, Iterable[str]]
) -> dict[str, Any]:
    return {
        "version": 2,
        "sources": [
            {
                "name": vendor,
                "description": f"Raw tables of {vendor}, as a Singer loader wrote them.",
                "schema": f"{{{{ var('qa_schema_{vendor}', var('qa_schema', 'tap_qa')) }}}}",
                "tables": [{"name": stream, "description": each["description"]} for stream, each in schemas.items()],
            }
        ],
        "models": [_model_documentation(stream, each, list(keys[stream])) for stream, each in schemas.items()],
    }


def _model_documentation(stream: str, schema: Mapping[str, Any], keys: list[str]) -> dict[str, Any]:
    columns = [
        {"name": name, "description": inner.get("description", "")} for name, inner in schema["properties"].items()
    ]
    return {
        "name": f"stg_{stream}",
        "description": schema["description"],
        "columns": columns,
        "data_tests": [{"qa_unique_key": {"arguments": {"columns": keys}}}],
    }
