#!/usr/bin/env bash
# A monthly report: "0 6 * * 1#1" (06:00 on the first Monday) and "0 6 * * 5L" (on the last Friday), as other Node
# cron libraries read it, in the package cron-schedule.
# Versions: cron-schedule 6.0.0, croner 11.0.1.
# Expected: the same days as croner has, or an error: a monthly line must not become another one.
# Seen: no error; "1#1" is every Monday, "5L" every Friday, so the monthly report is sent each week. "L" alone, which does
#   not begin with a digit, is refused.
source "$(dirname "$0")/common.bash"
node_with cron-schedule@6.0.0 croner@11.0.1
seen=$(run_node <<'JS'
const { parseCronExpression } = require('cron-schedule'), { Cron } = require('croner')
const from = new Date('2026-12-01T00:00:00Z'), day = date => date.toISOString().slice(0, 10)
for (const line of ['0 6 * * 1#1', '0 6 * * 5L', '0 6 L * *']) {
  let days
  try { days = parseCronExpression(line).getNextDates(3, from).map(day) } catch (error) { days = ['refused'] }
  console.log(line, '| cron-schedule:', ...days, '| croner:', ...new Cron(line, { timezone: 'UTC' }).nextRuns(3, from).map(day))
}
JS
) || true
verdict "$seen" "0 6 * * 1#1 | cron-schedule: 2026-12-07 2026-12-14 2026-12-21 | croner: 2026-12-07 2027-01-04 2027-02-01
0 6 * * 5L | cron-schedule: 2026-12-04 2026-12-11 2026-12-18 | croner: 2026-12-25 2027-01-29 2027-02-26
0 6 L * * | cron-schedule: refused | croner: 2026-12-31 2027-01-31 2027-02-28"
