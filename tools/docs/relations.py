"""How streams relate, read from what their columns' descriptions say: "joins to `…`", "points to `…`"."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from pathlib import Path

_JOIN = re.compile(r"(?:joins|points) to (`\w+`(?:(?:,| and| or) `\w+`)*)", re.IGNORECASE)
_NAME = re.compile(r"`(\w+)`")


@dataclass(frozen=True)
class Column:
    """A property of a stream, under its dotted path; `[]` stands for an item of a list."""

    path: str
    schema: Mapping[str, Any]

    @property
    def type(self) -> str:
        """What it holds, in a word or two."""
        declared = self.schema.get("type", "any")
        kind = " or ".join(name for name in ([declared] if isinstance(declared, str) else declared) if name != "null")
        kind = kind.replace(
            "string", {"date-time": "instant", "date": "date"}.get(self.schema.get("format", ""), "text")
        )
        items = self.schema.get("items", {}).get("type")
        return f"{kind} of {Column('', self.schema['items']).type}" if kind == "array" and items else kind


@dataclass(frozen=True)
class Relation:
    """A column of one stream that leads to rows of another; `unique` if each value leads to one row at most."""

    stream: str
    column: str
    other: str
    unique: bool


def read_schemas(root: Path) -> dict[str, dict[str, Any]]:
    """Return the schema of each stream."""
    paths = sorted((root / "schemas").glob("*/*.json"))
    return {f"{path.parent.name}_{path.stem}": json.loads(path.read_text(encoding="utf-8")) for path in paths}


def columns(schema: Mapping[str, Any], prefix: str = "") -> Iterator[Column]:
    """Yield the columns of a schema in order, each before those inside it."""
    for name, inner in schema.get("properties", {}).items():
        yield Column(f"{prefix}{name}", inner)
        yield from columns(inner, f"{prefix}{name}.")
        yield from columns(inner.get("items", {}), f"{prefix}{name}[].")


def relations(schemas: Mapping[str, Mapping[str, Any]], keys: Mapping[str, Collection[str]]) -> list[Relation]:
    """Return the relations of all streams.

    Raises:
        ValueError: A description names a stream that does not exist.
    """
    found = []
    for stream, schema in schemas.items():
        for column in columns(schema):
            for names in _JOIN.findall(column.schema.get("description", "")):
                for other in _NAME.findall(names):
                    if not other.startswith(f"{stream.partition('_')[0]}_"):
                        continue  # a column
                    if other not in schemas:
                        msg = f"{stream}.{column.path} is said to join to {other}, which is no stream"
                        raise ValueError(msg)
                    is_list = "[]" in column.path or column.type.startswith("array")
                    is_unique = len(keys[other]) == 1 and "_row_key" not in keys[other] and not is_list
                    found.append(Relation(stream, column.path, other, unique=is_unique))
    return found


def diagram(title: str, keys: Mapping[str, Iterable[str]], shown: Iterable[Relation], streams: Iterable[str]) -> str:
    """Return streams with their keys, and relations between them, as a Mermaid diagram.

    Args:
        title: What it shows, for those who can't see it.
        keys: Primary keys by stream.
        shown: The relations to draw.
        streams: The streams to draw.
    """
    lines = ["```mermaid", "erDiagram", f"    accTitle: {title}"]
    for stream in streams:
        lines += [f"    {stream} {{", *(f"        key {key} PK" for key in keys[stream]), "    }"]
    for relation in shown:
        ends = "||--o{" if relation.unique else "}o--o{"
        lines.append(f'    {relation.other} {ends} {relation.stream} : "{relation.column}"')
    return "\n".join([*lines, "```"])
