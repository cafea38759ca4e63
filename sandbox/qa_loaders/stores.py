"""Where loaders write, and how that is read back: row by row, with nothing converted that could hide a difference."""

from __future__ import annotations

import contextlib
import csv
import json
import sqlite3
import subprocess
import sys
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg import sql
from psycopg.rows import dict_row
from psycopg.types.json import set_json_loads

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from qa_sandbox.demo.postgres import Postgres

Row = dict[str, Any]
UNREADABLE: Row = {}
"""What stands for a line that is no row, such as one that a kill cut off."""


class JsonNull:
    """A JSON null in a column of a database, which is not SQL's null: `is not null` holds."""


JSON_NULL = JsonNull()


@dataclass(frozen=True)
class Place:
    """Where one trial of one loader writes, and what its config may refer to as `$folder`, `$schema` and the like."""

    folder: Path
    schema: str
    python: Path
    """The loader's interpreter, which has the client of its store."""

    server: Postgres | None = None

    @property
    def values(self) -> Row:
        """What a config may refer to."""
        server = {} if self.server is None else self.server.loader_settings(self.schema)
        return {"folder": str(self.folder), "file": str(self.folder / "data.db"), "schema": self.schema, **server}


def postgres_rows(place: Place, stream: str) -> Iterator[Row]:
    """Yield a table of PostgreSQL; nothing if there is none."""
    assert place.server is not None  # noqa: S101 - for the type checker
    with psycopg.connect(place.server.url) as connection:
        set_json_loads(_json_column, connection)
        found = connection.execute("select to_regclass(%s)", [f'"{place.schema}"."{stream}"']).fetchone()
        if not found or not found[0]:
            return
        with connection.cursor(name="rows", row_factory=dict_row) as cursor:
            cursor.itersize = 10_000
            yield from cursor.execute(sql.SQL("select * from {}").format(sql.Identifier(place.schema, stream)))


def _json_column(text: str | bytes) -> Any:  # noqa: ANN401 - JSON
    value = json.loads(text, parse_float=Decimal)
    return JSON_NULL if value is None else value


def sqlite_rows(place: Place, stream: str) -> Iterator[Row]:
    """Yield a table of SQLite; nothing if there is none."""
    with contextlib.closing(sqlite3.connect(place.values["file"])) as connection:
        connection.row_factory = sqlite3.Row
        if not connection.execute("select 1 from sqlite_master where name = ?", [stream]).fetchone():
            return
        for row in connection.execute(f'select * from "{stream}"'):  # noqa: S608 - a stream's name
            yield dict(row)


def jsonl_rows(place: Place, stream: str) -> Iterator[Row]:
    """Yield the lines of a file, in order; nothing if there is none."""
    path = place.folder / f"{stream}.jsonl"
    if not path.exists():
        return
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield _row_of(line)


def _row_of(line: str) -> Row:
    try:
        found = json.loads(line, parse_float=Decimal)
    except json.JSONDecodeError:
        return UNREADABLE
    return found if isinstance(found, dict) else UNREADABLE


def csv_rows(place: Place, stream: str) -> Iterator[Row]:
    """Yield the rows of a stream's files, the oldest first; an empty cell is null, as CSV has no other."""
    csv.field_size_limit(sys.maxsize)
    for path in sorted([*place.folder.glob(f"{stream}.csv"), *place.folder.glob(f"{stream}-*.csv")]):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                yield {name: value or None for name, value in row.items() if name is not None}


def duckdb_rows(place: Place, stream: str) -> Iterator[Row]:
    """Yield a table of DuckDB, read by the loader's own version of it."""
    yield from _rows_by(place, _DUCKDB, place.values["file"], place.schema, stream)


def avro_rows(place: Place, stream: str) -> Iterator[Row]:
    """Yield the rows of Avro files."""
    yield from _rows_by(place, _AVRO, str(place.folder), stream)


def parquet_rows(place: Place, stream: str) -> Iterator[Row]:
    """Yield the rows of a Parquet file."""
    yield from _rows_by(place, _PARQUET, str(place.folder / f"{stream}.parquet"))


def _rows_by(place: Place, program: str, *arguments: str) -> Iterator[Row]:
    """Yield what a program in the loader's environment prints, a JSON object a line."""
    command = [str(place.python), "-c", program, *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8") as process:  # noqa: S603 - ours
        assert process.stdout is not None  # noqa: S101 - for the type checker
        for line in process.stdout:
            yield json.loads(line, parse_float=Decimal)


_DUCKDB = """
import duckdb, json, sys
file, schema, table = sys.argv[1:]
store = duckdb.connect(file, read_only=True)
store.execute("set enable_progress_bar = false")  # which goes to the standard output
found = store.execute(f'select * from "{schema}"."{table}"')
names = [each[0] for each in found.description]
while rows := found.fetchmany(10_000):
    for row in rows:
        print(json.dumps(dict(zip(names, row)), default=str))
"""
_AVRO = """
import glob, json, sys
import fastavro
folder, stream = sys.argv[1:]
for path in sorted(glob.glob(f"{folder}/*.{stream}.avro")):
    with open(path, "rb") as file:
        for row in fastavro.reader(file):
            print(json.dumps(row, default=str))
"""
_PARQUET = """
import json, os, sys
import pyarrow.parquet as pq
if not os.path.exists(sys.argv[1]):
    sys.exit()
for row in pq.read_table(sys.argv[1]).to_pylist():
    print(json.dumps(row, default=str))
"""
