#!/usr/bin/env bash
# The median score of each team, by one narwhals expression over four kinds of tables.
# Versions: narwhals 2.29.0, pyarrow 26.0.1, polars 2.1.0, pandas 3.1.1, duckdb 2.0.1.
# Expected: of 82 and 83 it is 82.5, however many scores there are and wherever they are kept.
# Seen: so on polars, pandas and DuckDB. By group on pyarrow it is right for 3 to 50 scores, the lower one of two (82), and an
#   estimate of a hundred or more (100.56 for 100.5). Without groups pyarrow's is exact, too. Nothing says so.
source "$(dirname "$0")/common.bash"
python_with narwhals==2.29.0 pyarrow==26.0.1 polars==2.1.0 pandas==3.1.1 duckdb==2.0.1
seen=$(run_python <<'PY'
import duckdb
import narwhals as nw
import polars as pl

teams = {"of 2": [82, 83], "of 20": list(range(81, 101)), "of 200": [50 + number * number % 101 for number in range(200)]}
frame = pl.DataFrame([(team, score) for team, scores in teams.items() for score in scores], ["team", "score"], orient="row")
arrow = frame.to_arrow()
kinds = {"polars": frame, "pandas": frame.to_pandas(), "duckdb": duckdb.from_arrow(arrow), "pyarrow": arrow}
for name, table in kinds.items():
    groups = nw.from_native(table).lazy().group_by("team").agg(nw.col("score").median()).sort("team").collect()
    print(f"{name}:", dict(zip(groups["team"].to_list(), [round(score, 2) for score in groups["score"].to_list()])))
alone = nw.from_native(arrow)
print("pyarrow without groups:", {team: alone.filter(nw.col("team") == team)["score"].median() for team in teams})
PY
) || true
verdict "$seen" "polars: {'of 2': 82.5, 'of 20': 90.5, 'of 200': 100.5}
pandas: {'of 2': 82.5, 'of 20': 90.5, 'of 200': 100.5}
duckdb: {'of 2': 82.5, 'of 20': 90.5, 'of 200': 100.5}
pyarrow: {'of 2': 82.0, 'of 20': 90.5, 'of 200': 100.56}
pyarrow without groups: {'of 2': 82.5, 'of 20': 90.5, 'of 200': 100.5}"
