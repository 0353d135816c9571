"""Opens a sample result with xarray (both engines), h5py and ncdump and compares values.

Usage: read_with_python.py ENGINE FILE, ENGINE one of netcdf4, h5netcdf, h5py, ncdump.
The numbers are those of tests/support/sample_result.h.
"""

import subprocess
import sys

import numpy as np


def area(option, replicate, year):
    return 1000 - 100 * option - replicate - 10 * year


def check(condition, what):
    if not condition:
        sys.exit(f"{what} is not as written")


def check_xarray(path, engine):
    import xarray as xr

    ds = xr.open_dataset(path, engine=engine)
    check(list(ds.option.values) == ["current", "need"], "option")
    check(dict(ds.sizes)["replicate"] == 100, "replicate")
    check(list(ds.year.values) == [2019, 2020, 2021, 2022], "year")
    check(ds.year.dtype.kind == "i", "type of year")
    check(ds.slum_area.dims == ("option", "replicate", "year"), "dimensions of slum_area")
    check(ds.slum_area.attrs["units"] == "ha", "unit of slum_area")
    expected = [[[area(o, r, y) for y in range(4)] for r in range(100)] for o in range(2)]
    np.testing.assert_array_equal(ds.slum_area.values, np.array(expected, dtype="float32"))
    check(float(ds.slum_area.sel(option="need", replicate=7, year=2020)) == area(1, 7, 1), "sel")
    z = ds.sel(definition="Z1")
    check(np.isnan(float(z.zero_year.sel(option="need", replicate=3))), "zero_year not reached")
    chance = (z.zero_year <= 2021).mean("replicate") * 100
    np.testing.assert_array_equal(chance.values, ds.chance_zero.sel(definition="Z1", year=2021))
    check(int(ds.reached.sum()) == 75 * 3, "reached")
    check(np.isnan(ds.coverage.values[:, :, 3]).all(), "missing coverage")
    check(ds.households_displaced.dtype == np.dtype("int32"), "type of households_displaced")
    check(float(ds.paid_total.sel(option="current", replicate=7)) == 7.1, "paid_total")
    check("option_title_id" in ds.coords, "auxiliary coordinate")
    check(str(ds.option_title_id.values[1]) == "Sesuai kebutuhan", "title")
    check(ds.site_area.dims == ("option", "replicate", "year", "site"), "dimensions of site_area")
    median = ds.slum_area.sel(option="current").quantile(0.5, "replicate")
    stored = ds.slum_area_quantile.sel(option="current", quantile=50)
    np.testing.assert_allclose(stored.values, median.values)
    frame = ds[["paid_total"]].to_dataframe()
    check(len(frame) == 200, "data frame")
    made = xr.open_dataset(path, engine=engine, group="provenance")
    check(made.attrs["result_format_version"] == "1.1", "format version")
    check(int(made.attrs["complete"]) == 1, "complete")
    check(str(made.scenario_yaml.values) == "schema: 1\nname: sample\n", "scenario")
    check(ds.attrs["Conventions"] == "CF-1.10 ACDD-1.3", "Conventions")


def check_h5py(path):
    import h5py

    f = h5py.File(path)
    check(f["slum_area"].dims[2].label == "year", "label")
    check(f["slum_area"].dims[2][0] == f["year"], "attached scale")
    order = []
    f.id.links.iterate(lambda name: order.append(name), idx_type=h5py.h5.INDEX_CRT_ORDER)
    check(order[:3] == [b"option", b"replicate", b"year"], "creation order")
    check(f["zero_year"].dtype == np.dtype("int16"), "type of zero_year")
    check(f["zero_year"][0, 3, 0] == -1, "raw zero_year")
    check(f["option"].asstr()[1] == "need", "text")
    check(f["slum_area"].chunks == (1, 64, 4), "chunks")
    check(f["slum_area"].shuffle and f["slum_area"].compression == "gzip", "filters")
    allowed = {"i1", "i2", "i4", "f4", "f8"}

    def visit(name, item):
        if not isinstance(item, h5py.Dataset):
            return
        kind = h5py.check_string_dtype(item.dtype)
        if kind is not None:
            check(kind.encoding == "utf-8" and kind.length is None, f"text type of {name}")
            return
        check(item.dtype.str.lstrip("<|") in allowed, f"type {item.dtype} of {name}")
        for axis in range(item.ndim):
            is_scale = h5py.h5ds.is_scale(item.id)
            check(is_scale or len(item.dims[axis]) == 1, f"scale of axis {axis} of {name}")

    f.visititems(visit)
    check(dict(f["inputs"]["cities_palembang_sites.csv"].attrs)["path"] is not None, "input path")


def check_ncdump(path):
    text = subprocess.run(["ncdump", "-h", path], check=True, capture_output=True, text=True).stdout
    for line in ("option = 2 ;", "replicate = 100 ;", "year = 4 ;",
                 "float slum_area(option, replicate, year) ;", "zero_year:_FillValue = -1s ;",
                 "string option(option) ;", "group: provenance {"):
        check(line in text, f"'{line}'")


def main():
    engine, path = sys.argv[1:]
    if engine == "h5py":
        check_h5py(path)
    elif engine == "ncdump":
        check_ncdump(path)
    else:
        check_xarray(path, engine)
    print(f"{engine}: all values as written")


main()
