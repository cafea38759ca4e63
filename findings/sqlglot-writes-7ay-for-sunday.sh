#!/usr/bin/env bash
# A report's labels by PostgreSQL's to_char, translated to DuckDB with sqlglot: the day's name, the month's, the time with AM or PM.
# Versions: sqlglot 30.30.0, duckdb 2.0.1, PostgreSQL 18.7 (npm's @electric-sql/pglite 0.5.17).
# Expected: what PostgreSQL writes for Sunday 29 November 2026, 14:05, or an error for a pattern that isn't translated.
# Seen: "Sunday" becomes "7ay", "Sun" "7y", "Nov" stays the letters "Mon", "02:05 PM" becomes "HH:05 AM", the day's number 1 is
#   7. No warning; HH24:MI, YYYY and IW are right.
source "$(dirname "$0")/common.bash"
python_with sqlglot==30.30.0 duckdb==2.0.1
node_with @electric-sql/pglite@0.5.17
run_python >"$folder/queries.json" <<'PY' || true
import json

import duckdb
import sqlglot

queries = {}
for pattern in ("Day", "Dy", "Mon", "HH:MI AM", "D", "YYYY-MM-DD HH24:MI", "IYYY-IW"):
    sql = f"select to_char(timestamp '2026-11-29 14:05:00', '{pattern}') as label"
    there = duckdb.sql(sqlglot.transpile(sql, read="postgres", write="duckdb")[0]).fetchall()[0][0]
    queries[f"{pattern}: DuckDB {there}, PostgreSQL"] = sql
print(json.dumps(queries))
PY
seen=$(run_node <<'JS'
const { PGlite } = require('@electric-sql/pglite'), queries = require('./queries.json'), postgres = new PGlite()
;(async () => {
  for (const name in queries) console.log(name, (await postgres.query(queries[name])).rows[0].label.trim())
  process.exit()
})()
JS
) || true
verdict "$seen" "Day: DuckDB 7ay, PostgreSQL Sunday
Dy: DuckDB 7y, PostgreSQL Sun
Mon: DuckDB Mon, PostgreSQL Nov
HH:MI AM: DuckDB HH:05 AM, PostgreSQL 02:05 PM
D: DuckDB 7, PostgreSQL 1
YYYY-MM-DD HH24:MI: DuckDB 2026-11-29 14:05, PostgreSQL 2026-11-29 14:05
IYYY-IW: DuckDB 2026-48, PostgreSQL 2026-48"
