#!/usr/bin/env bash
# Scores become whole numbers by one narwhals expression, cast(nw.Int64), over four kinds of tables.
# Versions: narwhals 2.29.0, pyarrow 26.0.1, polars 2.1.0, pandas 3.1.1, duckdb 2.0.1.
# Expected: one library for all of them means one result: 82.9 is 82 everywhere, or 83 everywhere, or refused everywhere.
# Seen: 82 on polars and pandas, 83 on DuckDB, an error on pyarrow and on pandas with Arrow types.
#   Whoever tests on polars and runs on DuckDB has other scores.
source "$(dirname "$0")/common.bash"
python_with narwhals==2.29.0 pyarrow==26.0.1 polars==2.1.0 pandas==3.1.1 duckdb==2.0.1
seen=$(run_python <<'PY'
import duckdb
import narwhals as nw
import polars as pl

frame = pl.DataFrame({"score": [82.9, 83.5]})
arrow = frame.to_arrow()
kinds = {
    "polars": frame,
    "pandas": frame.to_pandas(),
    "pandas with Arrow types": frame.to_pandas(use_pyarrow_extension_array=True),
    "duckdb": duckdb.from_arrow(arrow),
    "pyarrow": arrow,
}
for name, table in kinds.items():
    try:
        print(f"{name}:", nw.from_native(table).lazy().select(nw.col("score").cast(nw.Int64)).collect()["score"].to_list())
    except Exception as error:
        print(f"{name}: error ({type(error).__name__})")
PY
) || true
verdict "$seen" "polars: [82, 83]
pandas: [82, 83]
pandas with Arrow types: error (ArrowInvalid)
duckdb: [83, 84]
pyarrow: error (ArrowInvalid)"
