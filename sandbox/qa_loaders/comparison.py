"""Whether what a loader stored is what was sent, value by value."""

from __future__ import annotations

import contextlib
import json
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timezone
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from qa_loaders.checks import key_of
from qa_loaders.stores import JSON_NULL, UNREADABLE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from qa_loaders.checks import Row

MAX_SHOWN = 30
_TRUE, _FALSE = ({str(value).lower(), int(value)} for value in (True, False))


@dataclass
class Found:
    """What is wrong with one table.

    Attributes:
        rows: How many rows it has, of how many keys that were sent.
        missing, repeated, strange: Keys that lack, rows beyond one a key, rows of no key that was sent.
        cells: How many values differ, by column.
        examples: By column, one of them: sent and stored.
    """

    rows: int = 0
    missing: int = 0
    repeated: int = 0
    strange: int = 0
    cells: Counter[str] = field(default_factory=Counter)
    examples: dict[str, str] = field(default_factory=dict)

    @property
    def verdict(self) -> str:
        """The worst of it in one word."""
        if self.missing:
            return "loses"
        if self.repeated:
            return "doubles"
        if self.strange:
            return "keeps"
        return "differs" if self.cells else "ok"

    @property
    def detail(self) -> str:
        """All of it in a sentence; empty if all is right."""
        counts = {"missing": self.missing, "rows more than keys": self.repeated, "of no key": self.strange}
        told = [f"{count} {what}" for what, count in counts.items() if count]
        return "; ".join([*told, *self.examples.values()])


def compare(
    rows: Iterable[Row],
    expected: Mapping[str, Row],
    schema: Mapping[str, Any],
    *,
    appends: bool = False,
    strict_nulls: bool = False,
) -> Found:
    """Compare a table with what was sent.

    Args:
        rows: As they were read back.
        expected: By key, see `expected_rows`.
        schema: The stream's SCHEMA message.
        appends: The loader adds every row: the last of each key counts, earlier ones are no fault.
        strict_nulls: A JSON null is no null.
    """
    found = Found()
    stored: dict[str, Row] = {}
    for row in rows:
        found.rows += 1
        key = key_of(row, schema["key_properties"])
        if row is UNREADABLE or key not in expected:
            found.strange += row.get("_sdc_deleted_at") is None
            continue
        found.repeated += key in stored and not appends
        stored[key] = row
    found.missing = len(expected.keys() - stored.keys())
    for key, row in stored.items():
        for column, declared in schema["schema"]["properties"].items():
            wrong = difference(expected[key].get(column), row, column, declared, strict_nulls=strict_nulls)
            if wrong:
                found.cells[column] += 1
                found.examples.setdefault(column, f"`{column}`: {wrong}")
    return found


def difference(
    sent: Any,  # noqa: ANN401 - JSON
    row: Row,
    column: str,
    declared: Mapping[str, Any],
    *,
    strict_nulls: bool = False,
) -> str | None:
    """Return how a stored value differs from the one that was sent; None if it is the same."""
    if column not in row:
        if any(name.startswith(f"{column}__") for name in row):
            return "split into several columns"
        return None if sent is None else "there is no such column"
    stored = None if row[column] is JSON_NULL and not strict_nulls else row[column]
    if sent is None:
        return None if stored is None else f"null is {_show(stored)}"
    if stored is not None and _same(sent, stored, declared):
        return None
    return f"{_show(sent)} is {_show(stored)}"


def _same(sent: Any, stored: Any, declared: Mapping[str, Any]) -> bool:  # noqa: ANN401 - JSON
    kinds = [declared["type"]] if isinstance(declared["type"], str) else declared["type"]
    if "string" in kinds:
        if declared.get("format") == "date-time":
            return _instant(stored) == _instant(sent)
        return bool((stored.isoformat() if isinstance(stored, date) else stored) == sent)
    if "boolean" in kinds:
        return (str(stored).lower() if isinstance(stored, (bool, str)) else stored) in (_TRUE if sent else _FALSE)
    if "object" in kinds or "array" in kinds:
        with contextlib.suppress(json.JSONDecodeError):
            stored = json.loads(stored, parse_float=Decimal) if isinstance(stored, str) else stored
        return bool(_plain(stored) == _plain(sent))
    return _number(stored) == _number(sent)


def _instant(value: Any) -> datetime | None:  # noqa: ANN401 - what a store gives
    """Return an instant; one without a zone is read as UTC, as the docs tell users to."""
    try:
        found = value if isinstance(value, datetime) else datetime.fromisoformat(str(value).replace("Z", "+00:00"))
    except ValueError:
        return None
    return found.replace(tzinfo=timezone.utc) if found.tzinfo is None else found.astimezone(timezone.utc)


def _number(value: Any) -> Decimal | None:  # noqa: ANN401 - what a store gives
    if isinstance(value, bool):
        return None
    try:
        return Decimal(repr(value) if isinstance(value, float) else str(value))
    except InvalidOperation:
        return None


def _plain(value: Any) -> Any:  # noqa: ANN401 - JSON
    """Return a value whose numbers compare exactly; members that are null equal ones that lack."""
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items() if inner is not None}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    return _number(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else value


def _show(value: Any) -> str:  # noqa: ANN401 - any
    """Return a value as a table's cell has it, cut to a few characters."""
    if value is JSON_NULL:
        return "JSON `null`, not SQL null"
    if value is None:
        return "null"
    if value == "":
        return "the empty text"
    plain = isinstance(value, (str, Decimal, datetime))
    text = str(value) if plain else json.dumps(value, default=str, ensure_ascii=False)
    if "\\" in text or not text.isprintable():
        text = text.encode("unicode_escape").decode()
    return f"`{text[:MAX_SHOWN]}…`" if len(text) > MAX_SHOWN else f"`{text}`"
