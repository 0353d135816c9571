"""Prints what pairing saves between all options of results of the same luck; see `pairing`."""
import itertools
import os
import statistics
import sys

import h5py
import numpy

outcomes = {}  # option -> metric -> one number per future
for path in sys.argv[1:]:
    with h5py.File(path) as result:
        years = list(result["year"][:])
        headline = int(result.attrs["headline_year"])
        definition = [d.decode() for d in result["definition"][:]].index(result.attrs["headline_definition"].decode())
        last = years.index(min(headline, years[-1]))
        for i, option in enumerate(name.decode() for name in result["option"][:]):
            name = option if len(sys.argv) == 2 else os.path.splitext(os.path.basename(path))[0] + ":" + option
            zero = result["zero_year"][i, :, definition].astype(float)
            zero[zero < 0] = years[-1]
            outcomes[name] = {
                f"chance by {headline}": (result["zero_year"][i, :, definition] > 0) * (zero <= headline) * 100.0,
                "restricted mean years": zero - years[0] + 1,
                f"slum area {headline}": result["slum_area"][i, :, last].astype(float),
                f"paid until {headline}": result["paid"][i, :, : last + 1, :].astype(float).sum(axis=(1, 2)),
            }


def ratio(a, b):
    """(var a + var b) / var (a - b); None if the options do not differ in any future."""
    apart = (a - b).var(ddof=1)
    return None if apart == 0 else (a.var(ddof=1) + b.var(ddof=1)) / apart


rows = []
for a, b in itertools.combinations(outcomes, 2):
    for metric in outcomes[a]:
        x, y = outcomes[a][metric], outcomes[b][metric]
        found = ratio(x, y)
        if x.var() + y.var() == 0:
            continue  # certain in both: one future is enough
        most = ratio(numpy.sort(x), numpy.sort(y))
        rows.append((metric, a, b, found, most))
        words = "no future differs" if found is None else f"{found:8.1f}"
        print(f"{metric:22s} {a:24s} {b:24s} {words}   at most {'any' if most is None else f'{most:.1f}'}")
for metric in dict.fromkeys(row[0] for row in rows):
    times = [row[3] for row in rows if row[0] == metric and row[3] is not None]
    possible = [row for row in rows if row[0] == metric and row[3] is not None and (row[4] is None or row[4] >= 5)]
    print(f"{metric}: median {statistics.median(times):.1f}, lowest {min(times):.1f}; "
          f"{sum(t >= 5 for t in times)} of {len(times)} pairs at least 5 times; "
          f"{sum(row[3] >= 5 for row in possible)} of the {len(possible)} where that is possible at all")
times = [row[3] for row in rows if row[3] is not None]
print(f"median {statistics.median(times):.1f} times fewer futures, of {len(times)} comparisons; "
      f"{sum(t >= 5 for t in times)} of them at least 5 times")
