#!/usr/bin/env bash
# Scores an hour: pyarrow.compute.floor_temporal to the hour, of timestamps with the zone Europe/Dublin.
# Versions: pyarrow 26.0.1.
# Expected: the timestamps are instants, so each has one hour, also in the night of 25 October 2026 (01:00 comes twice).
# Seen: an error, "Local time is ambiguous", for the whole array, if one of its instants lies in the doubled hour; the function has no
#   option for it. So is the day in Cairo on 24 April 2026, which has no midnight. A job that has run all year fails that night.
source "$(dirname "$0")/common.bash"
python_with pyarrow==26.0.1 tzdata==2026.6
seen=$(run_python <<'PY'
import datetime as dt

import pyarrow as pa
import pyarrow.compute as pc

for zone, unit, instant in (
    ("Europe/Dublin", "hour", dt.datetime(2026, 10, 24, 23, 30)),
    ("Europe/Dublin", "hour", dt.datetime(2026, 10, 25, 0, 30)),
    ("Europe/Dublin", "hour", dt.datetime(2026, 10, 25, 1, 30)),
    ("Africa/Cairo", "day", dt.datetime(2026, 4, 24, 9, 30)),
):
    try:
        result = pc.floor_temporal(pa.array([instant], pa.timestamp("s", "UTC")).cast(pa.timestamp("s", zone)), unit=unit)[0]
    except pa.ArrowInvalid as error:
        result = str(error).partition(":")[0]
    print(f"{zone}, {instant} UTC, {unit}: {result}")
PY
) || true
verdict "$seen" "Europe/Dublin, 2026-10-24 23:30:00 UTC, hour: 2026-10-25 00:00:00+01:00
Europe/Dublin, 2026-10-25 00:30:00 UTC, hour: Local time is ambiguous
Europe/Dublin, 2026-10-25 01:30:00 UTC, hour: Local time is ambiguous
Africa/Cairo, 2026-04-24 09:30:00 UTC, day: Local time does not exist"
