#!/usr/bin/env bash
# Two evaluators give 0 to 10 points in a calibration; weighted kappa, since 9 for 10 is a smaller error than 0 for 10.
# Versions: scikit-learn 1.9.1.
# Expected: the labels are numbers, so the linear weight of a pair is its difference, whatever points were given.
# Seen: the weight is the difference of the ranks of those points that occur. With 0, 9 and 10 given, 9 to 10 weighs as
#   much as 0 to 9: kappa is 0.48 instead of 0.85. One more call with 5 points moves all weights. `labels` with the
#   whole scale gives 0.85. Scores of 1, 2 and 3 and of 1, 2 and 100 have one kappa.
source "$(dirname "$0")/common.bash"
python_with scikit-learn==1.9.1
seen=$(run_python <<'PY'
from sklearn.metrics import cohen_kappa_score

first, second = [9, 10, 9, 10, 0, 9, 10, 9], [10, 9, 9, 10, 0, 10, 10, 9]

def kappa(first, second, **more):
    return round(cohen_kappa_score(first, second, weights="linear", **more), 2)

print("0, 9 and 10 points:", kappa(first, second))
print("with the whole scale:", kappa(first, second, labels=list(range(11))))
print("the same, as 0, 1 and 2:", kappa([max(0, s - 8) for s in first], [max(0, s - 8) for s in second]))
PY
) || true
verdict "$seen" "0, 9 and 10 points: 0.48
with the whole scale: 0.85
the same, as 0, 1 and 2: 0.48"
