#!/usr/bin/env bash
# Answers of a form: true for a tick box, 85.5 for a rated question, "N/A" for one that did not apply; dlt loads them into DuckDB.
# Versions: dlt 1.31.0, duckdb 2.0.1.
# Expected: what dlt does with a type that does not fit: a column of its own beside the first (answer__v_double).
# Seen: so for "N/A" after true, and for true or 85.5 after 85. After true, 85.5, 2 and 0.5 are stored as true, and the texts "Yes"
#   and "No" as true and false: whether a score is kept depends on which answer came first.
source "$(dirname "$0")/common.bash"
python_with 'dlt[duckdb]==1.31.0' duckdb==2.0.1
seen=$(run_python <<'PY'
import tempfile

import dlt
import duckdb

for answers in ([True, 85.5], [False, 0.5], [True, 2], [True, "No"], [True, "N/A"], [85, True], [85, 85.5]):
    folder = tempfile.mkdtemp(dir=".")
    destination = dlt.destinations.duckdb(f"{folder}/answers.duckdb")
    pipeline = dlt.pipeline("answers", destination=destination, dataset_name="qa", pipelines_dir=folder)
    pipeline.run([{"id": number, "answer": answer} for number, answer in enumerate(answers)], table_name="answers")
    with duckdb.connect(f"{folder}/answers.duckdb") as database:
        rows = database.sql("select columns('^answer') from qa.answers order by id").fetchall()
    print(f"{answers}:", *(value for row in rows for value in row if value is not None))
PY
) || true
verdict "$seen" "[True, 85.5]: True True
[False, 0.5]: False True
[True, 2]: True True
[True, 'No']: True False
[True, 'N/A']: True N/A
[85, True]: 85 True
[85, 85.5]: 85 85.5"
