"""Time the nested model against rows and clusters: `python tests/benchmarks/benchmark_nested.py`.

Medians of interleaved runs in one process, with BLAS on one thread; the exponents are slopes of
log time on log size by least squares, over the sizes printed.
"""

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import statistics
import sys
import time

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
            start = time.perf_counter()
            integrate_assembly(case)
            spent[name].append(1e3 * (time.perf_counter() - start))
    return {name: (statistics.median(own), min(own)) for name, own in spent.items()}


def exponent(sizes, times):
    """Return the slope of log time on log size."""
    return np.polyfit(np.log(sizes), np.log(times), 1)[0]


def shown(title, cases, sizes=None):
    """Print times, and the exponent where sizes are given."""
    found = timed(cases)
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
    shown("Examples", {"Konstantopoulos, 56 in 11": konstantopoulos(),
                       "60 rows in 12 clusters": assembly(60, 12)})  # fmt: skip
    shown(
        "Rows, five a cluster",
        {f"{rows} rows in {rows // 5}": assembly(rows, rows // 5) for rows in ROWS},
        ROWS,
    )
    shown(
        "Clusters of 960 rows",
        {f"960 rows in {clusters}": assembly(960, clusters) for clusters in CLUSTERS},
        CLUSTERS,
    )


if __name__ == "__main__":
    main()
