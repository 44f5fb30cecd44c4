"""Likelihood estimates are the global optimum, wherever one would start."""

import itertools

import numpy as np
import pytest
from scipy import optimize

from bayesmeta.frequentist import as_data, log_likelihood, pool

RESTRICTED = {"ML": False, "REML": True}

# Two precise studies that agree, four imprecise ones that do not: a mode near 0, another far out.
TWO_MODES = (
    np.array([0.0, 0.02, 12.0, -11.0, 13.0, -12.0]),
    np.array([1e-4, 1e-4, 4.0, 4.0, 4.0, 4.0]),
)


def height(tau2, table, method):
    """Return the log-likelihood less a constant, written independently of the package."""
    estimate, variance, design = table
    weight = 1 / (variance + tau2)
    information = design.T @ (weight[:, None] * design)
    beta = np.linalg.solve(information, design.T @ (weight * estimate))
    value = np.log(weight).sum() - weight @ (estimate - design @ beta) ** 2
    return 0.5 * (value - RESTRICTED[method] * np.linalg.slogdet(information)[1])


def best_of_many_starts(table, method):
    """Return the highest likelihood that a bounded search reaches from 40 starting intervals."""
    spread = ((table[0] - table[0].mean()) ** 2).sum()
    edges = np.concatenate([[0.0], np.geomspace(1e-3 * table[1].min(), 10 * spread, 40)])
    tops = [
        -optimize.minimize_scalar(
            lambda tau2: -height(tau2, table, method), bounds=pair, method="bounded",
            options={"xatol": 1e-10 * pair[1]},
        ).fun
        for pair in itertools.pairwise(edges)
    ]  # fmt: skip
    return max(*tops, height(0.0, table, method))


def hard_case(seed):
    """Return a table whose variances span eight orders of magnitude."""
    random = np.random.default_rng(seed)
    k = int(random.integers(4, 12))
    variance = 10 ** random.uniform(-4, 4, k)
    inflation = 10 ** random.uniform(-1, 1, k)
    estimate = random.standard_normal(k) * np.sqrt(variance) * inflation
    return estimate, variance, np.column_stack([np.ones(k), random.standard_normal(k)])


@pytest.mark.parametrize("method", ["ML", "REML"])
@pytest.mark.parametrize("seed", range(25))
def test_no_start_climbs_higher(seed, method):
    """A search from many starting points never finds a higher likelihood."""
    table = hard_case(seed)
    tau2 = pool(*table, method=method).tau2

    assert height(tau2, table, method) >= best_of_many_starts(table, method) - 1e-8


def modes(estimate, variance):
    """Return the interior local maxima of the restricted likelihood on a fine grid."""
    node = np.geomspace(1e-6, 1e4, 20_000)
    profile = log_likelihood(as_data(estimate, variance), node)
    return node[1:-1][(profile[1:-1] > profile[:-2]) & (profile[1:-1] > profile[2:])]


@pytest.mark.parametrize("precise", [1, 2, 3, 4, 6, 8, 12])
def test_of_two_modes_the_higher_is_found(precise):
    """More precise studies that agree raise the mode near 0; the estimate changes over to it."""
    estimate = np.concatenate([np.tile([0.0, 0.02], precise), TWO_MODES[0][2:]])
    variance = np.concatenate([np.full(2 * precise, 1e-4), TWO_MODES[1][2:]])
    table = (estimate, variance, np.ones((estimate.size, 1)))
    tau2 = pool(estimate, variance).tau2

    assert height(tau2, table, "REML") >= best_of_many_starts(table, "REML") - 1e-8


def test_the_constructed_likelihood_has_two_modes_and_both_win_somewhere():
    """The case above is a hard one: two interior modes, and each is the global one at times."""
    winners = []
    for precise in (1, 12):
        estimate = np.concatenate([np.tile([0.0, 0.02], precise), TWO_MODES[0][2:]])
        variance = np.concatenate([np.full(2 * precise, 1e-4), TWO_MODES[1][2:]])
        winners.append(pool(estimate, variance).tau2)

    assert winners[0] > 1.0
    assert winners[1] < 1e-2


@pytest.mark.parametrize("k", [2, 3, 10])
def test_a_boundary_estimate_is_exactly_zero(k):
    """Where the likelihood falls from the start the estimate is 0, not a small number."""
    estimate, variance = np.linspace(-0.1, 0.1, k), np.ones(k)

    assert pool(estimate, variance, method="REML").tau2 == 0.0


@pytest.mark.parametrize("method", ["ML", "REML", "PM"])
def test_a_vast_ratio_of_heterogeneity_to_variance_is_survived(method):
    """Two studies apart by 1e9 standard errors: tau2 is S / (k - 1), or S / k for ML."""
    tau2 = pool([0.0, 1.0], [1e-18, 1e-18], method=method).tau2

    assert tau2 == pytest.approx(0.25 if method == "ML" else 0.5, rel=1e-9)
