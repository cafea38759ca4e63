"""Reads the marts where they are: a DuckDB file or PostgreSQL."""

from __future__ import annotations

import re
from contextlib import closing, contextmanager
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Protocol, cast

import duckdb
import psycopg

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

Cell = str | int | float | bool | None
Row = tuple[Cell, ...]

TABLES = "select table_name from information_schema.tables where table_schema = '{schema}'"


class ReportError(Exception):
    """The page can't be made; the message is one line for who asked for it."""


class Cursor(Protocol):
    """What DuckDB's and psycopg's results share."""

    def fetchall(self) -> Sequence[tuple[Any, ...]]:
        """Return all rows."""
        ...


class Connection(Protocol):
    """What DuckDB's and psycopg's connections share."""

    def execute(self, query: Any, /) -> Cursor:  # noqa: ANN401 - each has a type of its own for it
        """Run a query."""
        ...


class Warehouse:
    """The marts in one schema.

    Args:
        connection: Is only read from.
        schema: Where dbt made the marts.

    Raises:
        ReportError: The schema's name is none, or it holds no table.
    """

    def __init__(self, connection: Connection, schema: str) -> None:
        if not re.fullmatch(r"\w+", schema):
            msg = f"--schema {schema!r} is no name of a schema: use letters, digits and underscores"
            raise ReportError(msg)
        self._connection = connection
        self._schema = schema
        self.tables = {str(name) for (name,) in self.rows(TABLES)}
        if not self.tables:
            msg = (
                f"The schema {schema} holds no table: build the marts first (`dbt build`, see docs/marts.md), "
                "or name their schema with --schema"
            )
            raise ReportError(msg)

    def rows(self, query: str) -> list[Row]:
        """Run a query in which `{schema}` stands for the schema; return rows of texts, numbers, booleans and None."""
        found = self._connection.execute(query.replace("{schema}", self._schema)).fetchall()
        return [tuple(map(_cell, row)) for row in found]


def _cell(value: Any) -> Cell:  # noqa: ANN401 - any SQL value
    if isinstance(value, Decimal | float):
        return int(value) if value % 1 == 0 else float(value)
    return cast("Cell", value)


@contextmanager
def open_duckdb(path: Path, schema: str) -> Iterator[Warehouse]:
    """Open a DuckDB file to read.

    Raises:
        ReportError: It isn't there, isn't DuckDB's, is in use, or holds no marts.
    """
    if not path.is_file():
        msg = f"{path} is not there: name the file that dbt built the marts in"
        raise ReportError(msg)
    try:
        connection = duckdb.connect(str(path), read_only=True)
    except duckdb.Error as error:
        reason = str(error).splitlines()[0]
        msg = f"{path} can't be read as DuckDB {duckdb.__version__}: {reason}"
        raise ReportError(msg) from None
    with closing(connection), _one_line(duckdb.Error):
        yield Warehouse(connection, schema)


@contextmanager
def open_postgres(url: str, schema: str) -> Iterator[Warehouse]:
    """Open PostgreSQL to read.

    Raises:
        ReportError: It can't be reached, or holds no marts. The message has no part of the URL, which holds a password.
    """
    try:
        connection = psycopg.connect(url, options="-c default_transaction_read_only=on", connect_timeout=20)
    except psycopg.Error as error:
        msg = f"PostgreSQL can't be reached ({type(error).__name__}): check --postgres and that the server runs"
        raise ReportError(msg) from None
    with connection, _one_line(psycopg.Error):
        yield Warehouse(_Postgres(connection), schema)


class _Postgres:
    """What `Warehouse` needs of psycopg's connection, whose own `execute` has more parameters."""

    def __init__(self, connection: psycopg.Connection[tuple[Any, ...]]) -> None:
        self._connection = connection

    def execute(self, query: str, /) -> Cursor:
        return self._connection.execute(query)


@contextmanager
def _one_line(failures: type[Exception]) -> Iterator[None]:
    try:
        yield
    except failures as error:
        reason = str(error).splitlines()[0]
        msg = f"The marts can't be read: {reason}. Were they built by another release? Run `dbt build` again"
        raise ReportError(msg) from None
