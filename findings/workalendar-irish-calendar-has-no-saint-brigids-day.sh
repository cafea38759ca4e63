#!/usr/bin/env bash
# Working days for the deadline of an appeal in an Irish contact centre, by two calendars of PyPI.
# Versions: workalendar 17.0.0, holidays 0.109.
# Expected: the ten public holidays of Irish law, in both. The tenth, Saint Brigid's Day (first Monday of February, or
#   1 February if that is a Friday), came in 2023.
# Seen: workalendar's newest release has no holiday in February: 2 February 2026 is a working day there, and the third working
#   day after 30 January is the 4th instead of the 5th.
source "$(dirname "$0")/common.bash"
python_with workalendar==17.0.0 holidays==0.109
seen=$(run_python <<'PY'
import datetime as dt

import holidays
from workalendar.europe import Ireland

for year in (2024, 2026):
    law = set(holidays.Ireland(years=year))
    print(year, "not in workalendar:", *sorted(str(day) for day in law if Ireland().is_working_day(day) and day.weekday() < 5))
print("3 working days after Friday 30 January 2026:", Ireland().add_working_days(dt.date(2026, 1, 30), 3))
PY
) || true
verdict "$seen" "2024 not in workalendar: 2024-02-05
2026 not in workalendar: 2026-02-02
3 working days after Friday 30 January 2026: 2026-02-04"
