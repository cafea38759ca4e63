#!/usr/bin/env bash
# Rows of a vendor's API as dicts, or as JSON lines: "auto_fail" stands only in those rows that have it, and not in the first ones.
# Versions: pyarrow 26.0.1, polars 2.1.0, datafusion 55.0.0, pandas 3.1.1, duckdb 2.0.1.
# Expected: a column that is null where the field is missing, or an error about an unknown field, as pandas and DuckDB have it.
# Seen: the column is not there, without a warning: pyarrow looks at the first row only, polars at a hundred rows (from_dicts and
#   read_ndjson), DataFusion's read_json at a thousand. The marts then know no automatic fail.
source "$(dirname "$0")/common.bash"
python_with pyarrow==26.0.1 polars==2.1.0 datafusion==55.0.0 pandas==3.1.1 duckdb==2.0.1
seen=$(run_python <<'PY'
import json

import datafusion
import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa

rows = [{"score": 85.0}] * 30000 + [{"score": 0.0, "auto_fail": True}]
with open("rows.jsonl", "w") as file:
    file.writelines(json.dumps(row) + "\n" for row in rows)
print("pyarrow, from the second row:", pa.Table.from_pylist(rows[-2:]).column_names)
print("pyarrow, from the first row:", pa.Table.from_pylist(rows[:-3:-1]).column_names)
print("polars, row 100 and 101:", pl.from_dicts(rows[-100:]).columns, pl.from_dicts(rows[-101:]).columns)
print("polars read_ndjson:", pl.read_ndjson("rows.jsonl").columns)
context = datafusion.SessionContext()
context.register_json("rows", "rows.jsonl", file_extension=".jsonl")
print("datafusion read_json:", context.sql("select * from rows").schema().names)
print("pandas:", list(pd.DataFrame(rows)), list(pd.read_json("rows.jsonl", lines=True)))
try:
    duckdb.sql("from 'rows.jsonl'").fetchall()
except duckdb.Error as error:
    print("duckdb:", str(error).splitlines()[0].split(": ", 2)[2])
PY
) || true
verdict "$seen" "pyarrow, from the second row: ['score']
pyarrow, from the first row: ['score', 'auto_fail']
polars, row 100 and 101: ['score', 'auto_fail'] ['score']
polars read_ndjson: ['score']
datafusion read_json: ['score']
pandas: ['score', 'auto_fail'] ['score', 'auto_fail']
duckdb: Object {\"score\":0.0,\"auto_fail\":true} has unknown key \"auto_fail\""
