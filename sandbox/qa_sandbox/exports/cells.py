"""Typed table cells: what a row truly says, before a vendor's file makes text of it."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal

    from qa_sandbox.vendor import Rows

Cell: TypeAlias = "str | int | Decimal | bool | datetime | list[Any] | dict[str, Any] | None"
"""One value. Instants are aware; numbers with a fraction are `Decimal`, so no digit is made up. Files hold no lists."""

Row: TypeAlias = "dict[str, Cell]"
"""One row, by the column names that the tap emits."""


def as_emitted(cell: Cell) -> Cell:
    """The value as a tap emits it: instants as RFC 3339 text in UTC, with milliseconds if they have any."""
    if isinstance(cell, list):
        return list(map(as_emitted, cell))
    if isinstance(cell, dict):
        return {name: as_emitted(item) for name, item in cell.items()}
    if not isinstance(cell, datetime):
        return cell
    return cell.astimezone(timezone.utc).isoformat(timespec="milliseconds" if cell.microsecond else "seconds")


def keyed(rows: Iterable[Row], identifying: tuple[str, ...]) -> Rows:
    """Rows as emitted, by their identifying columns; more rows with the same ones get 1, 2 … at the end of the key."""
    found: Rows = {}
    for row in rows:
        emitted = {name: as_emitted(cell) for name, cell in row.items()}
        key: tuple[object, ...] = tuple(emitted[name] for name in identifying)
        ordinal = 0
        while (*key, ordinal) in found if ordinal else key in found:
            ordinal += 1
        found[(*key, ordinal) if ordinal else key] = emitted
    return found
