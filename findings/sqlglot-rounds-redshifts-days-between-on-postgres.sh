#!/usr/bin/env bash
# Days from a score to its appeal, datediff(day, a, b), written for SQL Server, Redshift or Snowflake, where it counts the midnights
# between; translated to PostgreSQL with sqlglot.
# Versions: sqlglot 30.30.0, PostgreSQL 18.7 (npm's @electric-sql/pglite 0.5.17).
# Expected: 23:00 to 01:00 is 1, 08:00 to 21:00 is 0, whichever of the three it comes from.
# Seen: so from Snowflake. From SQL Server and Redshift the seconds are divided by 86400 and rounded: 0 and 1, each one wrong.
#   Hours and minutes are the same kind.
source "$(dirname "$0")/common.bash"
python_with sqlglot==30.30.0
node_with @electric-sql/pglite@0.5.17
run_python >"$folder/queries.json" <<'PY' || true
import json

import sqlglot

queries = {}
for dialect in ("tsql", "redshift", "snowflake"):
    for start, end in (("2026-11-29 23:00", "2026-11-30 01:00"), ("2026-11-29 08:00", "2026-11-29 21:00")):
        sql = f"select datediff(day, cast('{start}' as timestamp), cast('{end}' as timestamp)) as days"
        if dialect == "tsql":
            sql = sql.replace("as timestamp", "as datetime2")
        queries[f"{dialect}, {start[11:]} to {end[11:]}"] = sqlglot.transpile(sql, read=dialect, write="postgres")[0]
print(json.dumps(queries))
PY
seen=$(run_node <<'JS'
const { PGlite } = require('@electric-sql/pglite'), queries = require('./queries.json'), postgres = new PGlite()
;(async () => {
  for (const name in queries) console.log(`${name}:`, (await postgres.query(queries[name])).rows[0].days)
  process.exit()
})()
JS
) || true
verdict "$seen" "tsql, 23:00 to 01:00: 0
tsql, 08:00 to 21:00: 1
redshift, 23:00 to 01:00: 0
redshift, 08:00 to 21:00: 1
snowflake, 23:00 to 01:00: 1
snowflake, 08:00 to 21:00: 0"
