#!/usr/bin/env bash
# Marts that were written for Spark, BigQuery or MySQL are translated to DuckDB with sqlglot; they leave out weekends by
# dayofweek, where 1 is Sunday and 7 is Saturday.
# Versions: sqlglot 30.30.0, duckdb 2.0.1.
# Expected: the translation gives 1 for Sunday 29 November 2026, as it adapts the week of date_trunc and datediff.
# Seen: the name is kept, and DuckDB's dayofweek begins with 0: Sunday is 0, so `not in (1, 7)` leaves out Monday and keeps the
#   weekend. BigQuery's extract(dayofweek ...) and MySQL's weekday (0 is Monday there) are off as well. Trino's is right.
source "$(dirname "$0")/common.bash"
python_with sqlglot==30.30.0 duckdb==2.0.1
seen=$(run_python <<'PY'
import duckdb
import sqlglot

for dialect, sql, meant in (
    ("spark", "select dayofweek(date '2026-11-29')", 1),
    ("bigquery", "select extract(dayofweek from date '2026-11-29')", 1),
    ("mysql", "select dayofweek(date '2026-11-29')", 1),
    ("mysql", "select weekday(date '2026-11-29')", 6),
    ("trino", "select day_of_week(date '2026-11-29')", 7),
):
    translated = sqlglot.transpile(sql, read=dialect, write="duckdb")[0]
    print(f"{dialect}: {sql}: meant {meant}, DuckDB says {duckdb.sql(translated).fetchall()[0][0]}")
PY
) || true
verdict "$seen" "spark: select dayofweek(date '2026-11-29'): meant 1, DuckDB says 0
bigquery: select extract(dayofweek from date '2026-11-29'): meant 1, DuckDB says 0
mysql: select dayofweek(date '2026-11-29'): meant 1, DuckDB says 0
mysql: select weekday(date '2026-11-29'): meant 6, DuckDB says 0
trino: select day_of_week(date '2026-11-29'): meant 7, DuckDB says 7"
