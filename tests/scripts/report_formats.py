#!/usr/bin/env python3
"""report_formats.py STEM: STEM.csv, STEM.json and STEM.xlsx say the same, and a workbook's totals are the sums of its rows."""
import csv
import json
import re
import sys
import zipfile
from xml.etree import ElementTree

SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
stem = sys.argv[1]


def workbook_rows(path):
    book = zipfile.ZipFile(path)
    shared = []
    if "xl/sharedStrings.xml" in book.namelist():
        for item in ElementTree.fromstring(book.read("xl/sharedStrings.xml")):
            shared.append("".join(part.text or "" for part in item.iter(SHEET + "t")))
    for row in ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml")).iter(SHEET + "row"):
        cells = {}
        for cell in row:
            column = re.match("[A-Z]+", cell.get("r")).group()
            value, formula = cell.find(SHEET + "v"), cell.find(SHEET + "f")
            text = None if value is None else value.text
            if cell.get("t") == "s":
                text = shared[int(text)]
            cells[column] = (text, None if formula is None else formula.text)
        yield int(row.get("r")), cells


with open(stem + ".csv", encoding="utf-8-sig", newline="") as file:
    rows = list(csv.reader(file))
with open(stem + ".json", encoding="utf-8") as file:
    report = json.load(file)
book = dict(workbook_rows(stem + ".xlsx"))
columns = report["columns"]
assert rows[0] == [column["title"] for column in columns], rows[0]
header = 2 + len(report["notes"])
assert book[header]["A"][0] == rows[0][0], book[header]
letters = [chr(ord("A") + i) for i in range(len(columns))]

for number, row in enumerate(report["rows"]):
    for i, column in enumerate(columns):
        value, shown = row[column["key"]], rows[number + 1][i]
        cell = book[header + 1 + number].get(letters[i], (None, None))[0]
        if column["type"] in ("text", "date"):
            assert shown.lstrip("'") == value, (number, column["key"], shown, value)
        elif value is None:
            assert shown in ("", "–") and cell in (None, "–"), (number, column["key"], shown, cell)
        else:
            scale = 100 if column["type"] == "percent" else 1
            assert float(shown) == value, (number, column["key"], shown, value)
            assert abs(float(cell) * scale - value) <= 0.0050001, (number, column["key"], cell, value)

if report["total"] and report["rows"]:
    last = header + 1 + len(report["rows"])
    for i, column in enumerate(columns):
        if column["key"] not in report["total"]:
            continue
        value, (cell, formula) = report["total"][column["key"]], book[last][letters[i]]
        if column["type"] == "count":
            added = sum(float(book[at][letters[i]][0] or 0) for at in range(header + 1, last) if letters[i] in book[at])
            assert formula == f"SUM({letters[i]}{header + 1}:{letters[i]}{last - 1})", formula
            assert added == float(cell) == value == float(rows[-1][i]), (column["key"], added, cell, value)
        elif value is not None:
            scale = 100 if column["type"] == "percent" else 1
            assert formula.startswith("IF(") and abs(float(cell) * scale - value) <= 0.0050001, (formula, cell)
