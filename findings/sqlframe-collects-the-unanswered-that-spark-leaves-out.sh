#!/usr/bin/env bash
# PySpark code that lists each agent's answers runs on DuckDB with sqlframe, which offers PySpark's interface without Spark.
# Versions: sqlframe 4.10.0, duckdb 2.0.1.
# Expected: collect_list, collect_set and so their size leave nulls out, as in Spark.
# Seen: nulls are kept: an agent with two answers and one open question has a list of three, and one without an answer a
#   list of one. countDistinct leaves nulls out on both.
source "$(dirname "$0")/common.bash"
python_with sqlframe==4.10.0 duckdb==2.0.1
seen=$(run_python <<'PY'
from sqlframe.duckdb import DuckDBSession
from sqlframe.duckdb import functions as F

answers = DuckDBSession().createDataFrame([("Ann", "Yes"), ("Ann", None), ("Ann", "No"), ("Bob", None)], ["agent", "answer"])
groups = answers.groupBy("agent").agg(
    F.size(F.collect_list("answer")).alias("listed"),
    F.size(F.collect_set("answer")).alias("set"),
    F.countDistinct("answer").alias("distinct"),
)
for row in groups.orderBy("agent").collect():
    print(*row)
PY
) || true
verdict "$seen" "Ann 3 3 2
Bob 1 1 0"
