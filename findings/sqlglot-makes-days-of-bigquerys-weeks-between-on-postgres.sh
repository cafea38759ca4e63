#!/usr/bin/env bash
# Weeks since an agent's last evaluation, BigQuery's date_diff(today, last, week), translated to PostgreSQL and DuckDB with sqlglot.
# Versions: sqlglot 30.30.0, duckdb 2.0.1, PostgreSQL 18.7 (npm's @electric-sql/pglite 0.5.17).
# Expected: from Wednesday 28 October to Monday 30 November 2026 five Sundays pass: 5, or an error that PostgreSQL has no such thing.
# Seen: DuckDB gives 5. For PostgreSQL the unit is dropped: 33, the days. Months and years are right there.
source "$(dirname "$0")/common.bash"
python_with sqlglot==30.30.0 duckdb==2.0.1
node_with @electric-sql/pglite@0.5.17
run_python >"$folder/queries.json" <<'PY' || true
import json

import duckdb
import sqlglot

queries = {}
for unit in ("week", "month", "year"):
    sql = f"select date_diff(date '2026-11-30', date '2026-10-28', {unit}) as n"
    there = duckdb.sql(sqlglot.transpile(sql, read="bigquery", write="duckdb")[0]).fetchall()[0][0]
    queries[f"{unit}s: DuckDB {there}, PostgreSQL"] = sqlglot.transpile(sql, read="bigquery", write="postgres")[0]
print(json.dumps(queries))
PY
seen=$(run_node <<'JS'
const { PGlite } = require('@electric-sql/pglite'), queries = require('./queries.json'), postgres = new PGlite()
;(async () => {
  for (const name in queries) console.log(name, Number((await postgres.query(queries[name])).rows[0].n))
  process.exit()
})()
JS
) || true
verdict "$seen" "weeks: DuckDB 5, PostgreSQL 33
months: DuckDB 1, PostgreSQL 1
years: DuckDB 0, PostgreSQL 0"
