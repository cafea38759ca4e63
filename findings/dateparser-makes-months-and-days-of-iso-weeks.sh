#!/usr/bin/env bash
# A workforce export names weeks by ISO 8601: 2026-W05, 2026-W10 (2 to 8 March). dateparser reads the column.
# Versions: dateparser 1.5.0.
# Expected: a day of that week, or None, as for 2026-W45: one answer for all weeks of a year.
# Seen: weeks 1 to 12 are months (week 10 is in October), 13 to 30 days of the current month, and later ones None; the day or
#   month that is missing is today's, so the same file gives other dates tomorrow.
source "$(dirname "$0")/common.bash"
python_with dateparser==1.5.0
seen=$(run_python <<'PY'
import datetime as dt

import dateparser

for text in ("2026-W05", "2026-W10", "2026-W12", "2026-W13", "2026-W30", "2026-W45"):
    date = dateparser.parse(text, settings={"RELATIVE_BASE": dt.datetime(2026, 11, 30)})
    print(text, date and date.date())
PY
) || true
verdict "$seen" "2026-W05 2026-05-30
2026-W10 2026-10-30
2026-W12 2026-12-30
2026-W13 2026-11-13
2026-W30 2026-11-30
2026-W45 None"
