"""Time models of dependent rows: `python tests/benchmarks/benchmark_nested.py`.

The nested model, whose blocks are compound symmetric, and general blocks: rows of one trial with an
unknown correlation (two hyperparameters), and two outcomes with known covariances (three). A word
after the program runs the tables whose titles hold it.

Medians of the processor time of interleaved runs in one process, with BLAS on one thread; the
exponents are slopes of log time on log size by least squares, over the sizes printed.
"""

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import statistics
import sys
import time
from functools import partial

import numpy as np
import pandas as pd

import bayesmeta as bm
from bayesmeta.assembly import assemble
from bayesmeta.engines.integration import integrate_assembly

PRIORS = {
    "mu": "Normal(mu=0, sigma=1)",
    "tau": "HalfNormal(sigma=0.5)",
    "tau_within": "HalfNormal(sigma=0.5)",
}
ROUNDS = 7
ROWS = (30, 60, 120, 240, 480, 960, 1920)
"""With five rows a cluster."""
CLUSTERS = (6, 12, 24, 48, 96, 192)
"""Of 960 rows."""
TRIALS, SIZES, PAIRS = (6, 12, 24, 48, 96), (2, 4, 8, 16), (5, 10, 20, 40)


def say(line):
    """Write one line."""
    sys.stdout.write(f"{line}\n")


def assembly(rows: int, clusters: int):
    """Return the nested model on simulated rows."""
    generator = np.random.default_rng([rows, clusters])
    member = np.arange(rows) % clusters
    error = generator.uniform(0.08, 0.3, rows)
    estimate = (
        0.3 + generator.normal(0, 0.3, clusters)[member] + generator.normal(0, np.hypot(error, 0.2))
    )
    frame = pd.DataFrame(
        {
            "study": [f"study {row}" for row in range(rows)],
            "cluster": [f"cluster {one}" for one in member],
            "estimate": estimate,
            "standard_error": error,
        }
    )
    effects = bm.effect_sizes(bm.read_studies(frame), "generic", repeated=True)
    return assemble(effects, "nested", priors=PRIORS, roles={"cluster": "cluster"})


def correlated(rows: int, trials: int):
    """Return rows of trials with one unknown correlation: d = 2, general blocks."""
    generator = np.random.default_rng([rows, trials, 2])
    member = np.arange(rows) % trials
    error = generator.uniform(0.08, 0.3, rows)
    shared = generator.normal(size=trials)[member]
    noise = np.sqrt(0.5) * (shared + generator.normal(size=rows))
    frame = pd.DataFrame(
        {
            "study": [f"study {row}" for row in range(rows)],
            "trial": [f"trial {one}" for one in member],
            "estimate": 0.3 + generator.normal(0, 0.2, rows) + error * noise,
            "standard_error": error,
        }
    )
    effects = bm.effect_sizes(bm.read_studies(frame), "generic")
    priors = {name: PRIORS[name] for name in ("mu", "tau")}
    return assemble(effects, "correlated", priors=priors, roles={"trial": "trial"})


def bivariate(trials: int):
    """Return two outcomes of each trial, their covariances known: d = 3, general blocks."""
    generator = np.random.default_rng([trials, 3])
    error, rows = generator.uniform(0.08, 0.3, (trials, 2)), np.arange(2 * trials)
    effect = generator.multivariate_normal([0.3, -0.1], [[0.06, 0.03], [0.03, 0.05]], trials)
    noise = generator.multivariate_normal([0, 0], [[1, 0.4], [0.4, 1]], trials)
    frame = pd.DataFrame(
        {
            "study": [f"study {row // 2}" for row in rows],
            "outcome": [("a", "b")[row % 2] for row in rows],
            "estimate": (effect + error * noise).ravel(),
            "standard_error": error.ravel(),
        }
    )
    effects = bm.effect_sizes(bm.read_studies(frame), "generic", repeated=True)
    priors = {name: PRIORS[name] for name in ("mu", "tau")} | {"rho_within": 0.4}
    return assemble(effects, "several-outcomes", priors=priors)


def konstantopoulos():
    """Return the nested model on 56 schools in 11 districts."""
    table = bm.read_studies("examples/data/konstantopoulos2011.csv")
    effects = bm.effect_sizes(table, "SMD", repeated=True)
    return assemble(effects, "nested", priors=PRIORS, roles={"cluster": "district"})


def timed(cases):
    """Return the median milliseconds of each case, its runs spread over all of the time."""
    spent = {name: [] for name in cases}
    for _ in range(ROUNDS):
        for name, case in cases.items():
            start = time.process_time()
            integrate_assembly(case)
            spent[name].append(1e3 * (time.process_time() - start))
    return {name: (statistics.median(own), min(own)) for name, own in spent.items()}


def exponent(sizes, times):
    """Return the slope of log time on log size."""
    return np.polyfit(np.log(sizes), np.log(times), 1)[0]


def shown(title, cases, sizes=None):
    """Print times, and the exponent where sizes are given."""
    if not all(word in title.lower() for word in sys.argv[1:]):
        return
    found = timed({name: case() for name, case in cases.items()})
    say(f"\n{title}")
    for name, (median, least) in found.items():
        say(f"  {name:<28}{median:8.1f} ms  (least {least:.1f})")
    if sizes:
        medians = [median for median, _ in found.values()]
        say(f"  time ~ size^{exponent(sizes, medians):.2f}")
        half = len(sizes) // 2
        say(f"  of the larger half: size^{exponent(sizes[half:], medians[half:]):.2f}")


def main():
    """Print all tables."""
    integrate_assembly(assembly(30, 6))
    shown(
        "Examples",
        {
            "nested, 56 schools in 11": konstantopoulos,
            "nested, 60 rows in 12": partial(assembly, 60, 12),
            "correlated, 36 rows in 12": partial(correlated, 36, 12),
            "two outcomes of 10 trials": partial(bivariate, 10),
        },
    )
    shown(
        "Nested: rows, five a cluster",
        {f"{rows} rows in {rows // 5}": partial(assembly, rows, rows // 5) for rows in ROWS},
        ROWS,
    )
    shown(
        "Nested: clusters of 960 rows",
        {f"960 rows in {clusters}": partial(assembly, 960, clusters) for clusters in CLUSTERS},
        CLUSTERS,
    )
    shown(
        "Correlated: trials of three rows",
        {f"{3 * trials} rows in {trials}": partial(correlated, 3 * trials, trials)
         for trials in TRIALS},
        TRIALS,
    )  # fmt: skip
    shown(
        "Correlated: rows of 12 trials",
        {f"{12 * size} rows in 12": partial(correlated, 12 * size, 12) for size in SIZES},
        SIZES,
    )
    shown(
        "Two outcomes: trials",
        {f"{trials} trials": partial(bivariate, trials) for trials in PAIRS},
        PAIRS,
    )


if __name__ == "__main__":
    main()
