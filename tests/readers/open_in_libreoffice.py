#!/usr/bin/python3
"""Opens exports in LibreOffice without a window, and checks that numbers arrive as numbers: every
sheet of FILE.xlsx, and FILE.csv written for locale id, read as a spreadsheet set to Indonesian does.

usage: open_in_libreoffice.py SOFFICE FOLDER FILE.xlsx FILE.csv
Prints what is wrong and ends with 1, or "ok" and 0.
"""
import csv
import os
import subprocess
import sys
import xml.etree.ElementTree as xml

import openpyxl

soffice, folder, xlsx, semicolons = sys.argv[1:]
table = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
office = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
words = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
faults = []


def check(holds, what):
    if not holds:
        faults.append(what)


def opened(path, *options):
    """Sheets as LibreOffice holds them: name -> rows of numbers, texts and None."""
    profile = "file://" + os.path.abspath(os.path.join(folder, "profile"))
    subprocess.run([soffice, f"-env:UserInstallation={profile}", "--headless", *options, "--convert-to",
                    "fods:OpenDocument Spreadsheet Flat XML", "--outdir", folder, path],
                   check=True, timeout=240, stdout=subprocess.DEVNULL)
    made = os.path.join(folder, os.path.splitext(os.path.basename(path))[0] + ".fods")
    sheets = {}
    for sheet in xml.parse(made).getroot().iter(table + "table"):
        rows = []
        for row in sheet.iter(table + "table-row"):
            cells = []
            for cell in row.iter(table + "table-cell"):
                kind = cell.get(office + "value-type")
                value = None
                if kind == "float":
                    value = float(cell.get(office + "value"))
                elif kind is not None:
                    value = "\n".join("".join(p.itertext()) for p in cell.iter(words + "p"))
                    check(kind == "string", f"{sheet.get(table + 'name')}: a cell became {kind}")
                repeated = int(cell.get(table + "number-columns-repeated", "1"))
                cells += [value] * min(repeated, 2000)
            repeated = int(row.get(table + "number-rows-repeated", "1"))
            rows += [cells] * min(repeated, 10000)
        sheets[sheet.get(table + "name")] = rows
    return sheets


def check_xlsx():
    sheets = opened(xlsx)
    n_numbers = 0
    for sheet in openpyxl.load_workbook(xlsx, read_only=True):
        check(sheet.title in sheets, f"no sheet {sheet.title}")
        rows = sheets.get(sheet.title, [])
        for r, row in enumerate(sheet.iter_rows(values_only=True)):
            for c, wanted in enumerate(row):
                if not isinstance(wanted, (int, float)):
                    continue
                found = rows[r][c] if r < len(rows) and c < len(rows[r]) else None
                n_numbers += 1
                check(isinstance(found, float) and abs(found - wanted) <= 1e-12 * max(1.0, abs(wanted)),
                      f"{sheet.title}, row {r + 1}, column {c + 1}: {found!r} for {wanted!r}")
    check(n_numbers > 100, f"only {n_numbers} numbers in the workbook")


def check_csv():
    # Separator semicolon, quotes, UTF-8, from line 1; 1057 is Indonesian.
    (rows,) = opened(semicolons, "--infilter=CSV:59,34,76,1,,1057,false,true").values()
    n_fractions = 0
    with open(semicolons, encoding="utf-8", newline="") as file:
        lines = list(csv.reader(file, delimiter=";"))
    column = lines[0].index("chance_pct")
    for r, line in enumerate(lines[1:], 1):
        for c in (column, column + 1):
            wanted = float(line[c].replace(",", "."))
            n_fractions += "," in line[c]
            check(isinstance(rows[r][c], float) and abs(rows[r][c] - wanted) <= 1e-9 * max(1.0, abs(wanted)),
                  f"line {r + 1}: {rows[r][c]!r} for {line[c]}")
    check(n_fractions > 0, "no decimal comma in the file")


check_xlsx()
check_csv()
print("\n".join(faults[:20]) if faults else "ok")
sys.exit(1 if faults else 0)
