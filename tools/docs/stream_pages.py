"""One page for each stream, and the diagrams of the raw tables, from schemas, catalog and examples."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tools.docs.examples import read_examples
from tools.docs.markdown import COMMAND, VENDORS, code, table
from tools.docs.relations import Column, Relation, columns, diagram, read_schemas, relations

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from tools.docs.plugin_facts import PluginFacts, StreamFacts

FOLDER = "docs/streams"


def stream_pages(root: Path, tap: PluginFacts) -> dict[Path, str]:
    """Return the text of every stream's page."""
    schemas, examples = read_schemas(root), read_examples(root)
    keys = {stream.name: stream.keys for stream in tap.streams}
    found = relations(schemas, keys)
    return {
        root / FOLDER / f"{stream.name}.md": "\n\n".join(
            _page(stream, schemas[stream.name], examples.get(stream.name, {}), found, keys)
        )
        + "\n"
        for stream in tap.streams
    }


def leftover_pages(root: Path, files: Mapping[Path, str]) -> list[Path]:
    """Return the pages of streams that are gone."""
    return sorted(path for path in (root / FOLDER).glob("*.md") if path not in files)


def raw_relations(root: Path, tap: PluginFacts) -> str:
    """Return a diagram a vendor of all streams that have a relation, with a table of the relations."""
    keys = {stream.name: stream.keys for stream in tap.streams}
    found = relations(read_schemas(root), keys)
    parts = []
    for vendor, title in VENDORS.items():
        own = [relation for relation in found if relation.stream.startswith(f"{vendor}_")]
        if own:
            names = sorted({name for relation in own for name in (relation.stream, relation.other)})
            picture = diagram(f"Relations of the streams of {title}", keys, own, names)
            parts += [f"### {title}", picture, relation_table(own, "streams/")]
    return "\n\n".join(part.rstrip("\n") for part in parts) + "\n"


def relation_table(shown: list[Relation], folder: str = "") -> str:
    """Return relations as a table with links to the streams' pages."""
    rows = (
        (f"[{each.stream}]({folder}{each.stream}.md)", code(each.column), f"[{each.other}]({folder}{each.other}.md)")
        for each in shown
    )
    return table(("stream", "column", "leads to"), rows)


def _page(
    stream: StreamFacts,
    schema: Mapping[str, Any],
    example: Mapping[str, Any],
    found: list[Relation],
    keys: Mapping[str, tuple[str, ...]],
) -> Iterator[str]:
    yield f"<!-- Written by `{COMMAND}`. -->\n\n# {stream.name}"
    yield stream.description
    yield table(("", ""), _facts(stream)).rstrip("\n")
    yield "## Columns"
    if example:
        yield "The example is a row of the sandbox; its texts and lists are cut."
    yield table(("column", "type", "meaning", "example"), _columns(schema, example)).rstrip("\n")
    own = [relation for relation in found if stream.name in {relation.stream, relation.other}]
    if own:
        names = sorted({name for relation in own for name in (relation.stream, relation.other)})
        yield "## Relations"
        yield diagram(f"Streams that {stream.name} relates to", keys, own, names)
        yield relation_table(own).rstrip("\n")


def _facts(stream: StreamFacts) -> Iterator[tuple[str, str]]:
    yield "vendor", f"[{VENDORS[stream.vendor]}](../vendors/{stream.vendor}.md)"
    yield "primary key", ", ".join(code(key) for key in stream.keys)
    yield "replication", stream.replication
    yield "selected by default", "yes" if stream.selected_by_default else "no"


def _columns(schema: Mapping[str, Any], example: Mapping[str, Any]) -> Iterator[tuple[str, str, str, str]]:
    for column in columns(schema):
        yield code(column.path), column.type, column.schema.get("description", ""), _example(column, example)


def _example(column: Column, example: Mapping[str, Any]) -> str:
    """Return the value that the row has there; objects and lists of objects are shown by what is in them."""
    value: Any = example
    for name in column.path.replace("[]", ".[]").split("."):
        if name == "[]" and isinstance(value, list) and value:
            value = value[0]
        elif isinstance(value, dict):
            value = value.get(name)
        else:
            return ""
    shown = [*columns(column.schema), *columns(column.schema.get("items", {}))]
    if value in (None, [], {}, "") or shown:
        return ""
    return code(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
