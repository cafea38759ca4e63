"""Where the demo's tables are: what PostgreSQL and DuckDB do, each in its own way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from qa_sandbox.demo.database import Table
    from qa_sandbox.demo.pipeline import Pipeline


class Destination(Protocol):
    """A place for tables, marts and the page that is made of them."""

    @property
    def loader(self) -> str:
        """Meltano's name of what writes the tables."""
        ...

    @property
    def marts(self) -> str:
        """Meltano's block that makes the marts."""
        ...

    @property
    def plugins(self) -> tuple[str, ...]:
        """Meltano's names of all that is needed."""
        ...

    def variables(self) -> dict[str, str]:
        """Return the settings of its plugins, as environment variables."""
        ...

    def read_tables(self) -> dict[str, Table]:
        """Return every table that the loader wrote, by name."""
        ...

    def prepare_score(self, *, at: datetime) -> str:
        """Lay a figure of the marts out to be sent, recorded at this time; return it as text."""
        ...

    def send_score(self, pipeline: Pipeline) -> None:
        """Hand the score to target-qa."""
        ...

    def score_differences(self) -> list[str]:
        """Say whether the score came back once and as it was sent; a line for what is wrong."""
        ...

    def write_page(self, path: Path) -> None:
        """Write the page of the marts."""
        ...

    def connection_help(self) -> list[str]:
        """Return how to look at the tables, should they be kept."""
        ...
