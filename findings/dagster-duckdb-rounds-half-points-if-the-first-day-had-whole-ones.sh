#!/usr/bin/env bash
# A partitioned asset of scores a day, kept in DuckDB by Dagster's I/O managers. On the first day all scores are whole, on the
# second there are half points.
# Versions: dagster 1.13.27, dagster-duckdb-pandas and dagster-duckdb-polars 0.29.27, pandas 2.3.3, polars 2.1.0, duckdb 2.0.1.
# Expected: an error about the schema, or a column that grows: loading the days in another order gives the same table.
# Seen: the first day's type stays; 85.5 is stored as 86 and 84.5 as 84 (half to even), without a warning. With the days in the other
#   order they are kept.
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

scores_by_day = {"2026-11-01": [85, 90, 84], "2026-11-02": [85.5, 90.0, 84.5]}


def load(name, frame, manager, days):
    @asset(name="scores", partitions_def=DailyPartitionsDefinition("2026-11-01"), metadata={"partition_expr": "day"})
    def scores(context):
        day = datetime.datetime.fromisoformat(context.partition_key)
        return frame({"day": [day] * 3, "score": scores_by_day[context.partition_key]})

    path = f"{name}{days[0]}.duckdb"
    for day in days:
        materialize([scores], partition_key=day, resources={"io_manager": manager(database=path, schema="qa")})
    table = duckdb.connect(path).execute("select score from qa.scores where day::date = date '2026-11-02'")
    print(f"{name} | {days[0]} first |", *(score for score, in table.fetchall()))


for days in (list(scores_by_day), list(scores_by_day)[::-1]):
    load("pandas", pd.DataFrame, DuckDBPandasIOManager, days)
    load("polars", pl.DataFrame, DuckDBPolarsIOManager, days)
PY
) || true
verdict "$seen" "pandas | 2026-11-01 first | 86 90 84
polars | 2026-11-01 first | 86 90 84
pandas | 2026-11-02 first | 85.5 90.0 84.5
polars | 2026-11-02 first | 85.5 90.0 84.5"
