"""Coverage of the default priors for ratios, and of those that they replaced.

Run: python tests/benchmarks/coverage_ratio_defaults.py [simulations]
Prints the table of .github/COVERAGE.md. Estimates are normal around their study's log odds ratio
with known standard errors, those of trials with 50 to 500 in an arm and 10 % events, or of ten
times as many with 1 %, so that the two differ in the unit-information SD alone.
"""

import sys
from collections.abc import Iterator
from dataclasses import replace
from itertools import product as product_of

import numpy as np
import pandas as pd

import bayesmeta as bm
from bayesmeta.assembly import assemble
from bayesmeta.engines.coefficients import forms, product
from bayesmeta.engines.integration import problem_of
from bayesmeta.engines.quadrature import integrate
from bayesmeta.frequentist.batch import between_study_variances, pool_many
from bayesmeta.measures.effects import Effects

_STUDIES, _TAUS = (3, 5, 10), (0.0, 0.2, 0.5, 1.0)
_MU, _CHUNK = -0.5, 200
_LEVELS = np.array([0.025, 0.975])
_OLD = {"mu": {"distribution": "Normal", "mu": 0, "sigma": 1, "unit": "uisd"},
        "tau": {"distribution": "HalfCauchy", "beta": 0.25, "unit": "uisd"}}  # fmt: skip
_RATES = {"old, 10 % events": 0.1, "old, 1 % events": 0.01}

type Priors = dict[str, dict[str, object]]
type Ends = tuple[np.ndarray, np.ndarray]
"""Intervals of mu, and of the effect in a new study, each of shape (simulation, 2)."""


def in_an_arm(k: int, rate: float) -> np.ndarray:
    """Return how many each trial has in an arm, equal ratios apart."""
    return np.round(np.geomspace(50, 500, k) * 0.1 * 0.9 / (rate * (1 - rate)))


def table(k: int, rate: float) -> Effects:
    """Return log odds ratios with their standard errors; their estimates do not matter."""
    n = in_an_arm(k, rate)
    frame = pd.DataFrame(
        {
            "study": [f"s{row}" for row in range(k)],
            "estimate": np.zeros(k),
            "standard_error": np.sqrt(2 / (n * rate * (1 - rate))),
            "n": 2 * n,
        }
    )
    return bm.effect_sizes(bm.read_studies(frame), "OR")


def exact(effects: Effects, estimate: np.ndarray, priors: Priors | None) -> Ends:
    """Return the exact intervals of every simulation under priors; None is the default."""
    assembly = assemble(effects, priors=priors)
    found = forms(list(assembly.coefficient_priors.values()), assembly.coefficients)
    problem = problem_of(assembly, product([form.normals() for form in found]))
    integral = integrate(replace(problem, estimate=estimate), tolerance=1e-4)
    mu, new = (integral.combination(np.ones(1), new_study=new) for new in (False, True))
    return mu.quantile(_LEVELS), new.quantile(_LEVELS)


def knapp_hartung(effects: Effects, estimate: np.ndarray) -> Ends:
    """Return the intervals of REML with Knapp and Hartung's standard error."""
    variance = effects.standard_error**2
    tau2 = between_study_variances(estimate, variance, method="REML")
    found = pool_many(estimate, variance, tau2, test="knha")
    return (np.stack([found.lower, found.upper], axis=-1),
            np.stack([found.pi_lower, found.pi_upper], axis=-1))  # fmt: skip


def methods(k: int, estimate: np.ndarray) -> Iterator[tuple[str, Ends]]:
    """Yield the intervals of every method."""
    usual = table(k, 0.1)
    yield "default", exact(usual, estimate, None)
    for name, rate in _RATES.items():
        yield name, exact(table(k, rate), estimate, _OLD)
    yield "REML, Knapp-Hartung", knapp_hartung(usual, estimate)


def scenario(k: int, tau: float, sims: int) -> Iterator[str]:
    """Yield a row a method: coverage and mean width, of mu and of the effect in a new study."""
    rng, error = np.random.default_rng([13, k, round(1000 * tau)]), table(k, 0.1).standard_error
    found: dict[str, list[np.ndarray]] = {}
    for start in range(0, sims, _CHUNK):
        size = min(_CHUNK, sims - start)
        estimate = _MU + np.hypot(tau, error) * rng.standard_normal((size, k))
        new = _MU + tau * rng.standard_normal(size)
        for name, (mu, theta) in methods(k, estimate):
            inside = [(mu[:, 0] <= _MU) & (mu[:, 1] >= _MU),
                      (theta[:, 0] <= new) & (theta[:, 1] >= new)]  # fmt: skip
            widths = [np.ptp(mu, axis=1), np.ptp(theta, axis=1)]
            columns = [inside[0], widths[0], inside[1], widths[1]]
            found.setdefault(name, []).append(np.column_stack(columns))
    for name, chunks in found.items():
        one, wide, another, wider = np.concatenate(chunks).mean(axis=0)
        yield f"| {k} | {tau} | {name} | {one:.3f} | {wide:.2f} | {another:.3f} | {wider:.2f} |"


def main(sims: int) -> None:
    """Write one row a method and scenario, as Markdown."""
    sys.stdout.write("| k | tau | priors | mu | width | new study | width |\n")
    sys.stdout.write("|---|---|---|---|---|---|---|\n")
    for k, tau in product_of(_STUDIES, _TAUS):
        for row in scenario(k, tau, sims):
            sys.stdout.write(f"{row}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
