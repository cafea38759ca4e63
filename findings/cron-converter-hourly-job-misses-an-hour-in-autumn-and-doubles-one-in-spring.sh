#!/usr/bin/env bash
# An hourly job ("0 * * * *") over the two clock changes of Dublin, by the Python package cron-converter.
# Versions: cron-converter 2.0.2, cronsim 2.8.
# Expected: an hourly job runs each hour that passes: 00:00, 01:00, 02:00 ... in UTC, on both nights, as cronsim has it.
# Seen: in autumn nothing at 01:00 UTC (two hours without a run), in spring 01:00 UTC twice, one instant after itself.
source "$(dirname "$0")/common.bash"
python_with cron-converter==2.0.2 cronsim==2.8 tzdata==2026.6
seen=$(run_python <<'PY'
import datetime as dt
from itertools import islice
from zoneinfo import ZoneInfo

from cron_converter import Cron
from cronsim import CronSim

for day in ("2026-10-24", "2026-03-28"):
    start = dt.datetime.fromisoformat(day + "T23:30+00:00").astimezone(ZoneInfo("Europe/Dublin"))
    schedule = Cron("0 * * * *").schedule(start_date=start)
    for name, times in (("cron-converter", iter(schedule.next, None)), ("cronsim", CronSim("0 * * * *", start))):
        print(name, *(f"{time.astimezone(dt.timezone.utc):%d %H:%M}" for time in islice(times, 4)), sep="  ")
PY
) || true
verdict "$seen" "cron-converter  25 00:00  25 02:00  25 03:00  25 04:00
cronsim  25 00:00  25 01:00  25 02:00  25 03:00
cron-converter  29 00:00  29 01:00  29 01:00  29 02:00
cronsim  29 00:00  29 01:00  29 02:00  29 03:00"
