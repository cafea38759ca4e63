#!/usr/bin/env bash
# Evaluations a shift: three shifts a day from midnight, by resample("8h") of times with the zone Europe/Dublin, over a week in which the
# clocks go back (25 October 2026).
# Versions: pandas 3.1.1.
# Expected: shifts from 00:00, 08:00 and 16:00 on each day, the first of that Sunday an hour longer, as resample("D") has 25 hours there
#   and as the default origin="start_day" says ("the first day at midnight of the timeseries").
# Seen: from that night on all shifts begin at 07:00, 15:00 and 23:00, for as long as the data goes on: what is scored from midnight to
#   07:00 bears the day before. In spring they move to 09:00, 17:00 and 01:00. Data that begins after the change has them right.
source "$(dirname "$0")/common.bash"
python_with pandas==3.1.1 tzdata==2026.6
seen=$(run_python <<'PY'
import pandas as pd

for first in ("2026-10-24", "2026-10-26", "2026-03-28"):
    hours = pd.date_range(first, periods=24 * 6, freq="h", tz="Europe/Dublin")
    shifts = pd.Series(1, index=hours).resample("8h").sum()
    last = shifts[shifts.index.strftime("%Y-%m-%d") == hours[-30].strftime("%Y-%m-%d")]
    print(f"from {first}, shifts of {last.index[0]:%d %B}:", *(f"{start:%H:%M}" for start in last.index))
days = pd.Series(1, index=pd.date_range("2026-10-24", "2026-10-27", freq="h", tz="Europe/Dublin", inclusive="left")).resample("D").sum()
print("hours of the days:", *days)
PY
) || true
verdict "$seen" "from 2026-10-24, shifts of 28 October: 07:00 15:00 23:00
from 2026-10-26, shifts of 30 October: 00:00 08:00 16:00
from 2026-03-28, shifts of 01 April: 01:00 09:00 17:00
hours of the days: 24 25 24"
