"""Both warehouses, built once: PostgreSQL and DuckDB with the same raw tables, on machines in different zones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import psycopg
import pytest

from qa_sandbox.demo.postgres import Postgres
from tests.transform.dbt_project import DBT, Outcome, Warehouse
from tests.transform.raw_tables import expected_tables, load_postgres, write_jsonl

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import duckdb

    from tests.transform.raw_tables import Tables

HERE = "tests/transform/test_"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run these in one process, which shares the warehouses, and only where dbt is installed."""
    without = pytest.mark.skip(reason="no dbt here: `uv sync --no-default-groups --group test --group transform`")
    for item in items:
        if item.nodeid.startswith(HERE):
            item.add_marker(pytest.mark.xdist_group("transform"))
            if not DBT.exists():
                item.add_marker(without)


@pytest.fixture(scope="session")
def raw() -> Tables:
    """What the vendors hold, by stream."""
    return expected_tables()


@pytest.fixture(scope="session")
def jsonl(raw: Tables, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same as target-jsonl writes it."""
    folder = tmp_path_factory.mktemp("jsonl")
    write_jsonl(raw, folder)
    return folder


@pytest.fixture(scope="session")
def on_duckdb(jsonl: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Warehouse, Outcome]:
    """DuckDB over JSONL, built in Tokyo."""
    warehouse = Warehouse("duckdb", tmp_path_factory.mktemp("duckdb"))
    return warehouse, warehouse.dbt("build", zone="Asia/Tokyo", qa_jsonl=str(jsonl))


@pytest.fixture(scope="session")
def on_postgres(raw: Tables, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Warehouse, Outcome]]:
    """PostgreSQL with target-postgres's columns, built in New York."""
    with Postgres() as server:
        with psycopg.connect(server.url) as connection:
            load_postgres(raw, connection)
        url = urlsplit(server.url)
        environment = {
            "PGHOST": str(url.hostname),
            "PGPORT": str(url.port),
            "PGUSER": str(url.username),
            "PGPASSWORD": str(url.password),
            "PGDATABASE": url.path.removeprefix("/"),
            "URL": server.url,
        }
        warehouse = Warehouse("postgres", tmp_path_factory.mktemp("postgres"), environment)
        yield warehouse, warehouse.dbt("build", zone="America/New_York")


@pytest.fixture
def marts(on_duckdb: tuple[Warehouse, Outcome]) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to the marts of DuckDB."""
    import duckdb  # noqa: PLC0415 - installed with dbt only

    with duckdb.connect(str(on_duckdb[0].path), read_only=True) as connection:
        yield connection


def rows(connection: duckdb.DuckDBPyConnection, query: str) -> list[dict[str, Any]]:
    """Return the rows of a query, by column."""
    cursor = connection.execute(query)
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
