"""The mark by which a record is known again at a vendor that gives everything a new id."""

from __future__ import annotations

import hashlib
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from collections.abc import Mapping

KEY_FIELD = "target_qa_mark"
"""What the mark is called among a vendor's free metadata."""

_encode = msgspec.json.Encoder(decimal_format="string", order="deterministic").encode
_MARK_DIGITS = 32


def idempotency_key(sink: str, key: Mapping[str, Any], values: Mapping[str, Any]) -> str:
    """Return the mark of a record: the same for the same record in every run, another for any other.

    Args:
        sink: What kind of thing it becomes.
        key: The record's primary key, as its source gives it: two rows with the same values may both be meant.
        values: What is sent.
    """
    whole = {"sink": sink, "key": _canonical(dict(key)), "values": _canonical(dict(values))}
    return hashlib.sha256(_encode(whole)).hexdigest()[:_MARK_DIGITS]


def _canonical(value: Any) -> Any:  # noqa: ANN401 - JSON is anything
    """Write numbers in one way: 8, 8.0 and 8.00 are the same score, whatever tap brings them."""
    if isinstance(value, dict):
        return {name: _canonical(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_canonical(item) for item in value]
    if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
        return {"number": _digits(Decimal(repr(value)) if isinstance(value, float) else Decimal(value))}
    return value


def _digits(number: Decimal) -> str:
    """Write a number without the zeros that add nothing, at any length: Decimal's own way rounds to 28 digits."""
    if not number.is_finite():
        return str(number)
    sign, digits, exponent = number.as_tuple()
    whole = "".join(map(str, digits)).lstrip("0")
    short = whole.rstrip("0")
    return f"{'-' if sign else ''}{short}E{int(exponent) + len(whole) - len(short)}" if short else "0"
