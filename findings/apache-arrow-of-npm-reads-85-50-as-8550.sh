#!/usr/bin/env bash
# A page reads scores as Arrow, where DuckDB and PostgreSQL's clients have decimals: decimal(5,2) holds 85.50. Averages and sums of
# whole numbers are decimals as well (DuckDB's sum of integers is a decimal(38,0) there).
# Versions: npm's apache-arrow 21.2.0 and hyparquet 1.33.0, pyarrow 26.0.1.
# Expected: 85.5, or the text "85.50", or an object that knows its scale; hyparquet gives 85.5 for the same table as Parquet.
# Seen: the value is 8550 as a number, as text and in JSON, and -1.25 is -125; sums and charts of it are a hundred times too large. The
#   scale stands in the column's type only.
source "$(dirname "$0")/common.bash"
node_with apache-arrow@21.2.0 hyparquet@1.33.0
python_with pyarrow==26.0.1
run_python <<'PY'
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet

scores = pa.array([Decimal("85.50"), Decimal("-1.25"), Decimal("100.00")], pa.decimal128(5, 2))
table = pa.table({"score": scores, "double": scores.cast("double")})
with pa.ipc.new_file("scores.arrow", table.schema) as file:
    file.write_table(table)
pyarrow.parquet.write_table(table, "scores.parquet", compression="none")
PY
seen=$(run_node <<'JS'
const fs = require('fs'), { tableFromIPC } = require('apache-arrow')
const table = tableFromIPC(fs.readFileSync('scores.arrow')), score = table.getChild('score'), double = table.getChild('double')
console.log('apache-arrow, decimal:', ...[...score].map(value => `${Number(value)} '${value}'`), JSON.stringify({ score: score.get(0) }))
console.log('apache-arrow, double:', ...double)
console.log('type:', String(score.type), 'sum:', [...score].reduce((sum, value) => sum + Number(value), 0))
import('hyparquet').then(async ({ parquetReadObjects }) => {
  const file = fs.readFileSync('scores.parquet')
  const rows = await parquetReadObjects({ file: file.buffer.slice(file.byteOffset, file.byteOffset + file.length) })
  console.log('hyparquet:', ...rows.map(row => row.score))
})
JS
) || true
verdict "$seen" "apache-arrow, decimal: 8550 '8550' -125 '-125' 10000 '10000' {\"score\":\"\\\"8550\\\"\"}
apache-arrow, double: 85.5 -1.25 100
type: Decimal[5e+2] sum: 18425
hyparquet: 85.5 -1.25 100"
