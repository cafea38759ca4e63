#!/usr/bin/env bash
# A partitioned asset of scores a day, kept in DuckDB by Dagster's I/O managers for pandas and polars. On the second day the vendor's
# columns come in another order.
# Versions: dagster 1.13.27, dagster-duckdb-pandas and dagster-duckdb-polars 0.29.27, pandas 2.3.3, polars 2.1.0, duckdb 2.0.1.
# Expected: a frame has names, so each column goes to the one of its name, as in deltalake, ibis and pandas' to_sql; or an error.
# Seen: both append by position: of an evaluation with 85 of 100 points the table says 100 of 85. If a name is another one
#   (max_score, then maximum), that is not noticed either.
source "$(dirname "$0")/common.bash"
python_with dagster==1.13.27 dagster-duckdb-pandas==0.29.27 dagster-duckdb-polars==0.29.27 pandas==2.3.3 polars==2.1.0 duckdb==2.0.1
seen=$(run_python <<'PY' | grep '|'
import datetime

import duckdb
import pandas as pd
import polars as pl
from dagster import DailyPartitionsDefinition, asset, materialize
from dagster_duckdb_pandas import DuckDBPandasIOManager
from dagster_duckdb_polars import DuckDBPolarsIOManager

columns = {
    "2026-11-01": ["day", "score", "max_score"],
    "2026-11-02": ["day", "max_score", "score"],
    "2026-11-03": ["day", "maximum", "score"],
}


def load(name, frame, manager):
    @asset(name="scores", partitions_def=DailyPartitionsDefinition("2026-11-01"), metadata={"partition_expr": "day"})
    def scores(context):
        row = {"day": datetime.datetime.fromisoformat(context.partition_key), "score": 85, "max_score": 100, "maximum": 100}
        return frame({column: [row[column]] for column in columns[context.partition_key]})

    for day in columns:
        materialize([scores], partition_key=day, resources={"io_manager": manager(database=f"{name}.duckdb", schema="qa")})
    table = duckdb.connect(f"{name}.duckdb").execute("select day::date::text, score, max_score from qa.scores order by day")
    print(f"{name} |", *(f"{day}: {score} of {most} points |" for day, score, most in table.fetchall()))


load("pandas", pd.DataFrame, DuckDBPandasIOManager)
load("polars", pl.DataFrame, DuckDBPolarsIOManager)
PY
) || true
verdict "$seen" "pandas | 2026-11-01: 85 of 100 points | 2026-11-02: 100 of 85 points | 2026-11-03: 100 of 85 points |
polars | 2026-11-01: 85 of 100 points | 2026-11-02: 100 of 85 points | 2026-11-03: 100 of 85 points |"
