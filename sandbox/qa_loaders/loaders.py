"""The loaders that are tried, each in a few lines: what is installed, how it is set, how its rows are read back."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from qa_loaders import stores

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping


@dataclass(frozen=True)
class Loader:
    """One loader in one version and setting.

    Attributes:
        name: Its id, to be quoted in docs/surprises.toml.
        title: The column's head in the table.
        pins: What pip installs; the first is the loader.
        program: Its command.
        python: The version of Python that it needs.
        config: Its settings; `$file`, `$host` and the like stand for values of the place that it writes to.
        environment: Variables that it is started with.
        rows: Yields what it stored of a stream.
        appends: It adds every row, so readers take the last row of each key.
        needs_server: It writes to PostgreSQL.
        is_killed: It is one of those that a million rows and a kill are tried on.
        advice: What to do about what the table shows.
    """

    name: str
    title: str
    pins: tuple[str, ...]
    program: str
    rows: Callable[[stores.Place, str], Iterator[stores.Row]]
    config: Mapping[str, Any]
    advice: str
    python: str = "3.12"
    environment: Mapping[str, str] = field(default_factory=dict)
    appends: bool = False
    needs_server: bool = False
    is_killed: bool = False


_POSTGRES = {
    **{name: f"${name}" for name in ("host", "port", "user", "password", "default_target_schema")},
    "sanitize_null_text_characters": True,
    "validate_records": False,
}
_DUCKDB = {"path": "$file", "default_target_schema": "$schema"}
_FOLDER = {"destination_path": "$folder"}

LOADERS = (
    Loader(
        name="postgres-copy",
        title="target-postgres (Meltano), COPY",
        pins=("meltanolabs-target-postgres==0.8.1",),
        program="target-postgres",
        rows=stores.postgres_rows,
        config={**_POSTGRES, "database": "$database", "use_copy": True},
        needs_server=True,
        is_killed=True,
        advice="What `meltano.yml` sets. Read nulls of objects by `nullif(x, 'null'::jsonb)`; where every digit of a "
        "long decimal counts, take INSERT. Before a type widens, `alter column … type numeric`.",
    ),
    Loader(
        name="postgres-insert",
        title="target-postgres (Meltano), INSERT",
        pins=("meltanolabs-target-postgres==0.8.1",),
        program="target-postgres",
        rows=stores.postgres_rows,
        config={**_POSTGRES, "database": "$database"},
        environment={"PGTZ": "UTC"},
        needs_server=True,
        advice="With `PGTZ=UTC` in its environment: else instants are stored as the wall time of the server's zone. "
        "Keeps all digits, takes three times as long as COPY.",
    ),
    Loader(
        name="pipelinewise",
        title="pipelinewise-target-postgres",
        pins=("pipelinewise-target-postgres==2.1.2",),
        program="target-postgres",
        rows=stores.postgres_rows,
        config={**_POSTGRES, "dbname": "$database"},
        needs_server=True,
        advice="Not for comments, nor for keys that may hold commas.",
    ),
    Loader(
        name="duckdb-1",
        title="target-duckdb, DuckDB 1.2",
        pins=("target-duckdb==0.8.0", "duckdb==1.2.2"),
        program="target-duckdb",
        rows=stores.duckdb_rows,
        config=_DUCKDB,
        is_killed=True,
        advice="Keep `_unmapped` selected: a stream that has texts only loses the first row of each batch. Safer: "
        "`target-jsonl`, and DuckDB reads its files, as `dbt-duckdb:build` does.",
    ),
    Loader(
        name="duckdb-2",
        title="target-duckdb, DuckDB 2",
        pins=("target-duckdb==0.8.0", "duckdb==2.0.1"),
        program="target-duckdb",
        rows=stores.duckdb_rows,
        config=_DUCKDB,
        advice="Not as it installs: pin `duckdb<1.3`, or take `target-jsonl`.",
    ),
    Loader(
        name="jsonl",
        title="target-jsonl",
        pins=("target-jsonl==0.1.4",),
        program="target-jsonl",
        rows=stores.jsonl_rows,
        config={**_FOLDER, "do_timestamp_file": False},
        appends=True,
        is_killed=True,
        advice="The last line of a key counts, as in `dbt-duckdb:build`.",
    ),
    Loader(
        name="csv",
        title="target-csv (Meltano)",
        pins=("meltanolabs-target-csv==0.5.0",),
        program="target-csv",
        rows=stores.csv_rows,
        config={**_FOLDER, "file_naming_scheme": "{stream_name}-{timestamp}.csv", "validate_records": False},
        appends=True,
        advice="With a timestamp in the file's name, as here: by default, each run replaces the files of the one "
        "before. Objects are written in Python's notation, so leave them out or take JSON lines.",
    ),
    Loader(
        name="sqlite",
        title="target-sqlite",
        pins=("target-sqlite==0.2.0",),
        program="target-sqlite",
        python="3.9",
        rows=stores.sqlite_rows,
        config={"database": "$file", "batch_size": 5000},
        advice="Only for a look: objects are in Python's notation or in columns of their own.",
    ),
    Loader(
        name="old-csv",
        title="target-csv (Singer, 2019)",
        pins=("target-csv==0.3.0", "setuptools<80"),
        program="target-csv",
        python="3.9",
        rows=stores.csv_rows,
        config={**_FOLDER, "disable_collection": True},
        appends=True,
        advice="Not at all: cells move to other columns where an object is null.",
    ),
    Loader(
        name="avro",
        title="target-avro",
        pins=("target-avro==0.2.0", "fastavro==1.9.7", "setuptools<80"),
        program="target-avro",
        python="3.9",
        rows=stores.avro_rows,
        config={"prefix": "$file", "disable_collection": True},
        appends=True,
        advice="Not at all: it stops at objects whose properties are not known, and each run starts its files over.",
    ),
    Loader(
        name="universal-file",
        title="target-universal-file, Parquet",
        pins=("target-universal-file==0.0.1",),
        program="target-universal-file",
        rows=stores.parquet_rows,
        config={"protocol": "local", "path": "$folder", "file_type": "parquet"},
        appends=True,
        advice="Not at all: it stops at the first nullable column.",
    ),
    Loader(
        name="parquet",
        title="target-parquet",
        pins=("target-parquet==0.0.1",),
        program="target-parquet",
        rows=stores.parquet_rows,
        config=_FOLDER,
        appends=True,
        advice="Make Parquet of `target-jsonl`'s files by DuckDB: `copy (from read_json(…)) to 'x.parquet'`.",
    ),
)
