"""Simulation-based calibration of likelihoods of counts and of kernels, by the exact engine.

Run: python tests/benchmarks/ranks_of_counts.py [tables] [case ...]
Prints the table of .github/COVERAGE.md. Parameters are drawn from their priors, five studies from
the model; where the posterior is right, its cdf at the true mu and at the true tau is uniform. The
cdf is exact, so that no rank is one among draws.

References
----------
Talts S, Betancourt M, Simpson D, Vehtari A, Gelman A (2018). Validating Bayesian inference
algorithms with simulation-based calibration. arXiv:1804.06788.
"""

import sys
from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import stats
from scipy.special import expit

import bayesmeta as bm
from bayesmeta.assembly import assemble
from bayesmeta.catalogue import load_model
from bayesmeta.engines.answering import answered
from bayesmeta.errors import BayesmetaError

_STUDIES, _BINS = 5, 10
_LOG_RATIO = {"mu": "Normal(mu=0, sigma=1)", "tau": "HalfNormal(sigma=0.5)"}

type Columns = Mapping[str, np.ndarray]
type Draw = Callable[[np.ndarray, np.random.Generator], Columns]
"""From study effects to a table's columns."""


class Case(NamedTuple):
    """A likelihood and a kernel, their priors, how tables are drawn, and where the level stands."""

    measure: str
    likelihood: str
    kernel: str
    priors: Mapping[str, str]
    draw: Draw
    coding: str = "control"


def two_arms(theta: np.ndarray, rng: np.random.Generator) -> Columns:
    """Draw events around logits from Normal(-1.5, 1)."""
    level = rng.normal(-1.5, 1, theta.size)
    return _binomial(expit(level + theta), expit(level), rng)


def around_the_middle(theta: np.ndarray, rng: np.random.Generator) -> Columns:
    """Draw events around logits from Normal(-1.5, 1), half of the effect to each side."""
    level = rng.normal(-1.5, 1, theta.size)
    return _binomial(expit(level + theta / 2), expit(level - theta / 2), rng)


def _binomial(treatment: np.ndarray, control: np.ndarray, rng: np.random.Generator) -> Columns:
    n = rng.integers(30, 200, (2, treatment.size))
    return {"events_treatment": rng.binomial(n[0], treatment), "n_treatment": n[0],
            "events_control": rng.binomial(n[1], control), "n_control": n[1]}  # fmt: skip


def given_margins(theta: np.ndarray, rng: np.random.Generator) -> Columns:
    """Draw events of treatment given how many both arms have, some of them none."""
    n, total = rng.integers(30, 200, (2, theta.size)), rng.integers(0, 40, theta.size)
    law = stats.nchypergeom_fisher(n.sum(axis=0), total, n[0], np.exp(theta))
    events = law.rvs(random_state=rng)
    return {"events_treatment": events, "n_treatment": n[0],
            "events_control": total - events, "n_control": n[1]}  # fmt: skip


