#!/usr/bin/env bash
# A pivot of scores a team on a dashboard, with perspective; some calls have no score (null).
# Versions: perspective-python 5.6.1.
# Expected: null counts in no aggregate, as in "mean", "sum" and "stddev" of the same view: lowest 82, median 82.5, count 2.
# Seen: "low" is 0, "min" is null, the median of 82, null and 83 is 82, "count" is 3, and null is one more answer for "distinct
#   count". Without nulls they are right ("min" and "low" 82).
source "$(dirname "$0")/common.bash"
python_with perspective-python==5.6.1
seen=$(run_python <<'PY'
import perspective

client = perspective.Server().new_local_client()
calls = {"team": ["A", "A", "A", "B"], "score": [82.0, None, 83.0, 90.0]}
answered = {name: [value for value, score in zip(values, calls["score"]) if score is not None] for name, values in calls.items()}
for aggregate in ("mean", "sum", "low", "min", "median", "count", "distinct count"):
    results = []
    for rows in (calls, answered):
        view = client.table(rows).view(group_by=["team"], aggregates={"score": aggregate}, columns=["score"])
        results.append(view.to_columns()["score"][1])
    print(f"{aggregate} of team A: {results[0]}; without the null: {results[1]}")
PY
) || true
verdict "$seen" 'mean of team A: 82.5; without the null: 82.5
sum of team A: 165.0; without the null: 165.0
low of team A: 0.0; without the null: 82.0
min of team A: None; without the null: 82.0
median of team A: 82.0; without the null: 82.5
count of team A: 3; without the null: 2
distinct count of team A: 3; without the null: 2'
