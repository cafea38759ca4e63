"""The demo's tables in PostgreSQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa_report.page import write_page
from qa_report.warehouse import open_postgres
from qa_sandbox.demo import write_back
from qa_sandbox.demo.database import read_tables
from qa_sandbox.demo.pipeline import POSTGRES_PLUGINS

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from qa_sandbox.demo.database import Table
    from qa_sandbox.demo.pipeline import Pipeline
    from qa_sandbox.demo.postgres import Postgres

SCHEMA = "tap_qa"
MARTS = "qa"


class PostgresDestination:
    """A server that runs.

    Args:
        postgres: The server.
    """

    loader = "target-postgres"
    marts = "dbt-postgres:run"
    plugins = (*POSTGRES_PLUGINS, "dbt-postgres")

    def __init__(self, postgres: Postgres) -> None:
        self._postgres = postgres

    def variables(self) -> dict[str, str]:
        """Return the settings of target-postgres, from which dbt's follow, and tap-postgres."""
        return {**self._postgres.loader_variables(SCHEMA), **write_back.tap_postgres(self._postgres)}

    def read_tables(self) -> dict[str, Table]:
        """Return the tables of the schema."""
        return read_tables(self._postgres.url, SCHEMA)

    def prepare_score(self, *, at: datetime) -> str:
        """Lay the figure out in a table that tap-postgres reads."""
        return write_back.prepare(self._postgres.url, SCHEMA, MARTS, at=at)

    def send_score(self, pipeline: Pipeline) -> None:
        """Run tap-postgres into target-qa."""
        pipeline.run(*write_back.BLOCKS, name="way-back")

    def score_differences(self) -> list[str]:
        """Compare in SQL."""
        return write_back.difference(self._postgres.url, SCHEMA)

    def write_page(self, path: Path) -> None:
        """Write the page of the marts."""
        with open_postgres(self._postgres.url, MARTS) as warehouse:
            write_page(warehouse, path, names=True)

    def connection_help(self) -> list[str]:
        """Return how to connect, and how to stop the server."""
        return [
            f"The database is left running; its tables are in the schema {SCHEMA}, the marts in {MARTS}:",
            f"  {self._postgres.psql} '{self._postgres.url}'",
            f"  python:  psycopg.connect('{self._postgres.url}')",
            "To stop it and remove its files:",
            f"  {self._postgres.stop_command}",
        ]