def _times(theta: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    first, second = rng.uniform(10, 100, (2, theta.size))
    return first, second


def person_time(theta: np.ndarray, rng: np.random.Generator) -> Columns:
    """Draw events around log rates from Normal(-2, 1)."""
    (one, two), level = _times(theta, rng), rng.normal(-2, 1, theta.size)
    return {"events_treatment": rng.poisson(one * np.exp(level + theta)), "time_treatment": one,
            "events_control": rng.poisson(two * np.exp(level)), "time_control": two}  # fmt: skip


def given_total(theta: np.ndarray, rng: np.random.Generator) -> Columns:
    """Draw events of treatment given those of both arms, some of them none."""
    (one, two), total = _times(theta, rng), rng.poisson(6, theta.size)
    events = rng.binomial(total, expit(theta + np.log(one / two)))
    return {"events_treatment": events, "time_treatment": one,
            "events_control": total - events, "time_control": two}  # fmt: skip


def proportions(theta: np.ndarray, rng: np.random.Generator) -> Columns:
    """Draw events of one group."""
    n = rng.integers(10, 100, theta.size)
    return {"events": rng.binomial(n, expit(theta)), "n": n}


def rates(theta: np.ndarray, rng: np.random.Generator) -> Columns:
    """Draw events of one group in person-time."""
    time = rng.uniform(1, 20, theta.size)
    return {"events": rng.poisson(time * np.exp(theta)), "time": time}


def estimates(theta: np.ndarray, rng: np.random.Generator) -> Columns:
    """Draw normal estimates of known standard errors."""
    error = rng.uniform(0.1, 0.5, theta.size)
    return {"estimate": rng.normal(theta, error), "standard_error": error}


_BINARY, _RATE = "Normal(mu=-1.5, sigma=1)", "Normal(mu=-2, sigma=1)"
_ONE_ARM = {"mu": "Normal(mu=-1, sigma=1)", "tau": "HalfNormal(sigma=0.5)"}
CASES = {
    "binomial, log OR": Case(
        "OR", "binomial", "normal", {**_LOG_RATIO, "baseline": _BINARY}, two_arms
    ),
    "hypergeometric": Case("OR", "hypergeometric", "normal", _LOG_RATIO, given_margins),
    "Poisson, log IRR": Case(
        "IRR", "poisson", "normal", {**_LOG_RATIO, "baseline": _RATE}, person_time
    ),
    "Poisson given the total": Case(
        "IRR", "poisson-conditional", "normal", _LOG_RATIO, given_total
    ),
    "one arm, logit": Case("PLO", "proportion", "normal", _ONE_ARM, proportions),
    "one arm, log rate": Case("IRLN", "rate", "normal", _ONE_ARM, rates),
    "normal, student-t": Case("generic", "normal", "student-t", _LOG_RATIO, estimates),
    "normal, contaminated": Case(
        "generic",
        "normal",
        "contaminated",
        {**_LOG_RATIO, "tau_outlier": "HalfNormal(sigma=2)", "share": "Beta(alpha=1, beta=9)"},
        estimates,
    ),
    "binomial, log OR, half": Case(
        "OR",
        "binomial",
        "normal",
        {**_LOG_RATIO, "baseline": _BINARY},
        around_the_middle,
        coding="half",
    ),
}


def effects_of(case: Case, rng: np.random.Generator) -> tuple[float, float, np.ndarray]:
    """Draw mu, tau and study effects from the priors and the kernel."""
    place, width = _numbers(case.priors["mu"])
    mu, tau = rng.normal(place, width), abs(rng.normal(0, _numbers(case.priors["tau"])[0]))
    deviation = tau * rng.standard_normal(_STUDIES)
    if case.kernel == "student-t":
        deviation /= np.sqrt(rng.chisquare(4, _STUDIES) / 4)
    if case.kernel == "contaminated":
        outlier = rng.random(_STUDIES) < rng.beta(1, 9)
        wide = abs(rng.normal(0, _numbers(case.priors["tau_outlier"])[0]))
        deviation += outlier * wide * rng.standard_normal(_STUDIES)
    return mu, tau, mu + deviation


def _numbers(prior: str) -> list[float]:
    inside = prior[prior.index("(") + 1 : -1].split(",")
    return [float(part.split("=")[1]) for part in inside]


def levels(case: Case, rng: np.random.Generator) -> tuple[float, float]:
    """Return the posterior's cdf at the true mu and tau, for one table."""
    mu, tau, theta = effects_of(case, rng)
    names = [f"s{row}" for row in range(_STUDIES)]
    table = bm.read_studies(pd.DataFrame({"study": names, **case.draw(theta, rng)}))
    spec = load_model("random-effects")
    spec = spec.with_part("likelihood", case.likelihood).with_part("heterogeneity", case.kernel)
    spec = spec.with_roles(coding=case.coding) if case.likelihood == "binomial" else spec
    found = answered(assemble(bm.effect_sizes(table, case.measure), spec, priors=case.priors))
    below = found.combination(np.ones(1)).cdf(np.array([mu]))
    return float(np.ravel(below)[0]), float(np.ravel(found.heterogeneity("tau").cdf(tau))[0])


def row(name: str, tables: int) -> str:
    """Return a row: p values of the chi-square test of both, and tables without an answer."""
    rng = np.random.default_rng([14, list(CASES).index(name)])
    known, failed = [], 0
    for _ in range(tables):
        try:
            known.append(levels(CASES[name], rng))
        except BayesmetaError as error:
            failed += 1
            sys.stderr.write(f"{name}: {error}\n")
    counts = [np.histogram(column, bins=_BINS, range=(0, 1))[0] for column in np.array(known).T]
    tests = " | ".join(f"{stats.chisquare(each).pvalue:.2f}" for each in counts)
    shown = " ".join(str(count) for count in counts[0])
    return f"| {name} | {len(known)} | {tests} | {shown} | {failed} |"


def main(tables: int, names: list[str]) -> None:
    """Write one row a case, as Markdown."""
    sys.stdout.write("| likelihood, kernel | tables | p, mu | p, tau | mu by tenths | failed |\n")
    sys.stdout.write("|---|---|---|---|---|---|\n")
    for name in names or CASES:
        sys.stdout.write(f"{row(name, tables)}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 500, sys.argv[2:])
