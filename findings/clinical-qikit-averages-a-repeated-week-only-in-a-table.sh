#!/usr/bin/env bash
# An individuals (XmR) chart of weekly scores; each week has the scores of two teams, so its name comes twice.
# Versions: clinical-qikit 0.5.0.
# Expected: qic(x=weeks, y=scores) and qic(data=table, x="week", y="score") are two ways to say one thing: the mean a week
#   (agg_fun="mean" is the default), one point, one pair of limits.
# Seen: from a table there are three points with limits 86.5 to 90.5; from the same columns as lists six points at three
#   weeks, limits 81.1 to 95.9, and agg_fun is not looked at: a week's score of 86 is a signal in one chart and none in the other.
source "$(dirname "$0")/common.bash"
python_with clinical-qikit==0.5.0 pandas==3.1.1
seen=$(run_python <<'PY'
import pandas as pd
from qikit import qic

table = pd.DataFrame({"week": [1, 1, 2, 2, 3, 3], "score": [88, 90, 87, 91, 89, 86]})
for name, chart in {
    "table": qic(data=table, x="week", y="score", chart="i", agg_fun="mean"),
    "lists": qic(x=list(table.week), y=list(table.score), chart="i", agg_fun="mean"),
}.items():
    print(f"{name}: {len(chart.data)} points, limits {chart.data.lcl[0]:.1f} to {chart.data.ucl[0]:.1f}")
PY
) || true
verdict "$seen" "table: 3 points, limits 86.5 to 90.5
lists: 6 points, limits 81.1 to 95.9"
