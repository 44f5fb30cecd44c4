"""Coverage of trials beside cohorts: what each member's interval of mu is worth.

Run: python tests/benchmarks/coverage_designs.py [simulations]
Prints the table of .github/COVERAGE.md. Six trials and six cohorts of 30 an arm, standard errors
known; the priors are the defaults. Each simulation is integrated exactly, kappa by 24 nodes.
"""

import sys
from collections.abc import Iterator
from dataclasses import replace
from itertools import product as product_of

import numpy as np
import pandas as pd
from scipy.special import ndtri

import bayesmeta as bm
from bayesmeta.assembly import Assembly, assemble
from bayesmeta.engines.coefficients import forms, product
from bayesmeta.engines.integration import problem_of
from bayesmeta.engines.quadrature import Problem, integrate
from bayesmeta.measures.effects import Effects
from bayesmeta.mixtures import NormalMixture

_ARM, _SIDE, _CHUNK, _KAPPAS = 30, 6, 50, 24
_COHORT = np.repeat([0.0, 1.0], _SIDE)
_VARIANCE = np.full(2 * _SIDE, 2 / _ARM)
_UISD = 2.0
"""Of an outcome with SD 1: root of all participants over the sum of precisions."""
_TAUS, _BIASES, _FURTHER = (0.1, 0.25), (0.0, 0.25, 0.5, 1.0), (0.0, 0.125)
"""In multiples of the unit-information SD."""


def table() -> Effects:
    """Return effects of the design; their estimates do not matter."""
    frame = pd.DataFrame(
        {
            "study": [f"s{row}" for row in range(2 * _SIDE)],
            "estimate": np.zeros(2 * _SIDE),
            "standard_error": np.sqrt(_VARIANCE),
            "n": 2 * _ARM,
            "design": np.where(_COHORT, "cohort", "RCT"),
            "is_cohort": _COHORT,
        }
    )
    return bm.effect_sizes(bm.read_studies(frame), "generic")


def posed(assembly: Assembly, estimate: np.ndarray, **change: np.ndarray) -> Problem:
    """Return a batch of problems, one a simulation."""
    found = forms(list(assembly.coefficient_priors.values()), assembly.coefficients)
    problem = problem_of(assembly, product([form.normals() for form in found]))
    return replace(problem, estimate=estimate, **change)


def mixed(
    problem: Problem, sims: int, log_share: np.ndarray, row: np.ndarray | None = None
) -> NormalMixture:
    """Return mu over outer cases, of shape (simulation,); the batch is simulations by cases."""
    integral = integrate(problem, tolerance=1e-4)
    evidence = integral.log_marginal_likelihood.reshape(sims, -1) + log_share
    share = np.exp(evidence - evidence.max(axis=1, keepdims=True))
    share /= share.sum(axis=1, keepdims=True)
    mu = integral.combination(np.eye(problem.design.shape[-1])[0] if row is None else row)
    weight = np.broadcast_to(mu.weight, mu.location.shape) * share.reshape(-1, 1)
    return NormalMixture(*(array.reshape(sims, -1) for array in (weight, mu.location, mu.scale)))


def members(estimate: np.ndarray) -> Iterator[tuple[str, NormalMixture]]:
    """Yield each member's posterior of mu in every simulation."""
    effects, sims = table(), len(estimate)
    pooled = assemble(effects)
    nothing = np.zeros((1, 1))
    powers = {"trials only": 0.0, "power 0.25": 0.25, "power 0.5": 0.5, "power 0.75": 0.75,
              "pooled as one design": 1.0}  # fmt: skip
    for name, power in powers.items():
        mask = (1 - _COHORT + power * _COHORT)[np.newaxis]
        yield name, mixed(posed(pooled, estimate, mask=mask), sims, nothing)
    mask = _COHORT[np.newaxis]
    yield "cohorts only", mixed(posed(pooled, estimate, mask=mask), sims, nothing)
    sloped = assemble(effects, moderators="is_cohort")
    trials = np.array([1.0, -_COHORT.mean()])
    yield "design a moderator", mixed(posed(sloped, estimate), sims, nothing, trials)
    shared = assemble(effects, "probably-biased", roles={"shared_bias": "True"})
    yield "probably biased, shared", mixed(posed(shared, estimate), sims, nothing)
    common = assemble(effects, "design-bias", roles={"spread": "common"})
    yield "bias, spread common", mixed(posed(common, estimate), sims, nothing)
    yield "bias, spread extra (default)", _extra(common, estimate)
    yield "probably biased", _probable(pooled, estimate)


def _extra(common: Assembly, estimate: np.ndarray) -> NormalMixture:
    level = (np.arange(_KAPPAS) + 0.5) / _KAPPAS
    kappa = 0.125 * _UISD * ndtri(0.5 + level / 2)
    sims = len(estimate)
    variance = _VARIANCE + _COHORT * kappa[:, np.newaxis] ** 2
    each = np.repeat(estimate, _KAPPAS, axis=0)
    problem = posed(common, each, variance=np.tile(variance, (sims, 1)), load=np.ones_like(each))
    return mixed(problem, sims, np.zeros((1, _KAPPAS)))


def _probable(pooled: Assembly, estimate: np.ndarray) -> NormalMixture:
    cases = (np.arange(2**_SIDE)[:, np.newaxis] >> np.arange(_SIDE)) & 1
    biased = np.concatenate([np.zeros_like(cases), cases], axis=1)
    sims, variance = len(estimate), _VARIANCE + biased * (0.25 * _UISD) ** 2
    each = np.repeat(estimate, len(cases), axis=0)
    problem = posed(pooled, each, variance=np.tile(variance, (sims, 1)), load=np.ones_like(each))
    return mixed(problem, sims, np.zeros((1, len(cases))))


def scenario(tau: float, bias: float, kappa: float, sims: int) -> pd.DataFrame:
    """Return coverage, bias and width of every member's 95 % interval, mu = 0, in uisd."""
    rng = np.random.default_rng([20, round(1000 * tau), round(1000 * bias), round(1000 * kappa)])
    found: dict[str, list[np.ndarray]] = {}
    for start in range(0, sims, _CHUNK):
        size = min(_CHUNK, sims - start)
        spread = np.sqrt(_VARIANCE + _UISD**2 * (tau**2 + _COHORT * kappa**2))
        estimate = _UISD * bias * _COHORT + spread * rng.standard_normal((size, 2 * _SIDE))
        for name, mu in members(estimate):
            ends = mu.quantile(np.array([0.025, 0.5, 0.975]))
            found.setdefault(name, []).append(ends)
    rows = []
    for name, chunks in found.items():
        lower, median, upper = np.concatenate(chunks).T
        inside = (lower <= 0) & (upper >= 0)
        rows.append((name, inside.mean(), median.mean() / _UISD, (upper - lower).mean() / _UISD))
    return pd.DataFrame(rows, columns=["member", "coverage", "bias", "width"])


def main(sims: int) -> None:
    """Write one row a member and scenario, as Markdown."""
    sys.stdout.write("| tau | bias | kappa | member | coverage | bias of mu | width |\n")
    sys.stdout.write("|---|---|---|---|---|---|---|\n")
    for kappa, tau, bias in product_of(_FURTHER, _TAUS, _BIASES):
        for row in scenario(tau, bias, kappa, sims).itertuples():
            numbers = f"{row.coverage:.3f} | {row.bias:.3f} | {row.width:.2f}"
            sys.stdout.write(f"| {tau} | {bias} | {kappa} | {row.member} | {numbers} |\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
