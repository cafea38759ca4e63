#!/usr/bin/env bash
# `pip install 'ibis-framework[duckdb,sqlite]==12.0.0'` today, with duckdb 1.5.6: a table is made of a frame, as in the tutorial.
# Versions: ibis-framework 12.0.0, duckdb 1.5.6, sqlglot 30.30.0 (what pip takes: ibis' requirement has no upper bound).
# Expected: the newest release of ibis works with what it asks for.
# Seen: create_table(name, frame) raises a parser error on DuckDB and SQLite alike (a DROP VIEW without a name is sent);
#   expressions over a memtable work. With sqlglot 27.29.0 the table is made.
source "$(dirname "$0")/common.bash"
python_with 'ibis-framework[duckdb,sqlite]==12.0.0' duckdb==1.5.6 sqlglot==30.30.0
cat >"$folder/make.py" <<'PY'
from importlib.metadata import version

import ibis
import pyarrow as pa

print("sqlglot", version("sqlglot"))
for engine in (ibis.duckdb, ibis.sqlite):
    name = engine.__name__.rpartition(".")[2]
    try:
        print(name, engine.connect().create_table("scores", pa.table({"score": [85.5]})).score.sum().to_pyarrow())
    except Exception as error:
        print(name, type(error).__name__)
PY
seen=$(run_python <"$folder/make.py")
python_with 'ibis-framework[duckdb,sqlite]==12.0.0' duckdb==1.5.6 sqlglot==27.29.0
verdict "$seen
$(run_python <"$folder/make.py")" "sqlglot 30.30.0
duckdb ParserException
sqlite OperationalError
sqlglot 27.29.0
duckdb 85.5
sqlite 85.5"
