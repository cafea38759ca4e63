#!/usr/bin/env bash
# Rows of a vendor's API as dicts become a frame: a hundred evaluations have whole scores, the next one has 85.9.
# Versions: polars 2.1.0, pandas 3.1.1, pyarrow 26.0.1.
# Expected: 85.9, as in pandas and pyarrow, or an error: polars.DataFrame is strict by default, says so for a list of the same values
#   and for the text "N/A" in that place, and read_csv and read_ndjson of the same rows end with "cannot parse".
# Seen: 85, without a warning, with strict=True as without it. A row earlier the score is kept. Behind a hundred true, 85.9 is false.
source "$(dirname "$0")/common.bash"
python_with polars==2.1.0 pandas==3.1.1 pyarrow==26.0.1
seen=$(run_python <<'PY'
import polars as pl
import pandas as pd
import pyarrow as pa

rows = [{"score": 85}] * 100 + [{"score": 85.9}]
print("from_dicts:", pl.from_dicts(rows)["score"][-1], "| DataFrame:", pl.DataFrame(rows)["score"][-1])
print("strict=True:", pl.DataFrame(rows, strict=True)["score"][-1], "| a row earlier:", pl.from_dicts(rows[1:])["score"][-1])
print("true, then 85.9:", pl.from_dicts([{"score": True}] * 100 + [{"score": 85.9}])["score"][-1])
for late in ("N/A", "85.9"):
    try:
        print(f"{late!r} late:", pl.from_dicts([{"score": 85}] * 100 + [{"score": late}])["score"][-1])
    except Exception as error:
        print(f"{late!r} late:", type(error).__name__)
try:
    pl.DataFrame({"score": [row["score"] for row in rows]})
except TypeError as error:
    print("a list of values:", type(error).__name__)
print("pandas:", pd.DataFrame(rows)["score"].iloc[-1], "| pyarrow:", pa.Table.from_pylist(rows)["score"][-1])
PY
) || true
verdict "$seen" "from_dicts: 85 | DataFrame: 85
strict=True: 85 | a row earlier: 85.9
true, then 85.9: False
'N/A' late: ComputeError
'85.9' late: 85
a list of values: TypeError
pandas: 85.9 | pyarrow: 85.9"
