#!/usr/bin/env bash
# Features of evaluations for a model, or for differences between two times: skrub's DatetimeEncoder, which adds
# "the number of seconds since epoch" as total_seconds.
# Versions: skrub 0.11.0, pandas 3.1.1.
# Expected: seconds that tell one minute from the next: 08:30 and 08:31 differ by 60.
# Seen: the column is of float32, whose values lie 128 seconds apart today: 08:31, 08:32 and 08:33 are all 08:32:00, and 08:30 is
#   128 seconds before them.
source "$(dirname "$0")/common.bash"
python_with skrub==0.11.0 pandas==3.1.1
seen=$(run_python <<'PY'
import pandas as pd
from skrub import DatetimeEncoder

times = pd.Series(pd.date_range("2026-11-01 08:30", periods=4, freq="60s", tz="UTC"), name="at")
seconds = DatetimeEncoder(resolution="second").fit_transform(times)["at_total_seconds"]
print(seconds.dtype, seconds.astype("int64").diff().dropna().astype(int).tolist())
print(*(f"{time:%H:%M:%S} is {pd.Timestamp(second, unit='s'):%H:%M:%S}" for time, second in zip(times, seconds.astype("int64"))))
PY
) || true
verdict "$seen" "float32 [128, 0, 0]
08:30:00 is 08:29:52 08:31:00 is 08:32:00 08:32:00 is 08:32:00 08:33:00 is 08:32:00"
