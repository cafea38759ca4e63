#!/usr/bin/env bash
# Two judges score calls in fifths (0, 0.2, ... 1); their agreement by the package judge-kappa, whose CohenKappa puts scores
# into five equal bins.
# Versions: judge-kappa 0.4.0.
# Expected: bins of 0.2 begin at 0, 0.2, 0.4, 0.6 and 0.8, so six scores in fifths have five bins, 0.8 shares one with 1.
# Seen: the limit at 0.6 is 0.6000000000000001, so 0.6 falls to 0.4: two judges of whom one always gives 0.4 where
#   the other gives 0.6 agree perfectly (kappa 1), while 0.2 and 0.4 are apart.
source "$(dirname "$0")/common.bash"
python_with '>=3.12' judge-kappa==0.4.0
seen=$(run_python <<'PY'
from judge_kappa import CohenKappa, JudgeVerdict

def kappa(first, second):
    verdicts = [
        JudgeVerdict(judge_id=judge, eval_case_id=str(call), variant_name="", score=score, rationale="")
        for judge, scores in (("A", first), ("B", second))
        for call, score in enumerate(scores)
    ]
    return CohenKappa().compute(verdicts).kappa

print("0.6 or 1 and 0.4 or 1:", kappa([0.6, 1, 0.6, 1], [0.4, 1, 0.4, 1]))
print("0.4 or 1 and 0.2 or 1:", kappa([0.4, 1, 0.4, 1], [0.2, 1, 0.2, 1]))
PY
) || true
verdict "$seen" "0.6 or 1 and 0.4 or 1: 1.0
0.4 or 1 and 0.2 or 1: 0.5"
