"""Prints what pairing saves between all options of results of the same luck; see `pairing`."""
import itertools
import os
import statistics
import sys

import h5py
import numpy

wanted = 5.0  # times fewer futures than unpaired
outcomes = {}  # option -> metric -> one number per future
levels = {}  # option -> option without its level
inputs = {}  # path -> rank of each future, of inputs drawn once per future
for path in sys.argv[1:]:
    with h5py.File(path) as result:
        years = list(result["year"][:])
        headline = int(result.attrs["headline_year"])
        definition = [d.decode() for d in result["definition"][:]].index(result.attrs["headline_definition"].decode())
        last = years.index(min(headline, years[-1]))
        for i, option in enumerate(name.decode() for name in result["option"][:]):
            name = option if len(sys.argv) == 2 else os.path.splitext(os.path.basename(path))[0] + ":" + option
            levels[name] = name.split("+")[0]
            zero = result["zero_year"][i, :, definition].astype(float)
            zero[zero < 0] = years[-1]
            outcomes[name] = {
                f"chance by {headline}": (result["zero_year"][i, :, definition] > 0) * (zero <= headline) * 100.0,
                "restricted mean years": zero - years[0] + 1,
                f"slum area {headline}": result["slum_area"][i, :, last].astype(float),
                f"paid until {headline}": result["paid"][i, :, : last + 1, :].astype(float).sum(axis=(1, 2)),
            }
        if not inputs and "input_value" in result:
            drawn = result["input_value"][0].astype(float)
            for k, name in enumerate(result["input"][:]):
                if len(set(drawn[:, k])) > len(drawn) // 2:  # NaN, and lists of few values, have no ranks
                    inputs[name.decode()] = numpy.argsort(numpy.argsort(drawn[:, k]))


def ratio(a, b):
    """(var a + var b) / var (a - b); None if the options do not differ in any future."""
    apart = (a - b).var(ddof=1)
    return None if apart == 0 else (a.var(ddof=1) + b.var(ddof=1)) / apart


def moves(difference):
    """The inputs whose ranks go most with a difference: they decide over one option only."""
    ranks = numpy.argsort(numpy.argsort(difference))
    found = sorted(((abs(numpy.corrcoef(ranks, own)[0, 1]), name) for name, own in inputs.items()), reverse=True)
    return ", ".join(f"{name.split('.')[-1]} {size:.2f}" for size, name in found[:2])


rows = []
futures = {}  # metric -> futures that all comparisons together ask for, unpaired and paired; of one half-width
for a, b in itertools.combinations(outcomes, 2):
    for metric in outcomes[a]:
        x, y = outcomes[a][metric], outcomes[b][metric]
        found = ratio(x, y)
        if x.var() + y.var() == 0:
            continue  # certain in both: one future is enough
        most = ratio(numpy.sort(x), numpy.sort(y))
        is_possible = most is None or most >= wanted
        rows.append((metric, a, b, found, is_possible))
        unpaired, paired = futures.get(metric, (0.0, 0.0))
        futures[metric] = (unpaired + x.var(ddof=1) + y.var(ddof=1), paired + (x - y).var(ddof=1))
        words = "no future differs" if found is None else f"{found:8.1f}"
        why = ""
        if found is not None and found < wanted:
            why = f"   difference moves with {moves(x - y)}" if is_possible else "   no pairing can"
        print(f"{metric:22s} {a:24s} {b:24s} {words}   at most {'any' if most is None else f'{most:.1f}'}{why}")


def told(chosen):
    """How many of some rows reach the wish; where no future differs they all do."""
    met = sum(found is None or found >= wanted for _, _, _, found, _ in chosen)
    possible = [row for row in chosen if row[4]]
    times = [row[3] for row in chosen if row[3] is not None]
    middle = f"median {statistics.median(times):.1f}, lowest {min(times):.1f}; " if times else ""
    return (f"{middle}{met} of {len(chosen)} at least {wanted:.0f} times, of the {len(possible)} where any pairing "
            f"could be: {sum(found is None or found >= wanted for _, _, _, found, _ in possible)}")


print()
kinds = {"options that differ in their level only": [r for r in rows if levels[r[1]] == levels[r[2]]],
         "options of different budgets": [r for r in rows if levels[r[1]] != levels[r[2]]]}
for words, chosen in kinds.items():
    print(words)
    for metric in dict.fromkeys(row[0] for row in chosen):
        print(f"  {metric:22s} {told([row for row in chosen if row[0] == metric])}")
print(f"all comparisons: {told(rows)}")
print()
print("futures for the same half-width in every comparison of the table, all comparisons together:")
for metric, (unpaired, paired) in futures.items():
    times = "any number of" if paired == 0 else f"{unpaired / paired:.1f}"
    print(f"  {metric:22s} {times} times fewer if paired")
