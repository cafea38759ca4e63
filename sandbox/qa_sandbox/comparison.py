"""Whether a table holds what the vendor holds."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from qa_sandbox.database import Table, changed_keys

if TYPE_CHECKING:
    from collections.abc import Iterable

NAMED = 3
EXTRACTED_ON = "extracted_on"
TAPS_OWN = ("_row_key", "_window_end", EXTRACTED_ON)
"""Columns that the tap makes where the vendor gives no row id or date: no vendor's truth has them."""


def difference(table: Table, truth: Table) -> str | None:
    """Say what a table and the vendor's truth don't have in common, without any value; None if they are equal."""
    if any(name in row for row in table.values() for name in TAPS_OWN):
        told = _by_content(table, truth)
    else:
        told = [_row(key, table, truth) for key in sorted(changed_keys(table, truth), key=repr)]
    if not told:
        return None
    more = f"; and {len(told) - NAMED} more" if len(told) > NAMED else ""
    return f"{len(table)} rows, the vendor has {len(truth)}: {'; '.join(told[:NAMED])}{more}"


def _row(key: tuple[object, ...], table: Table, truth: Table) -> str:
    name = ", ".join(f"{part:f}" if isinstance(part, Decimal) else str(part) for part in key)
    if key not in table:
        return f"{name} is missing"
    if key not in truth:
        return f"{name} is not at the vendor"
    has, should = table[key], truth[key]
    columns = [column for column in sorted({*has, *should}) if has.get(column) != should.get(column)]
    return f"{name} differs in {', '.join(columns)}"


def _by_content(table: Table, truth: Table) -> list[str]:
    """Compare rows as wholes, since their keys are the tap's own; of daily snapshots, the vendor knows the last."""
    last = max((row[EXTRACTED_ON] for row in table.values() if EXTRACTED_ON in row), default=None)
    has = _contents(row for row in table.values() if row.get(EXTRACTED_ON) == last)
    should = _contents(truth.values())
    counts = {"missing": sum((should - has).values()), "not at the vendor": sum((has - should).values())}
    return [f"{count} rows are {what}" for what, count in counts.items() if count]


def _contents(rows: Iterable[dict[str, Any]]) -> Counter[Any]:
    return Counter(
        _frozen({name: value for name, value in row.items() if name not in TAPS_OWN and value is not None})
        for row in rows
    )


def _frozen(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Return a value as one that can be counted."""
    if isinstance(value, dict):
        return tuple(sorted((name, _frozen(inner)) for name, inner in value.items()))
    return tuple(map(_frozen, value)) if isinstance(value, list) else value
