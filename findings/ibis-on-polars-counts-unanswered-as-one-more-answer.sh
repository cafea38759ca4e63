#!/usr/bin/env bash
# How many different answers has each question? The ibis expression is one, the engines are two.
# Versions: ibis-framework 12.0.0, polars 2.1.0, duckdb 1.5.6, sqlglot 27.29.0.
# Expected: nunique() leaves out nulls (unanswered), as SQL's count(distinct ...) and as count() do, on every engine.
# Seen: on polars a null is one more answer: 3 instead of 2, and 1 for a question that nobody answered; DuckDB: 2 and 0.
source "$(dirname "$0")/common.bash"
python_with 'ibis-framework[duckdb,polars]==12.0.0' polars==2.1.0 duckdb==1.5.6 sqlglot==27.29.0
seen=$(run_python <<'PY'
import ibis
import pyarrow as pa

rows = pa.table({"question": ["Q1", "Q1", "Q1", "Q2"], "answer": ["Yes", None, "No", None]})
for engine in (ibis.duckdb, ibis.polars):
    table = engine.connect().create_table("answers", rows)
    groups = table.group_by("question").agg(answers=table.answer.nunique(), answered=table.answer.count())
    print(engine.__name__.rpartition(".")[2], groups.order_by("question").to_pyarrow().to_pylist())
PY
) || true
verdict "$seen" "duckdb [{'question': 'Q1', 'answers': 2, 'answered': 2}, {'question': 'Q2', 'answers': 0, 'answered': 0}]
polars [{'question': 'Q1', 'answers': 3, 'answered': 2}, {'question': 'Q2', 'answers': 1, 'answered': 0}]"
