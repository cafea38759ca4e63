#!/usr/bin/env bash
# A report each Monday and on the first of the month: "0 6 1 * 1". crontab(5): if both days are given, either will do.
# Versions: npm's node-cron 4.6.0, croner 11.0.1, cron 4.4.0, cron-parser 5.10.6 and cron-schedule 6.0.0; cron-converter 2.0.2.
# Expected: the libraries of one ecosystem read a line that names two days alike, as cron does.
# Seen: node-cron (and PyPI's cron-converter) want both: the report comes on firsts that are Mondays, three times in
#   2027. The other four follow cron: 60 reports.
source "$(dirname "$0")/common.bash"
node_with node-cron@4.6.0 croner@11.0.1 cron@4.4.0 cron-parser@5.10.6 cron-schedule@6.0.0 luxon@3.7.2
python_with cron-converter==2.0.2
seen=$(run_node <<'JS'
const line = '0 6 1 * 1', from = new Date('2027-01-01T12:00:00Z'), zone = 'UTC', runs = 24
const { Cron } = require('croner'), { CronTime } = require('cron'), { DateTime } = require('luxon')
const { CronExpressionParser } = require('cron-parser'), { parseCronExpression } = require('cron-schedule')
const parsed = CronExpressionParser.parse(line, { currentDate: from, tz: zone }), time = new CronTime(line, zone)
let at = DateTime.fromJSDate(from, { zone })
const libraries = {
  croner: new Cron(line, { timezone: zone }).nextRuns(runs, from),
  cron: Array.from({ length: runs }, () => (at = time.getNextDateFrom(at, zone)).toJSDate()),
  'cron-parser': Array.from({ length: runs }, () => parsed.next().toDate()),
  'cron-schedule': parseCronExpression(line).getNextDates(runs, from),
  'node-cron': require('node-cron').createTask(line, () => {}, { timezone: zone }).getNextRuns(runs),
}
for (const [name, dates] of Object.entries(libraries))
  console.log(`${name}:`, dates.every(date => date.getUTCDate() === 1 && date.getUTCDay() === 1) ? 'both' : 'either')
process.exit()
JS
run_python <<'PY'
import datetime as dt

from cron_converter import Cron

schedule = Cron("0 6 1 * 1").schedule(start_date=dt.datetime(2027, 1, 1, 12, tzinfo=dt.timezone.utc))
dates = [schedule.next() for _ in range(24)]
print("cron-converter:", "both" if all(date.day == 1 and date.weekday() == 0 for date in dates) else "either")
PY
) || true
verdict "$seen" "croner: either
cron: either
cron-parser: either
cron-schedule: either
node-cron: both
cron-converter: both"
