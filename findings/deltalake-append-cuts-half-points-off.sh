#!/usr/bin/env bash
# A Delta table of scores was made while all scores were whole (an int64 column); later half points are appended.
# Versions: deltalake 1.6.6, pyarrow 26.0.1.
# Expected: an error about the schema, as for text or for a decimal of another scale, or a column that grows.
# Seen: write_deltalake(mode="append") stores 85.5 as 85, and 2 as true in a boolean column, without a warning.
source "$(dirname "$0")/common.bash"
python_with deltalake==1.6.6 pyarrow==26.0.1
seen=$(run_python <<'PY'
from decimal import Decimal
import pyarrow as pa
from deltalake import DeltaTable, write_deltalake

def append(first, second):
    name = f"./{type(first).__name__}_{type(second).__name__}_{second}"
    write_deltalake(name, pa.table({"score": [first]}))
    try:
        write_deltalake(name, pa.table({"score": [second]}), mode="append")
    except Exception as error:
        return f"error ({type(error).__name__})"
    return sorted(DeltaTable(name).to_pyarrow_table()["score"].to_pylist())

print("85, then 85.5:", append(85, 85.5))
print("true, then 2:", append(True, 2))
print("85, then the text 85.5:", append(85, "85.5"))
print("decimal 85.5, then decimal 85.25:", append(Decimal("85.5"), Decimal("85.25")))
PY
) || true
verdict "$seen" "85, then 85.5: [85, 85]
true, then 2: [True, True]
85, then the text 85.5: error (Exception)
decimal 85.5, then decimal 85.25: error (SchemaMismatchError)"
