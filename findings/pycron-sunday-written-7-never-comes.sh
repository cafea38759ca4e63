#!/usr/bin/env bash
# A job checks with pycron whether its line is due: weekly on Sunday ("0 6 * * 7"), or Friday to Sunday ("0 6 * * 5-7").
# Versions: pycron 3.3.0, croniter 7.0.0.
# Expected: 7 is Sunday, as 0 is, as in crontab(5) and in croniter; or an error.
# Seen: is_now() is False on Sunday for 7, 5-7 and 6-7, without an error; with 0 and SUN it is True. The job never runs.
source "$(dirname "$0")/common.bash"
python_with pycron==3.3.0 croniter==7.0.0
seen=$(run_python <<'PY'
import datetime as dt

import croniter
import pycron

sunday = dt.datetime(2026, 11, 29, 6, 0)
for days in ("0", "SUN", "7", "5-7", "6-7"):
    print(f"0 6 * * {days}: pycron", pycron.is_now(f"0 6 * * {days}", sunday),
          "croniter", croniter.croniter.match(f"0 6 * * {days}", sunday))
PY
) || true
verdict "$seen" "0 6 * * 0: pycron True croniter True
0 6 * * SUN: pycron True croniter True
0 6 * * 7: pycron False croniter True
0 6 * * 5-7: pycron False croniter True
0 6 * * 6-7: pycron False croniter True"
