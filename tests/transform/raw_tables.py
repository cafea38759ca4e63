"""Raw tables as loaders leave them, from the vendors' expected records: JSONL files, PostgreSQL, DuckDB.

PostgreSQL gets the columns that target-postgres makes: timestamps without a zone, `jsonb` with JSON's null where a
record has none, and real arrays for lists whose items have a type.
"""

from __future__ import annotations

import hashlib
import json
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from psycopg import sql
from psycopg.types.json import Jsonb

from qa_sandbox.clock import SandboxClock
from qa_sandbox.demo.command import vendors
from qa_sandbox.sandbox import Sandbox
from qa_sandbox.vendors.maestroqa.dataset import MaestroQaDataset

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import psycopg

Row = dict[str, Any]
Tables = dict[str, list[Row]]

SCHEMAS = Path(__file__).parents[2] / "schemas"
SCHEMA = "tap_qa"
FURTHER = (
    "maestroqa_coaching_sessions",
    *(f"scorebuddy_scorecard_{name}" for name in ("events", "comments", "causes")),
)
"""Streams that are not selected by default, and marts make use of."""

TODAY = "2026-06-15"
SCALARS = {"integer": "bigint", "number": "numeric", "boolean": "boolean"}
STRINGS = {"date-time": "timestamp", "date": "date"}


def expected_tables() -> Tables:
    """Return what a right sync leaves, by stream, with the keys that the tap adds."""
    clock = SandboxClock(frozen=True)
    sandbox = Sandbox(vendors(clock), clock=clock)
    grades = sandbox.vendors["maestroqa"].dataset
    assert isinstance(grades, MaestroQaDataset)
    grades.calibrations, grades.grader_qa = "all", True
    try:
        return {
            stream: [_with_keys(stream, key, row) for key, row in sandbox.expected_records(stream).items()]
            for stream in dict.fromkeys((*sandbox.streams, *FURTHER))
        }
    finally:
        for vendor in sandbox.vendors.values():
            vendor.close()


def _with_keys(stream: str, key: tuple[Any, ...], row: Row) -> Row:
    added: Row = {}
    if stream == "maestroqa_screen_capture_usage":
        added["extracted_on"] = TODAY
    elif "_row_key" in column_types(stream):
        added["_row_key"] = hashlib.sha256(repr(key).encode()).hexdigest()
    return {**row, **added}


def write_jsonl(tables: Mapping[str, Iterable[Row]], folder: Path) -> None:
    """Write a file a stream, as target-jsonl does."""
    folder.mkdir(parents=True, exist_ok=True)
    for stream, rows in tables.items():
        lines = (json.dumps(row, default=_plain, ensure_ascii=False) + "\n" for row in rows)
        folder.joinpath(f"{stream}.jsonl").write_text("".join(lines), encoding="utf-8")


def _plain(value: Any) -> Any:  # noqa: ANN401 - whatever JSON doesn't know
    if isinstance(value, Decimal):
        return float(value) if value % 1 else int(value)
    return value.isoformat()


def load_postgres(tables: Mapping[str, Iterable[Row]], connection: psycopg.Connection[Any]) -> None:
    """Make the tables in the schema `tap_qa`, all columns of the schemas, and fill them."""
    connection.execute(sql.SQL("create schema if not exists {}").format(sql.Identifier(SCHEMA)))
    for stream, rows in tables.items():
        kinds = column_types(stream)
        table, names = sql.Identifier(SCHEMA, stream), [sql.Identifier(name) for name in kinds]
        columns = [sql.SQL("{} " + kind).format(name) for name, kind in zip(names, kinds.values(), strict=True)]
        connection.execute(sql.SQL("create table {} ({})").format(table, sql.SQL(", ").join(columns)))
        into = sql.SQL("copy {} ({}) from stdin").format(table, sql.SQL(", ").join(names))
        with connection.cursor() as cursor, cursor.copy(into) as copy:
            for row in rows:
                copy.write_row([_cell(row.get(name), kind) for name, kind in kinds.items()])
    connection.commit()


def column_types(stream: str) -> dict[str, str]:
    """Return PostgreSQL's type of each column of a stream."""
    vendor = next(path.name for path in SCHEMAS.iterdir() if stream.startswith(f"{path.name}_"))
    path = SCHEMAS / vendor / f"{stream.removeprefix(f'{vendor}_')}.json"
    properties = json.loads(path.read_text(encoding="utf-8"))["properties"]
    return {name: _type(inner) for name, inner in {**properties, "_unmapped": {"type": ["object", "null"]}}.items()}


def _type(schema: Mapping[str, Any]) -> str:
    declared = schema["type"]
    types = {declared} if isinstance(declared, str) else set(declared)
    types -= {"null"}
    if types == {"string"}:
        return STRINGS.get(schema.get("format", ""), "text")
    if types == {"array"} and "type" in schema.get("items", {}):
        return f"{_type(schema['items'])}[]"
    return SCALARS.get("".join(types), "jsonb")


def _cell(value: Any, kind: str) -> Any:  # noqa: ANN401 - any cell
    if kind == "jsonb":
        return Jsonb(json.loads(json.dumps(value, default=_plain)))
    if kind == "jsonb[]":
        return None if value is None else [Jsonb(json.loads(json.dumps(item, default=_plain))) for item in value]
    return value.removesuffix("+00:00") if kind == "timestamp" and isinstance(value, str) else value
