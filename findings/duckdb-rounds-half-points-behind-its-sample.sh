#!/usr/bin/env bash
# An export of 20,480 evaluations with whole scores, then 85.5 and 84.5, as CSV or as JSON lines. DuckDB guesses the types from the
# first rows.
# Versions: duckdb 2.0.1.
# Expected: an error that names sample_size, as for the text "N/A" in that place; or a column of doubles.
# Seen: whole numbers, without a warning: 86 and 85 from CSV, 86 and 84 from JSON. So it is with declared columns ("score": "BIGINT")
#   and in json_transform_strict, which is said to "throw an error if it can't".
source "$(dirname "$0")/common.bash"
python_with duckdb==2.0.1
seen=$(run_python <<'PY'
import csv
import json

import duckdb

scores = [85] * 20480 + [85.5, 84.5]
with open("scores.jsonl", "w") as lines, open("scores.csv", "w") as table:
    lines.writelines(json.dumps({"score": score}) + "\n" for score in scores)
    csv.writer(table).writerows([["score"], *([score] for score in scores)])
for query in (
    "select score, typeof(score) from 'scores.jsonl'",
    "select score, typeof(score) from read_json('scores.jsonl', sample_size = -1)",
    "select score, typeof(score) from read_json('scores.jsonl', columns = {score: 'BIGINT'})",
    """select json_transform_strict('{"score": 85.5}', '{"score": "BIGINT"}').score""",
    "select score, typeof(score) from 'scores.csv'",
):
    try:
        print(duckdb.sql(query).fetchall()[-2:], "<-", query)
    except duckdb.Error as error:
        print(type(error).__name__, "<-", query)
PY
) || true
verdict "$seen" "[(86, 'BIGINT'), (84, 'BIGINT')] <- select score, typeof(score) from 'scores.jsonl'
[(85.5, 'DOUBLE'), (84.5, 'DOUBLE')] <- select score, typeof(score) from read_json('scores.jsonl', sample_size = -1)
[(86, 'BIGINT'), (84, 'BIGINT')] <- select score, typeof(score) from read_json('scores.jsonl', columns = {score: 'BIGINT'})
[(86,)] <- select json_transform_strict('{\"score\": 85.5}', '{\"score\": \"BIGINT\"}').score
[(86, 'BIGINT'), (85, 'BIGINT')] <- select score, typeof(score) from 'scores.csv'"
