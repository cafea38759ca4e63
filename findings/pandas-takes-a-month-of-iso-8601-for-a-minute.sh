#!/usr/bin/env bash
# How long scores can be disputed or are kept comes as an ISO 8601 duration: P1M, P3M, P1M15D. pandas reads ISO durations.
# Versions: pandas 3.1.1, isodate 0.7.2.
# Expected: an error, as for P1Y and as pandas' documents have it for "1M": a Timedelta has no months. M is a minute only behind a T.
# Seen: P3M is three minutes, P1M15D is 15 days and a minute, without a warning.
source "$(dirname "$0")/common.bash"
python_with pandas==3.1.1 isodate==0.7.2
seen=$(run_python <<'PY'
import isodate
import pandas as pd

for text in ("P1M", "P3M", "P1M15D", "PT3M", "P1Y", "1M"):
    try:
        span = pd.Timedelta(text)
    except ValueError:
        span = "an error"
    print(f"{text}: pandas {span}; isodate", isodate.parse_duration(text) if text.startswith("P") else "-")
PY
) || true
verdict "$seen" "P1M: pandas 0 days 00:01:00; isodate 1 month, 0:00:00
P3M: pandas 0 days 00:03:00; isodate 3 months, 0:00:00
P1M15D: pandas 15 days 00:01:00; isodate 1 month, 15 days, 0:00:00
PT3M: pandas 0 days 00:03:00; isodate 0:03:00
P1Y: pandas an error; isodate 1 years, 0:00:00
1M: pandas an error; isodate -"
