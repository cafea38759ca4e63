#!/usr/bin/env bash
# A nightly job at 02:00 in Dublin ("0 2 * * *"), and one every two hours, over the night on which the clocks go back
# (25 October 2026: 01:00 comes twice, 02:00 once). The npm package cron, which @nestjs/schedule uses.
# Versions: cron 4.4.0, luxon 3.7.2, croner 11.0.1.
# Expected: whatever is done with an hour that comes twice, a job runs only at times that its line names: once, at 02:00.
# Seen: it runs at 01:00 and at 02:00; the two-hourly job at 00:00, 01:00 and 02:00. The same in New York (02:00) and
#   Berlin (03:00) on their nights. croner keeps to the line.
source "$(dirname "$0")/common.bash"
node_with cron@4.4.0 luxon@3.7.2 croner@11.0.1
seen=$(run_node <<'JS'
const { CronTime } = require('cron'), { DateTime } = require('luxon'), { Cron } = require('croner')
const show = time => time.toFormat('dd HH:mmZ')
for (const [line, zone, start] of [
  ['0 2 * * *', 'Europe/Dublin', '2026-10-24T12:00'],
  ['0 */2 * * *', 'Europe/Dublin', '2026-10-24T23:30'],
  ['0 3 * * *', 'Europe/Berlin', '2026-10-24T12:00'],
  ['0 2 * * *', 'America/New_York', '2026-10-31T12:00'],
]) {
  let time = DateTime.fromISO(start, { zone }), times = []
  const others = new Cron(line, { timezone: zone }).nextRuns(3, time.toJSDate()).map(date => show(DateTime.fromJSDate(date, { zone })))
  for (let run = 0; run < 3; run++) times.push(show((time = new CronTime(line, zone).getNextDateFrom(time, zone))))
  console.log(line, zone, '| cron:', ...times, '| croner:', ...others)
}
JS
) || true
verdict "$seen" "0 2 * * * Europe/Dublin | cron: 25 01:00+0 25 02:00+0 26 02:00+0 | croner: 25 02:00+0 26 02:00+0 27 02:00+0
0 */2 * * * Europe/Dublin | cron: 25 00:00+1 25 01:00+0 25 02:00+0 | croner: 25 00:00+1 25 02:00+0 25 04:00+0
0 3 * * * Europe/Berlin | cron: 25 02:00+1 25 03:00+1 26 03:00+1 | croner: 25 03:00+1 26 03:00+1 27 03:00+1
0 2 * * * America/New_York | cron: 01 01:00-5 01 02:00-5 02 02:00-5 | croner: 01 02:00-5 02 02:00-5 03 02:00-5"
