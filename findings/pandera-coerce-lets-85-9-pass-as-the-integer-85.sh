#!/usr/bin/env bash
# A schema says that scores are integers, with coerce=True for files that hold them as 85.0. One score is 85.9.
# Versions: pandera 0.35.0, pandas 3.1.1, polars 2.1.0.
# Expected: validation fails for 85.9, as it does for the text "85.9" and as pandas' nullable Int64 does: it is no integer.
# Seen: with int (pandas) and pl.Int64 (polars) it passes and leaves as 85; with "Int64" it is an error.
#   A boolean column coerces the text "No" to true in the same silence.
source "$(dirname "$0")/common.bash"
python_with 'pandera[pandas,polars]==0.35.0' pandas==3.1.1 polars==2.1.0
seen=$(run_python <<'PY'
import pandas as pd
import pandera.pandas as pa
import pandera.polars as pp
import polars as pl

def passes(name, module, frame, dtype):
    schema = module.DataFrameSchema({"score": module.Column(dtype, coerce=True)})
    try:
        print(f"{name}:", schema.validate(frame)["score"].to_list())
    except (pa.errors.SchemaError, pa.errors.SchemaErrors):
        print(f"{name}: refused")

passes("pandas, int", pa, pd.DataFrame({"score": [85.0, 85.9]}), int)
passes("polars, Int64", pp, pl.DataFrame({"score": [85.0, 85.9]}), pl.Int64)
passes("pandas, nullable Int64", pa, pd.DataFrame({"score": [85.0, 85.9]}), "Int64")
passes("pandas, int, text", pa, pd.DataFrame({"score": ["85", "85.9"]}), int)
passes("pandas, bool", pa, pd.DataFrame({"score": ["Yes", "No"]}), bool)
PY
) || true
verdict "$seen" "pandas, int: [85, 85]
polars, Int64: [85, 85]
pandas, nullable Int64: refused
pandas, int, text: refused
pandas, bool: [True, True]"
