#!/usr/bin/env bash
# A workbook of evaluations: agent and contact ids are text cells (format "@", a green corner in Excel), among them 00124 and 2026E2.
# Versions: pandas 3.1.1, openpyxl 3.1.5, python-calamine 0.9.1, polars 2.1.0, fastexcel 0.21.0.
# Expected: the file says that the cells are text (there is nothing to guess, as there is in CSV), so they are text, as in polars.
# Seen: if all cells of the column look like numbers, pandas makes numbers of them with every engine: 124, and 202600 for 2026E2; a
#   single id with another letter keeps the whole column as text. dtype=str for the column helps.
source "$(dirname "$0")/common.bash"
python_with pandas==3.1.1 openpyxl==3.1.5 python-calamine==0.9.1 polars==2.1.0 fastexcel==0.21.0
seen=$(run_python <<'PY'
import openpyxl
import pandas as pd
import polars as pl

book = openpyxl.Workbook()
sheet = book.active
for row in (["agent", "form", "contact"], ["00124", "2026E2", "00124"], ["00125", "2026E3", "A0125"]):
    sheet.append(row)
for cell in (cell for row in sheet["A2:C3"] for cell in row):
    cell.number_format = "@"
book.save("ids.xlsx")
for engine in ("openpyxl", "calamine"):
    print(engine, pd.read_excel("ids.xlsx", engine=engine).to_dict("list"))
print("dtype=str", pd.read_excel("ids.xlsx", dtype=str).to_dict("list"))
print("polars", pl.read_excel("ids.xlsx").to_dict(as_series=False))
PY
) || true
verdict "$seen" "openpyxl {'agent': [124, 125], 'form': [202600.0, 2026000.0], 'contact': ['00124', 'A0125']}
calamine {'agent': [124, 125], 'form': [202600.0, 2026000.0], 'contact': ['00124', 'A0125']}
dtype=str {'agent': ['00124', '00125'], 'form': ['2026E2', '2026E3'], 'contact': ['00124', 'A0125']}
polars {'agent': ['00124', '00125'], 'form': ['2026E2', '2026E3'], 'contact': ['00124', 'A0125']}"
