#!/usr/bin/env bash
# Handle times and times to acknowledgement as ISO 8601 durations with a fraction (PT0.5H, PT1.5H, PT7.25M), as ISO allows in the
# last part and as vendors of telephony write them. pandas reads ISO durations.
# Versions: pandas 3.1.1, isodate 0.7.2, pendulum 3.3.0.
# Expected: half an hour, as isodate and pendulum have it and as pandas itself reads "0.5 hours" and PT1.5S; or an error, as for PT1,5H.
# Seen: PT0.5H is five hours, PT1.5H five hours and one second, PT7.25M 25 minutes and 7 seconds, P0.5D five days: what stands before
#   the point is taken for seconds, what stands behind it for the hours. No warning, in Timedelta as in to_timedelta.
source "$(dirname "$0")/common.bash"
python_with pandas==3.1.1 isodate==0.7.2 pendulum==3.3.0
seen=$(run_python <<'PY'
import isodate
import pandas as pd
import pendulum

texts = ["PT0.5H", "PT1.5H", "PT7.25M", "P0.5D", "PT1.5S", "PT30M"]
for text, span in zip(texts, pd.to_timedelta(pd.Series(texts))):
    assert span == pd.Timedelta(text)
    print(f"{text}: pandas {span}; isodate {isodate.parse_duration(text)}; pendulum {pendulum.parse(text)}")
print("0.5 hours: pandas", pd.Timedelta("0.5 hours"))
PY
) || true
verdict "$seen" "PT0.5H: pandas 0 days 05:00:00; isodate 0:30:00; pendulum 30 minutes
PT1.5H: pandas 0 days 05:00:01; isodate 1:30:00; pendulum 1 hour 30 minutes
PT7.25M: pandas 0 days 00:25:07; isodate 0:07:15; pendulum 7 minutes 15 seconds
P0.5D: pandas 5 days 00:00:00; isodate 12:00:00; pendulum 12 hours
PT1.5S: pandas 0 days 00:00:01.500000; isodate 0:00:01.500000; pendulum 1 second
PT30M: pandas 0 days 00:30:00; isodate 0:30:00; pendulum 30 minutes
0.5 hours: pandas 0 days 00:30:00"
