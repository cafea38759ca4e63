#!/usr/bin/env bash
# A scorecard in Excel works scores out with formulas (=IF(B2="fail",0,C2)) and whether an automatic fail applies (=B2="fail"). A Node
# script reads them with exceljs: cell.value.result, as its documents show it for cells with a formula.
# Versions: npm's exceljs 4.4.0; XlsxWriter 3.3.1 writes the workbook.
# Expected: 0 and false, as 85.5 and true in the rows beside them: the file holds the results of all four.
# Seen: cell.value is {formula} alone where the result is 0 or false, the same as for a formula that was never worked out; a score of
#   0 is left out of the mean, which is 85.5 instead of 42.75. cell.result has them.
source "$(dirname "$0")/common.bash"
node_with exceljs@4.4.0
python_with xlsxwriter==3.3.1
run_python <<'PY'
import xlsxwriter

with xlsxwriter.Workbook("scores.xlsx") as book:
    sheet = book.add_worksheet()
    for row, (answer, score, fails) in enumerate([("pass", 85.5, False), ("fail", 0, True)]):
        sheet.write_row(row, 0, [answer, 85.5])
        sheet.write_formula(row, 2, f'=IF(A{row + 1}="fail",0,B{row + 1})', value=score)
        sheet.write_formula(row, 3, f'=A{row + 1}="fail"', value=fails)
PY
seen=$(run_node <<'JS'
const { Workbook } = require('exceljs')
const book = new Workbook()
book.xlsx.readFile('scores.xlsx').then(() => {
  const sheet = book.worksheets[0]
  for (const address of ['C1', 'C2', 'D1', 'D2']) {
    const cell = sheet.getCell(address)
    console.log(address, JSON.stringify(cell.value), 'cell.result:', cell.result)
  }
  const scores = ['C1', 'C2'].map(address => sheet.getCell(address).value.result).filter(score => score !== undefined)
  console.log('mean of value.result:', scores.reduce((sum, score) => sum + score, 0) / scores.length)
})
JS
) || true
verdict "$seen" "C1 {\"formula\":\"IF(A1=\\\"fail\\\",0,B1)\",\"result\":85.5} cell.result: 85.5
C2 {\"formula\":\"IF(A2=\\\"fail\\\",0,B2)\"} cell.result: 0
D1 {\"formula\":\"A1=\\\"fail\\\"\"} cell.result: false
D2 {\"formula\":\"A2=\\\"fail\\\"\",\"result\":true} cell.result: true
mean of value.result: 85.5"
