"""Made-up values of a stream's columns, the same in every run, as long and as varied as a vendor's."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Mapping

    Schema = Mapping[str, Any]

SCHEMAS = Path(__file__).resolve().parents[2] / "schemas"
DAY = "2024-01-15"
"""The day of every timestamp; whoever writes rows out puts another in its place."""

_NULLS = 0.1
_NULL_COMMENTS = 0.6
_TEXT = """the agent greeted the caller by name and checked the account then said what happens next and
hold time was announced and thanks were given for it"""
_WORDS = _TEXT.split()
_FOREIGN = ("naïve", "“scripted”", "Zoë's")
_ANSWER_VALUES = ([1, Decimal("0.5"), 0], [1, 0], [5, 4, 3, 2, 1, 0], [10, Decimal("7.5"), 5, 0], [0, -5])
_LONG = {"comments": 40, "free_text_comment": 8, "comment": 20, "question": 9, "answer": 4, "description": 30}


def schema(vendor: str, table: str) -> dict[str, Any]:
    """Return the schema of a stream."""
    found: dict[str, Any] = json.loads((SCHEMAS / vendor / f"{table}.json").read_text(encoding="utf-8"))
    return found


def columns(of: Schema) -> dict[str, Schema]:
    """Return the columns that a vendor fills."""
    return {name: column for name, column in of["properties"].items() if not name.startswith("_")}


def kind(column: Schema) -> str:
    """Return a column's one type; empty if it may be of several."""
    declared = column.get("type", ())
    kinds = [one for one in ([declared] if isinstance(declared, str) else declared) if one != "null"]
    return kinds[0] if len(kinds) == 1 else ""


def value(name: str, column: Schema, rng: random.Random, *, stamp_end: str) -> Any:  # noqa: ANN401 - JSON
    """Return a value of a column.

    Args:
        name: What it is called, which tells how long a text is.
        column: Its schema.
        rng: What to draw from.
        stamp_end: What stands behind a timestamp's second.
    """
    if "null" in column.get("type", ()) and rng.random() < (_NULL_COMMENTS if "comment" in name else _NULLS):
        return None
    of_kind = kind(column)
    if of_kind == "array":
        return _array(name, column.get("items", {}), rng, stamp_end)
    if of_kind == "object":
        parts = column.get("properties", {})
        return {part: value(part, below, rng, stamp_end=stamp_end) for part, below in parts.items()}
    if of_kind in _SIMPLE:
        return _SIMPLE[of_kind](rng)
    return _text(name, column, rng, stamp_end)


_SIMPLE: dict[str, Callable[[random.Random], Any]] = {
    "integer": lambda rng: rng.randrange(1, 100_000),
    "number": lambda rng: Decimal(rng.randrange(0, 10_000)).scaleb(-rng.randrange(3)),
    "boolean": lambda rng: rng.random() < 0.5,  # noqa: PLR2004 - either
}


def _array(name: str, items: Schema, rng: random.Random, stamp_end: str) -> list[Any]:
    if "number" in items.get("type", ()):
        return list(rng.choice(_ANSWER_VALUES))
    return [value(name, items, rng, stamp_end=stamp_end) for _ in range(rng.randrange(3))]


def _text(name: str, column: Schema, rng: random.Random, stamp_end: str) -> str:
    form = column.get("format", "")
    if form == "date":
        return DAY
    if form == "date-time":
        between = "T" if stamp_end else " "
        return f"{DAY}{between}{rng.randrange(24):02}:{rng.randrange(60):02}:{rng.randrange(60):02}{stamp_end}"
    if name.endswith("_id") or name == "reference":
        return f"{rng.randrange(16**12):012x}"
    most = next((length for part, length in _LONG.items() if part in name), 3)
    words = rng.choices(_WORDS, k=rng.randrange(1, most + 1))
    if rng.random() < _NULLS:
        words[0] = rng.choice(_FOREIGN)
    return ", ".join((" ".join(words[:5]), " ".join(words[5:]))) if len(words) > 5 else " ".join(words)  # noqa: PLR2004
