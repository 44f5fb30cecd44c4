"""Sixty exact points of the dial, with intervals: a common spread, and an extra one.

Run: python tests/benchmarks/benchmark_designs.py
CPU seconds of the fastest of three calls. Bars: under 1 s (common), under 10 s (extra).
"""

import json
import sys
import time
from collections.abc import Callable

import numpy as np

import bayesmeta as bm
from bayesmeta.assembly import cohorts
from bayesmeta.cohorts.dial import default_sds, dial_over_bias, dial_over_power
from bayesmeta.cohorts.question import Question

_POINTS, _ROUNDS = 60, 3


def seconds(call: Callable[[], object]) -> float:
    """Return the CPU seconds of the fastest of some calls."""
    best = np.inf
    for _ in range(_ROUNDS):
        start = time.process_time()
        call()
        best = min(best, time.process_time() - start)
    return best


def main() -> None:
    """Print the seconds of each dial as JSON."""
    table = bm.read_studies("examples/data/rtms_SIMULATED.csv")
    effects = bm.effect_sizes(table, "MD", outcome="TNF-alpha")
    cohort, powers = cohorts(effects, "design", "RCT"), np.linspace(0, 1, _POINTS)

    def asked(spread: str) -> Question:
        return Question(effects, effects, "design", "RCT", cohort, spread=spread)

    def over_bias(spread: str) -> Callable[[], object]:
        return lambda: dial_over_bias(asked(spread), default_sds(asked(spread), _POINTS))

    found = {f"over u, {spread}": seconds(over_bias(spread)) for spread in ("common", "extra")}
    found["over a"] = seconds(lambda: dial_over_power(asked("common"), powers))
    sys.stdout.write(json.dumps(found, indent=2) + "\n")


if __name__ == "__main__":
    main()
