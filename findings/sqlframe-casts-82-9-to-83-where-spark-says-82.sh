#!/usr/bin/env bash
# PySpark code that cuts scores to whole points (cast to int) runs on DuckDB with sqlframe, which offers PySpark's interface.
# Versions: sqlframe 4.10.0, duckdb 2.0.1.
# Expected: as in Spark, which cuts: 82.9 is 82, -82.9 is -82, the text "82.9" is 82. sqlframe adapts other differences of the
#   two, such as the first day of the week (dayofweek of a Sunday is 1).
# Seen: 83, -83 and 83: DuckDB's rule. A score just below a limit passes it.
source "$(dirname "$0")/common.bash"
python_with sqlframe==4.10.0 duckdb==2.0.1
seen=$(run_python <<'PY'
import datetime as dt

from sqlframe.duckdb import DuckDBSession
from sqlframe.duckdb import functions as F

scores = DuckDBSession().createDataFrame([(82.9, "82.9", dt.date(2026, 11, 29)), (-82.9, "-82.9", None)], ["score", "text", "day"])
for row in scores.select(F.col("score").cast("int"), F.col("text").cast("int"), F.dayofweek("day")).collect():
    print(*row)
PY
) || true
verdict "$seen" "83 83 1
-83 -83 None"
