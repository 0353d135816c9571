#!/usr/bin/python3
"""Checks exports of a result against the result: XLSX with openpyxl, GeoJSON by the rules of RFC 7946,
the structure of an RO-Crate.

usage: read_exports.py RESULT.h5 (FILE.xlsx | FILE.geojson | CRATE/ro-crate-metadata.json)...
Prints what is wrong and ends with 1, or "ok" and 0.
"""
import hashlib
import json
import os
import sys

import h5py
import openpyxl

faults = []


def check(holds, what):
    if not holds:
        faults.append(what)


def texts(dataset):
    return [value.decode() for value in dataset[:]]


def check_xlsx(path, result):
    book = openpyxl.load_workbook(path)
    is_id = "Ringkasan" in book.sheetnames
    names = (["Ringkasan", "Peluang", "Tahun", "Lokasi", "Dana", "Kemungkinan", "Asumsi", "Tentang"] if is_id else
             ["Summary", "Chance", "Years", "Sites", "Money", "Futures", "Assumptions", "About"])
    for name in names:
        check(name in book.sheetnames, f"no sheet {name}")
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                check(cell.data_type in ("n", "s"), f"{sheet.title}!{cell.coordinate} is {cell.data_type}")
        if sheet.title in (names[0], names[-1]):
            continue
        check(sheet.freeze_panes == "A2", f"{sheet.title}: header not frozen")
        check(sheet.auto_filter.ref is not None, f"{sheet.title}: no filter")
    check(book.properties.created.year == 2020, f"created {book.properties.created}")
    # Numbers are numbers, and those of the result.
    chance = result["chance_zero"][:]
    options, years = texts(result["option"]), list(result["year"][:])
    definitions = texts(result["definition"])
    rows = list(book[names[1]].iter_rows(min_row=2, values_only=True))
    check(len(rows) == chance.size, f"{len(rows)} rows of chances")
    for option, level, definition, year, percent, error in rows:
        name = option if option in options and not level else f"{option}+{level}"
        at = options.index(name), years.index(year), definitions.index(definition)
        check(isinstance(percent, (int, float)), f"chance {percent!r} is no number")
        check(abs(percent - chance[at]) < 1e-9, f"chance {percent} for {chance[at]}")
    futures = list(book[names[5]].iter_rows(values_only=True))
    column = futures[0].index("dibayar_idr_miliar" if is_id else "paid_idr_bn")
    paid = [row[column] for row in futures[1:]]
    check(abs(sum(paid) - result["paid_total"][:].sum()) < 1e-6, "money of the futures")
    check(("opsi" if is_id else "option") == futures[0][0], f"first header {futures[0][0]}")


def check_position(position):
    check(isinstance(position, list) and len(position) == 2, f"position {position}")
    check(-180 <= position[0] <= 180 and -90 <= position[1] <= 90, f"position {position} is not on Earth")
    check(all(round(value, 5) == value for value in position), f"more than five decimals: {position}")


def check_polygon(rings):
    for i, ring in enumerate(rings):
        check(len(ring) >= 4, f"ring of {len(ring)} positions")
        check(ring[0] == ring[-1], "ring not closed")
        for position in ring:
            check_position(position)
        area = sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, ring[1:]))
        check((area > 0) == (i == 0), "ring against the right-hand rule")


def check_geojson(path, result):
    with open(path, encoding="utf-8") as file:
        data = json.load(file)
    check(data["type"] == "FeatureCollection", "no FeatureCollection")
    check("crs" not in data, "RFC 7946 knows no crs")
    sites = texts(result["site"])
    check([feature["properties"]["site_id"] for feature in data["features"]] == sites, "not the sites of the result")
    for feature in data["features"]:
        check(feature["type"] == "Feature" and set(feature) >= {"geometry", "properties"}, "no Feature")
        geometry = feature["geometry"]
        if geometry is None:
            continue
        check(geometry["type"] in ("Point", "Polygon", "MultiPolygon"), geometry["type"])
        if geometry["type"] == "Point":
            check_position(geometry["coordinates"])
        elif geometry["type"] == "Polygon":
            check_polygon(geometry["coordinates"])
        else:
            for polygon in geometry["coordinates"]:
                check_polygon(polygon)
    keys = ["site_id", "kelurahan", "kecamatan", "option", "area_ha", "area_status", "zero_year_p50",
            "chance_by_headline_pct", "paid_idr_bn_p50"]
    check(all(list(feature["properties"]) == keys for feature in data["features"]), "properties")


def references(value):
    """All identifiers that a value of the graph points to."""
    if isinstance(value, dict):
        if set(value) == {"@id"}:
            yield value["@id"]
        for part in value.values():
            yield from references(part)
    elif isinstance(value, list):
        for part in value:
            yield from references(part)


def check_crate(path, _):
    folder = os.path.dirname(path)
    with open(path, encoding="utf-8") as file:
        data = json.load(file)
    check(data["@context"][0] == "https://w3id.org/ro/crate/1.1/context", "context")
    entities = {entity["@id"]: entity for entity in data["@graph"]}
    check(len(entities) == len(data["@graph"]), "an identifier is used twice")
    check(all("@type" in entity for entity in data["@graph"]), "an entity without type")
    descriptor = entities["ro-crate-metadata.json"]
    check(descriptor["about"] == {"@id": "./"}, "descriptor")
    check(descriptor["conformsTo"] == {"@id": "https://w3id.org/ro/crate/1.1"}, "version")
    root = entities["./"]
    check(all(root.get(key) for key in ("name", "description", "license", "hasPart")), "root dataset")
    for entity in data["@graph"]:
        for target in references({k: v for k, v in entity.items() if k != "@id"}):
            check(target in entities or target == "https://w3id.org/ro/crate/1.1", f"{target} is not described")
    parts = {part["@id"] for part in root["hasPart"]}
    for name, entity in entities.items():
        if entity["@type"] != "File":
            continue
        check(name in parts, f"{name} is no part")
        with open(os.path.join(folder, name), "rb") as file:
            content = file.read()
        check(entity["contentSize"] == str(len(content)), f"size of {name}")
        check(entity["sha256"] == hashlib.sha256(content).hexdigest(), f"hash of {name}")
    on_disk = {os.path.relpath(os.path.join(at, file), folder) for at, _, files in os.walk(folder) for file in files}
    check(on_disk == parts | {"ro-crate-metadata.json"}, f"not described: {on_disk - parts}")
    run = entities["#run"]
    check(run["@type"] == "CreateAction" and run["instrument"] == {"@id": "#musi"}, "run")
    check(len(run["object"]) >= 5 and len(run["result"]) == 1, "inputs and result of the run")


def check_export(path, result):
    if path.endswith(".xlsx"):
        check_xlsx(path, result)
    elif path.endswith(".geojson"):
        check_geojson(path, result)
    else:
        check_crate(path, result)


with h5py.File(sys.argv[1]) as result_file:
    for export in sys.argv[2:]:
        check_export(export, result_file)
print("\n".join(faults[:20]) if faults else "ok")
sys.exit(1 if faults else 0)
