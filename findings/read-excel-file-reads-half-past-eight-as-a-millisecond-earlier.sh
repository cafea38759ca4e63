#!/usr/bin/env bash
# An export of evaluations has date and time in a cell (2026-11-01 08:30). Node scripts read the workbook and count evaluations an hour.
# Versions: npm's read-excel-file 9.3.17 and exceljs 4.4.0, xlsxwriter 3.3.1, openpyxl 3.1.5.
# Expected: whole minutes in, whole minutes out, as openpyxl has it: the number in the file is exact to some microseconds.
# Seen: with read-excel-file 544 of the 1,440 minutes of a day are a millisecond early; 8 of them are whole hours, whose
#   evaluations count for the hour before. exceljs rounds, and has all.
source "$(dirname "$0")/common.bash"
node_with read-excel-file@9.3.17 exceljs@4.4.0
python_with xlsxwriter==3.3.1 openpyxl==3.1.5
run_python <<'PY'
import datetime

import openpyxl
import xlsxwriter

minutes = [datetime.datetime(2026, 11, 1) + datetime.timedelta(minutes=minute) for minute in range(1440)]
with xlsxwriter.Workbook("times.xlsx", {"default_date_format": "yyyy-mm-dd hh:mm"}) as book:
    book.add_worksheet().write_column(0, 0, minutes)
times = [cell for (cell,) in openpyxl.load_workbook("times.xlsx").active.iter_rows(values_only=True)]
assert times == minutes
PY
seen=$(run_node <<'JS'
const { Workbook } = require('exceljs'), day = Date.UTC(2026, 10, 1)
const tell = (name, times) => {
  const early = times.filter((time, minute) => time.getTime() < day + minute * 60000)
  const hours = early.filter(time => time.getTime() % 3600000 > 3599000)
  console.log(`${name}: ${early.length} of ${times.length} minutes early, ${hours.length} of them in the hour before`, early[0]?.toJSON() ?? '')
}
const book = new Workbook()
book.xlsx.readFile('times.xlsx').then(() => {
  const times = []
  book.worksheets[0].eachRow(row => times.push(row.getCell(1).value))
  tell('exceljs', times)
  return import('read-excel-file/node')
}).then(async module => {
  const [{ data }] = await module.default('times.xlsx')
  tell('read-excel-file', data.map(([time]) => time))
})
JS
) || true
verdict "$seen" "exceljs: 0 of 1440 minutes early, 0 of them in the hour before 
read-excel-file: 544 of 1440 minutes early, 8 of them in the hour before 2026-11-01T00:04:59.999Z"
