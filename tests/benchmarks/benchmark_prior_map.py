"""The prior map against compiled NUTS refits, in one run; 100 refits on one compilation.

Run: python tests/benchmarks/benchmark_prior_map.py
"""

import json
import time
from collections.abc import Callable
from statistics import median

import bayesmeta as bm
from bayesmeta.sensitivity import prior_map

FAST = ("median", "p_benefit")
WITH_INTERVALS = ("median", "lower", "upper", "p_benefit")
_REPEATS = 7
_REFITS = 100


def seconds(call: Callable[[], object], *, repeats: int = _REPEATS) -> float:
    """Return the median wall time of calls."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return median(times)


def main() -> None:
    """Print wall times, and ratios to a compiled NUTS refit, as JSON."""
    effects = bm.effect_sizes(bm.read_studies("examples/data/normand1999.csv"), measure="MD")
    scales = iter(range(1, 10_000))

    def refit() -> object:
        return bm.fit(effects, priors={"tau": f"HalfNormal(sigma={5 + next(scales) / 100})"})

    start = time.perf_counter()
    refit()
    first = time.perf_counter() - start
    nuts = seconds(refit)
    start = time.perf_counter()
    for _ in range(_REFITS):
        refit()
    hundred = time.perf_counter() - start
    maps = {
        name: seconds(
            lambda s=statistics: prior_map(effects, families=["HalfNormal"], statistics=s)
        )
        for name, statistics in (
            ("estimate and P(benefit)", FAST),
            ("with intervals", WITH_INTERVALS),
        )
    }
    report = {
        "cells": prior_map(effects, families=["HalfNormal"])["median"].size,
        "first NUTS fit, s": first, "NUTS refit, s": nuts, f"{_REFITS} NUTS refits, s": hundred,
        **{f"map, {name}, s": wall for name, wall in maps.items()},
        **{f"map, {name}, in NUTS refits": wall / nuts for name, wall in maps.items()},
    }  # fmt: skip
    print(json.dumps({name: round(value, 4) for name, value in report.items()}, indent=2))  # noqa: T201


if __name__ == "__main__":
    main()
