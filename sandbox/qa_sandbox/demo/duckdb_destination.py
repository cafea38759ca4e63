"""The demo's tables without a server: files that target-jsonl writes, and a DuckDB file for the marts.

target-jsonl appends, so the last line of a key is the row, as dbt's staging has it, too.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from qa_report.page import write_page
from qa_report.warehouse import open_duckdb
from qa_sandbox.demo.database import canonical, canonical_row
from qa_sandbox.demo.write_back import FIGURE, MART, OUTBOX, SCORE_ID, VENDOR

if sys.version_info >= (3, 11):
    from typing import Self
else:
    from typing_extensions import Self

if TYPE_CHECKING:
    from datetime import datetime
    from types import TracebackType

    from qa_sandbox.demo.database import Table
    from qa_sandbox.demo.pipeline import Pipeline

MARTS = "qa"
ASSESSMENTS = "canary_speech_assessment_scores"
TYPES = {
    "date_recorded": {"type": "string", "format": "date-time"},
    "score_data": {"type": "number"},
    "extra_data": {"type": "object"},
}
TEXTS = ("id", "assessment_id", "score_id", "score_type")


class DuckDbDestination:
    """Files in a folder of their own, which is removed at the end.

    Args:
        keep: Whether it is left instead.
    """

    loader = "target-jsonl"
    marts = "dbt-duckdb:run"
    plugins = ("tap-qa", "target-jsonl", "target-qa", "dbt-duckdb")

    def __init__(self, *, keep: bool = False) -> None:
        self._keep = keep
        self._folder = Path(tempfile.mkdtemp(prefix="tap-qa-duckdb-"))
        self._files = self._folder / "tables"
        self._files.mkdir()
        self._database = self._folder / "warehouse.duckdb"
        self._sent: dict[str, Any] = {}

    def __enter__(self) -> Self:
        """Nothing is to be started."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Remove the files, unless they are to be kept."""
        if not (self._keep and error is None):
            shutil.rmtree(self._folder)

    def variables(self) -> dict[str, str]:
        """Return the settings of target-jsonl and dbt."""
        return {
            "TARGET_JSONL_DESTINATION_PATH": str(self._files),
            "DBT_DUCKDB_JSONL": str(self._files),
            "DBT_DUCKDB_PATH": str(self._database),
        }

    def read_tables(self) -> dict[str, Table]:
        """Return the last line of each key of each file."""
        keys = _keys()
        return {path.stem: self._read_table(path.stem, keys[path.stem]) for path in self._files.glob("*.jsonl")}

    def _read_table(self, stream: str, keys: list[str]) -> Table:
        with self._files.joinpath(f"{stream}.jsonl").open(encoding="utf-8") as lines:
            rows = (json.loads(line, parse_float=Decimal) for line in lines)
            return {tuple(canonical(row[key]) for key in keys): canonical_row(row) for row in rows}

    def prepare_score(self, *, at: datetime) -> str:
        """Lay the figure out in a file of Singer messages."""
        with duckdb.connect(self._database, read_only=True) as connection:
            figures = connection.table(f"{MARTS}.{MART}").filter(f"vendor = '{VENDOR}'")
            [(score, evaluations)] = figures.select(f"{FIGURE}, evaluations").fetchall()
        self._sent = {
            "id": f"{SCORE_ID} of {at.isoformat()}",
            "assessment_id": min(row["assessment_id"] for row in self._assessments()),
            "date_recorded": at.isoformat(),
            "score_id": SCORE_ID,
            "score_type": "number",
            "score_data": float(score),
            "extra_data": {"evaluations": evaluations},
        }
        return str(score)

    def send_score(self, pipeline: Pipeline) -> None:
        """Hand target-qa the messages."""
        stream = f"{OUTBOX}-canary_speech_scores"
        properties = {**{name: {"type": "string"} for name in TEXTS}, **TYPES}
        messages = [
            {"type": "SCHEMA", "stream": stream, "schema": {"properties": properties}, "key_properties": ["id"]},
            {"type": "RECORD", "stream": stream, "record": self._sent},
        ]
        path = self._folder / "outbox.jsonl"
        path.write_text("".join(f"{json.dumps(message)}\n" for message in messages), encoding="utf-8")
        pipeline.load(path, "target-qa")

    def score_differences(self) -> list[str]:
        """Compare the files with what was sent."""
        sent = canonical_row(self._sent)
        same = ("assessment_id", "date_recorded", "score_id", "score_type")
        back = [
            row
            for row in self._assessments()
            if all(row.get(name) == sent[name] for name in same)
            and row["score_data"].get("value") == sent["score_data"]
            and sent["extra_data"].items() <= row.get("extra_data", {}).items()
        ]
        return [] if len(back) == 1 else [f"{sent['id']} came back {len(back)} times as it was sent, not once"]

    def _assessments(self) -> list[dict[str, Any]]:
        return list(self._read_table(ASSESSMENTS, _keys()[ASSESSMENTS]).values())

    def write_page(self, path: Path) -> None:
        """Write the page of the marts."""
        with open_duckdb(self._database, MARTS) as warehouse:
            write_page(warehouse, path, names=True)

    def connection_help(self) -> list[str]:
        """Return where the files are."""
        return [
            f"The files are left; the marts are in the schema {MARTS}, the staging tables in {MARTS}_staging of",
            f"  {self._database}",
            f"  python:  duckdb.connect('{self._database}', read_only=True)",
            "To remove them:",
            f"  rm -r {self._folder}",
        ]


def _keys() -> dict[str, list[str]]:
    """Return the primary key of each stream, as the tap's catalog has it."""
    program = Path(sys.executable).with_name("tap-qa")
    catalog = subprocess.run([program, "--discover"], capture_output=True, check=True)  # noqa: S603
    return {entry["stream"]: entry["key_properties"] for entry in json.loads(catalog.stdout)["streams"]}
