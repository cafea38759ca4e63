from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tap_qa.records.convert import InvalidValueError
from target_qa.resources.columns import canonical_key, typed
from target_qa.resources.idempotency_key import idempotency_key

STAMP = {"type": ["string", "null"], "format": "date-time"}
DATE = {"type": "string", "format": "date"}
UUID = {"type": "string", "format": "uuid"}
BOOLEAN = {"type": ["boolean", "null"]}
NUMBER = {"type": ["null", "number"]}
TEXT = {"type": "string"}


def mark(value: object, schema: object) -> str:
    return idempotency_key("s", {"id": canonical_key(value, schema)}, {})


@pytest.mark.parametrize(
    "spellings",
    [
        [
            *((f"2026-04-01T12:00:00{end}", STAMP) for end in ("Z", "+00:00", "+0000", ".000000Z", ".0+00", "")),
            *(("2026-04-01 12:00:00+00:00", schema) for schema in (STAMP, TEXT, {})),
            ("2026-04-01T14:00:00+02:00", STAMP),
            ("2026-04-01t12:00z", STAMP),
        ],
        [
            ("2026-04-01", DATE),
            ("2026-04-01T00:00:00Z", DATE),
            ("2026-04-01T00:00:00+00:00", STAMP),
            ("2026-04-01", {}),
        ],
        [(7, {}), ("7", {}), (7, TEXT), ("7", TEXT), ("7.0", NUMBER), (Decimal("7.00"), NUMBER), ("007", NUMBER)],
        [(True, BOOLEAN), ("true", BOOLEAN), ("True", BOOLEAN), (1, BOOLEAN), ("1", BOOLEAN)],
        [("A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11", UUID), ("{a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11}", UUID)],
    ],
)
def test_one_key_has_one_mark_however_it_is_written(spellings: list[tuple[object, object]]) -> None:
    assert len({mark(value, schema) for value, schema in spellings}) == 1


def test_other_keys_have_other_marks() -> None:
    keys = [
        *("007", "07", "7.0", "7 ", "a", "A", "", "-0", "2026-04-01T12:00:00Z", "2026-04-01T12:00:00.5Z", "2026-04-01"),
        *("2026-04-01T12:00:00.1234567Z", "2026-04-01T12:00:00.1234568Z", "2026-13-01T12:00:00Z", 7, 7.5, None, True),
    ]
    assert len({mark(key, TEXT) for key in keys}) == len(keys)


@given(st.text(), st.text())
def test_texts_of_one_mark_are_one_instant_or_one_text(one: str, other: str) -> None:
    assert (mark(one, TEXT) == mark(other, TEXT)) is (one == other)


def test_decimals_are_numbers_wherever_they_are() -> None:
    decimal = {"type": ["string", "null"], "format": "singer.decimal"}
    schema: Any = {
        "anyOf": [
            {"type": "object", "properties": {"value": decimal, "list": {"type": "array", "items": decimal}}},
            {"type": "null"},
        ]
    }
    found = typed({"value": "87.50", "list": ["1", None], "other": "2"}, schema)
    assert found == {"value": Decimal("87.5"), "list": [Decimal(1), None], "other": "2"}
    assert typed("-3", {"type": "string", "format": "x-singer.decimal"}) == -3
    assert typed("87.50", {"type": ["string", "number"]}) == "87.50"
    with pytest.raises(InvalidValueError):
        typed("NaN", decimal)
