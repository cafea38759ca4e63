"""What a run left in PostgreSQL, in a form that compares with the vendors' expected records."""

from __future__ import annotations

import re
from datetime import date, datetime, timezone
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg import sql
from psycopg.rows import dict_row

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Table = dict[tuple[Any, ...], dict[str, Any]]
"""Rows by primary key, the values in one canonical form."""

UTC = "+00:00"
SHORTEST_INSTANT = len("2026-01-01T00:00:00Z")
LENGTH_IN_UTC = len("2026-01-01T00:00:00+00:00")
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3}(\d{3})?)?(Z|[+-]\d\d:\d\d)")
LOADER_COLUMNS = "_sdc_"
KEY_COLUMNS = """
    select a.attname
    from pg_index i
    join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any(i.indkey)
    where i.indrelid = %s::regclass and i.indisprimary
    order by array_position(i.indkey::int[], a.attnum::int)
"""


def read_tables(url: str, schema: str) -> dict[str, Table]:
    """Return every table of the schema, by name."""
    with psycopg.connect(url) as connection:
        names = connection.execute("select tablename from pg_tables where schemaname = %s", [schema]).fetchall()
        return {name: _read_table(connection, schema, name) for (name,) in names}


def _read_table(connection: psycopg.Connection[Any], schema: str, name: str) -> Table:
    table = sql.Identifier(schema, name)
    keys = [row[0] for row in connection.execute(KEY_COLUMNS, [table.as_string(connection)])]
    with connection.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(sql.SQL("select * from {}").format(table)).fetchall()
    return {tuple(canonical(row[key]) for key in keys): canonical_row(row) for row in rows}


def canonical_row(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row without its nulls and the loader's own columns, so that a column that never came equals a null."""
    return {
        name: canonical(value)
        for name, value in row.items()
        if value is not None and not name.startswith(LOADER_COLUMNS)
    }


def canonical(value: Any) -> Any:  # noqa: ANN401 - any JSON or SQL value
    """Return a value in the one form that JSON's and PostgreSQL's ways to write it share."""
    form = _FORMS.get(type(value))
    return value if form is None else form(value)


def _text(value: str) -> str:
    if len(value) < SHORTEST_INSTANT or value[10] != "T" or (len(value) == LENGTH_IN_UTC and value.endswith(UTC)):
        return value
    return _instant(datetime.fromisoformat(value.replace("Z", UTC))) if INSTANT.fullmatch(value) else value


def _instant(value: datetime) -> str:
    if value.tzinfo is None:
        return value.isoformat() + UTC
    return value.astimezone(timezone.utc).isoformat()


_FORMS: dict[type, Callable[[Any], Any]] = {
    dict: lambda value: {name: canonical(inner) for name, inner in value.items()},
    list: lambda value: [canonical(inner) for inner in value],
    tuple: lambda value: [canonical(inner) for inner in value],
    str: _text,
    datetime: _instant,
    date: date.isoformat,
    float: lambda value: Decimal(repr(value)),
}


def changed_keys(before: Table, after: Table) -> set[tuple[Any, ...]]:
    """Return the keys of the rows that are new, gone or different."""
    return {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}


def canonical_expected_records(rows: Mapping[tuple[Any, ...], Mapping[str, Any]]) -> Table:
    """Return a vendor's expected records in the form of `read_tables`."""
    return {tuple(canonical(part) for part in key): canonical_row(row) for key, row in rows.items()}
