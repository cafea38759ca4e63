#!/usr/bin/env bash
# How many days was a coaching open in Dublin, from noon on 28 March 2026 to noon on the 30th (the clocks change between)?
# Versions: dayjs 1.11.23, its plugins utc and timezone.
# Expected: both times bear the zone Europe/Dublin, so its calendar answers, 2 days, whatever the zone of the machine that asks;
#   and a day later than noon is noon.
# Seen: diff(..., 'day') is 1 where TZ is UTC and 2 where TZ is Europe/Dublin; add(1, 'day') is noon with the offset of
#   winter, which is 13:00 in Dublin, on both. startOf('month') is right on both.
source "$(dirname "$0")/common.bash"
node_with dayjs@1.11.23
cat >"$folder/days.js" <<'JS'
const dayjs = require('dayjs')
dayjs.extend(require('dayjs/plugin/utc'))
dayjs.extend(require('dayjs/plugin/timezone'))
const opened = dayjs.tz('2026-03-28T12:00', 'Europe/Dublin'), closed = dayjs.tz('2026-03-30T12:00', 'Europe/Dublin')
console.log(process.env.TZ, closed.diff(opened, 'day'), opened.add(1, 'day').format(), closed.startOf('month').format())
JS
seen=$(for zone in UTC Europe/Dublin; do (cd "$folder" && TZ=$zone node days.js 2>&1); done) || true
verdict "$seen" "UTC 1 2026-03-29T12:00:00Z 2026-03-01T00:00:00Z
Europe/Dublin 2 2026-03-29T12:00:00Z 2026-03-01T00:00:00Z"
