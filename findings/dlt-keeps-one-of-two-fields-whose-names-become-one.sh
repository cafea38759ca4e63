#!/usr/bin/env bash
# A vendor's report has "Score (%)" and "Score (#)", and question columns "Q1" and "q1"; dlt makes names that SQL can have of them.
# Versions: dlt 1.31.0, duckdb 2.0.1, pyarrow 26.0.1.
# Expected: an error where two become one name, as dlt itself raises for an Arrow table, or two names.
# Seen: rows (dicts) lose one of the two in silence: 17 stands for 85.5, "No" for "Yes"; the Arrow table of the same row is refused.
source "$(dirname "$0")/common.bash"
python_with 'dlt[duckdb]==1.31.0' duckdb==2.0.1 pyarrow==26.0.1
seen=$(run_python <<'PY'
import tempfile

import dlt
import duckdb
import pyarrow as pa

def load(data):
    folder = tempfile.mkdtemp(dir=".")
    destination = dlt.destinations.duckdb(f"{folder}/report.duckdb")
    pipeline = dlt.pipeline("report", destination=destination, dataset_name="qa", pipelines_dir=folder)
    try:
        pipeline.run(data, table_name="report")
    except Exception as error:
        return type(error.__cause__ or error).__name__
    with duckdb.connect(f"{folder}/report.duckdb") as database:
        report = database.sql("select columns('^[^_]') from qa.report")
        return dict(zip(report.columns, report.fetchall()[0]))

for row in ({"id": 1, "Score (%)": 85.5, "Score (#)": 17}, {"id": 1, "Q1": "Yes", "q1": "No"}):
    print(row, "| as dict:", load([row]), "| as Arrow:", load(pa.Table.from_pylist([row])))
PY
) || true
verdict "$seen" "{'id': 1, 'Score (%)': 85.5, 'Score (#)': 17} | as dict: {'id': 1, 'scorex': 17} | as Arrow: NameNormalizationCollision
{'id': 1, 'Q1': 'Yes', 'q1': 'No'} | as dict: {'id': 1, 'q1': 'No'} | as Arrow: NameNormalizationCollision"
