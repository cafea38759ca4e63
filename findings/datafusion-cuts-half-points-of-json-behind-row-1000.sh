#!/usr/bin/env bash
# JSON lines of evaluations: a thousand whole scores, then 85.9. DataFusion (the engine also of delta-rs and others) reads them.
# Versions: datafusion 55.0.0, pyarrow 26.0.1.
# Expected: an error as for the text "N/A" in that place and as for the same rows in CSV, or a column of doubles, as pyarrow's reader
#   makes of the same file.
# Seen: 85, without a warning: "score >= 85.5" finds nothing. A row earlier the column is of doubles.
source "$(dirname "$0")/common.bash"
python_with datafusion==55.0.0 pyarrow==26.0.1
seen=$(run_python <<'PY'
import json

import datafusion
import pyarrow.json

context = datafusion.SessionContext()


def read(name, scores):
    with open(f"{name}.json", "w") as lines, open(f"{name}.csv", "w") as table:
        lines.writelines(json.dumps({"score": score}) + "\n" for score in scores)
        table.write("score\n" + "".join(f"{score}\n" for score in scores))
    query = "select arrow_typeof(score) as type, score from {} order by 2 desc limit 1"
    for kind in ("json", "csv"):
        try:
            getattr(context, f"register_{kind}")(f"{name}_{kind}", f"{name}.{kind}")
            print(name, kind, context.sql(query.format(f"{name}_{kind}")).to_pylist())
        except Exception as error:
            print(name, kind, "error:", str(error).split("Error")[-1].strip(": ")[-60:].strip())


read("behind", [85] * 1000 + [85.9])
read("before", [85] * 999 + [85.9])
print("pyarrow", max(pyarrow.json.read_json("behind.json")["score"].to_pylist()))
PY
) || true
verdict "$seen" "behind json [{'type': 'Int64', 'score': 85}]
behind csv error: s type 'Int64' for column 0 at line 1001. Row data: '[85.9]'
before json [{'type': 'Float64', 'score': 85.9}]
before csv [{'type': 'Float64', 'score': 85.9}]
pyarrow 85.9"
