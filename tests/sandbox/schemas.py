"""Holds rows against the schema files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
from jsonschema import Draft202012Validator, FormatChecker

if TYPE_CHECKING:
    from qa_sandbox.vendor import Dataset

_SCHEMAS = Path(__file__).parents[2] / "schemas"
_ENCODER = msgspec.json.Encoder(decimal_format="number")


def assert_expected_records_fit_schema(dataset: Dataset, vendor: str, stream: str, *, most: int = 200) -> None:
    """Assert that the expected records's rows have the schema's columns, no more and no less, and validate."""
    schema = json.loads((_SCHEMAS / vendor / f"{stream.removeprefix(vendor + '_')}.json").read_text(encoding="utf-8"))
    rows: list[dict[str, Any]] = list(dataset.expected_records(stream).values())
    assert rows
    validator = Draft202012Validator(schema, format_checker=FormatChecker())
    for row in rows[:: max(len(rows) // most, 1)]:
        assert set(row) == {*schema["properties"], "_unmapped"}
        validator.validate(json.loads(_ENCODER.encode(row)))
