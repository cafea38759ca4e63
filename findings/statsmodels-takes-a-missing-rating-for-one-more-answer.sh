#!/usr/bin/env bash
# Fleiss' kappa of three evaluators with statsmodels; one call of four was rated by two of them only (nan).
# Versions: statsmodels 0.15.0, numpy 2.3.5.
# Expected: an error, as fleiss_kappa gives for a table with unequal numbers of ratings, or the call is left out: 0.55.
# Seen: aggregate_raters makes nan a category of its own, so the numbers are equal, and kappa is 0.41: a rating that does
#   not exist disagrees with those that do.
source "$(dirname "$0")/common.bash"
python_with statsmodels==0.15.0 numpy==2.3.5
seen=$(run_python <<'PY'
import numpy as np
from statsmodels.stats.inter_rater import aggregate_raters, fleiss_kappa

ratings = np.array([[1, 1, 1], [2, 2, 2], [1, 1, np.nan], [2, 2, 1]])
table, answers = aggregate_raters(ratings)
print("answers:", *answers, "| kappa:", round(float(fleiss_kappa(table)), 2))
print("without the call:", round(float(fleiss_kappa(aggregate_raters(ratings[[0, 1, 3]])[0])), 2))
try:
    fleiss_kappa(table[:, :2])
except AssertionError:
    print("without the answer nan: refused")
PY
) || true
verdict "$seen" "answers: 1.0 2.0 nan | kappa: 0.41
without the call: 0.55
without the answer nan: refused"
