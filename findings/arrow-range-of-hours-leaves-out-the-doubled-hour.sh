#!/usr/bin/env bash
# The row of hours for a report of scores an hour, made with arrow for the night on which the clocks go back.
# Versions: arrow 1.4.0.
# Expected: from 00:00 to 04:00 in Dublin (25 October 2026) there are six hours; span_range's spans touch each other.
# Seen: five, in Dublin as in New York: the second 01:00 is missing, so its evaluations belong to no span. The same range in
#   UTC has six.
source "$(dirname "$0")/common.bash"
python_with arrow==1.4.0 tzdata==2026.6
seen=$(run_python <<'PY'
import arrow

for zone, day in (("Europe/Dublin", "2026-10-25"), ("America/New_York", "2026-11-01")):
    first, last = (arrow.get(f"{day}T0{hour}:00", tzinfo=zone) for hour in (0, 4))
    spans = arrow.Arrow.span_range("hour", first, last)
    hours = [start.to("UTC").format("HH:mm") for start, _ in spans]
    print(zone, "in UTC:", *hours, "| range in UTC:", len(list(arrow.Arrow.range("hour", first.to("UTC"), last.to("UTC")))))
PY
) || true
verdict "$seen" "Europe/Dublin in UTC: 23:00 00:00 02:00 03:00 04:00 | range in UTC: 6
America/New_York in UTC: 04:00 05:00 07:00 08:00 09:00 | range in UTC: 6"
