"""Whether a table holds what the vendor holds."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from qa_sandbox.demo.database import Table, changed_keys

if TYPE_CHECKING:
    from collections.abc import Iterable

MAX_LISTED = 3
EXTRACTED_ON = "extracted_on"
TAP_COLUMNS = ("_row_key", "_window_end", EXTRACTED_ON)
"""Columns that the tap makes where the vendor gives no row id or date: no vendor's expected records has them."""


def difference(table: Table, expected_records: Table) -> str | None:
    """Describe how a table and the expected records differ, without any value; None if they are equal."""
    if any(name in row for row in table.values() for name in TAP_COLUMNS):
        told = _by_content(table, expected_records)
    else:
        told = [_row(key, table, expected_records) for key in sorted(changed_keys(table, expected_records), key=repr)]
    if not told:
        return None
    more = f"; and {len(told) - MAX_LISTED} more" if len(told) > MAX_LISTED else ""
    return f"{len(table)} rows, the vendor has {len(expected_records)}: {'; '.join(told[:MAX_LISTED])}{more}"


def _row(key: tuple[object, ...], table: Table, expected_records: Table) -> str:
    name = ", ".join(f"{part:f}" if isinstance(part, Decimal) else str(part) for part in key)
    if key not in table:
        return f"{name} is missing"
    if key not in expected_records:
        return f"{name} is not at the vendor"
    has, should = table[key], expected_records[key]
    columns = [column for column in sorted({*has, *should}) if has.get(column) != should.get(column)]
    return f"{name} differs in {', '.join(columns)}"


def _by_content(table: Table, expected_records: Table) -> list[str]:
    """Compare rows as wholes, since their keys are the tap's own; of daily snapshots, the vendor knows the last."""
    last = max((row[EXTRACTED_ON] for row in table.values() if EXTRACTED_ON in row), default=None)
    has = _contents(row for row in table.values() if row.get(EXTRACTED_ON) == last)
    should = _contents(expected_records.values())
    counts = {"missing": sum((should - has).values()), "not at the vendor": sum((has - should).values())}
    return [f"{count} rows are {what}" for what, count in counts.items() if count]


def _contents(rows: Iterable[dict[str, Any]]) -> Counter[Any]:
    return Counter(
        _frozen({name: value for name, value in row.items() if name not in TAP_COLUMNS and value is not None})
        for row in rows
    )


def _frozen(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Return a value as one that can be counted."""
    if isinstance(value, dict):
        return tuple(sorted((name, _frozen(inner)) for name, inner in value.items()))
    return tuple(map(_frozen, value)) if isinstance(value, list) else value
