"""The questions of sensitivity in exact fits of the same table, and how they grow.

Run: python tests/benchmarks/benchmark_refits.py
CPU seconds of the fastest of some calls, interleaved; ratios and exponents stand on any machine.
"""

import json
import time
from collections.abc import Callable, Mapping
from functools import partial

import numpy as np
import pandas as pd

import bayesmeta as bm
from bayesmeta.engines.quadrature import Problem, integrate
from bayesmeta.measures.effects import Effects
from bayesmeta.sensitivity import (
    leave_one_out,
    prior_map,
    prior_sensitivity,
    subsets,
    tipping_point,
)

_ROUNDS = 3
_SIZES = (100, 300, 1000, 3000)
_SLOPES, _STUDIES = (1, 2, 3, 4, 5, 6), 48
_PRIORS = {"mu": "Normal(mu=0, sigma=10)", "tau": "HalfNormal(sigma=1)"}


def seconds(calls: Mapping[str, Callable[[], object]]) -> dict[str, float]:
    """Return the CPU seconds of the fastest of some rounds, each call once a round."""
    best = dict.fromkeys(calls, np.inf)
    for _ in range(_ROUNDS + 1):
        for name, call in calls.items():
            start = time.process_time()
            call()
            best[name] = min(best[name], time.process_time() - start)
    return best


def simulated(count: int, slopes: int = 0) -> Effects:
    """Return a table of estimates, with columns x1, x2 ... for slopes."""
    rng = np.random.default_rng(1)
    error = rng.uniform(0.1, 1, count)
    estimate = 0.5 + rng.normal(size=count) * np.sqrt(error**2 + 0.09)
    columns = {"study": [f"s{row}" for row in range(count)], "estimate": estimate,
               "standard_error": error,
               **{f"x{place + 1}": rng.normal(size=count) for place in range(slopes)}}  # fmt: skip
    return bm.effect_sizes(bm.read_studies(pd.DataFrame(columns)), measure="generic")


def exponent(sizes: tuple[int, ...], times: list[float]) -> float:
    """Return the slope of log time on log size."""
    return float(np.polyfit(np.log(sizes), np.log(times), 1)[0])


def by_slopes() -> dict[str, Callable[[], object]]:
    """Return a fit and leaving out each study, of 48 with more and more slopes."""
    table = simulated(_STUDIES, max(_SLOPES))
    priors = _PRIORS | {"beta": "Normal(mu=0, sigma=1)"}
    formulas = {count: " + ".join(f"x{place + 1}" for place in range(count)) for count in _SLOPES}
    return {
        f"{name}, {count} slopes": lambda ask=ask, formula=formula: ask(
            table, moderators=formula, priors=priors
        )
        for name, ask in (("fit", partial(bm.fit, engine="exact")),
                          ("leave_one_out", leave_one_out))
        for count, formula in formulas.items()
    }  # fmt: skip


def main() -> None:
    """Print ratios to one bare integration of the same table, and exponents, as JSON."""
    effects = bm.effect_sizes(bm.read_studies("examples/data/normand1999.csv"), measure="MD")
    twelve, tables = simulated(12), {size: simulated(size) for size in _SIZES}
    named = {count: {f"set {i}": {"tau": f"HalfNormal(sigma={1 + i})"} for i in range(count)}
             for count in (10, 100, 1000)}  # fmt: skip
    scales = {count: np.geomspace(1.0, 50.0, count) for count in (10, 30, 100)}
    bare = Problem.of(
        effects.estimate, effects.standard_error**2, prior_precision=1e-4,
        log_prior=lambda log_tau: -np.log1p(np.exp(2 * (log_tau - 2))),
    )  # fmt: skip
    found = seconds({
        "integrate": lambda: integrate(bare),
        "tipping_point": lambda: tipping_point(effects),
        "prior_map": lambda: prior_map(effects),
        "subsets of 9": lambda: subsets(effects),
        "subsets of 12": lambda: subsets(twelve, priors=_PRIORS),
        **{f"leave_one_out, {size}": lambda size=size: leave_one_out(tables[size], priors=_PRIORS)
           for size in _SIZES},
        **{f"prior_sensitivity, {count}": lambda count=count: prior_sensitivity(
            effects, named=named[count]) for count in named},
        **by_slopes(),
        **{f"prior_map, {count}": lambda count=count: prior_map(
            effects, tau_scales=scales[count], mu_sds=scales[count]) for count in scales},
    })  # fmt: skip
    growth = {
        "leave_one_out by studies": exponent(
            _SIZES, [found[f"leave_one_out, {size}"] for size in _SIZES]
        ),
        **{
            f"{name} by slopes": exponent(
                _SLOPES, [found[f"{name}, {count} slopes"] for count in _SLOPES]
            )
            for name in ("fit", "leave_one_out")
        },
        "prior_sensitivity by priors": exponent(
            tuple(named), [found[f"prior_sensitivity, {count}"] for count in named]
        ),
        "prior_map by priors": exponent(
            tuple(count**2 for count in scales), [found[f"prior_map, {n}"] for n in scales]
        ),
    }
    ratios = {name: round(spent / found["integrate"], 1) for name, spent in found.items()}
    report = {
        "seconds": {name: round(spent, 4) for name, spent in found.items()},
        "in integrations": ratios,
        "exponents": {name: round(slope, 2) for name, slope in growth.items()},
    }
    print(json.dumps(report, indent=2))  # noqa: T201


if __name__ == "__main__":
    main()
