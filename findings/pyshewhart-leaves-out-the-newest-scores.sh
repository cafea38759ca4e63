#!/usr/bin/env bash
# A control chart of the scores of 23 evaluated calls in samples of five, newest last. The last three are a disaster.
# Versions: pyshewhart 1.1.0.
# Expected: a last sample of three, or an error or a warning about the rest.
# Seen: the rest is dropped in silence: four samples, mean 89, range 0, all in control. Up to four of the newest scores are never
#   looked at, in whatever chart is made of the record.
source "$(dirname "$0")/common.bash"
python_with pyshewhart==1.1.0
seen=$(run_python <<'PY'
from pyshewhart.data_types import import_times_values

for scores in ([88.0] * 10 + [90.0] * 10, [88.0] * 10 + [90.0] * 10 + [10.0] * 3):
    record = import_times_values(values=scores, sample_size=5)
    print(f"{len(scores)} scores: {len(record.samples)} samples, mean {record.mean_of_means}, range {record.mean_of_ranges}")
PY
) || true
verdict "$seen" "20 scores: 4 samples, mean 89.0, range 0.0
23 scores: 4 samples, mean 89.0, range 0.0"
