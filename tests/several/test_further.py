"""Rows turned to independence, and mixtures of fewer nodes, against what they stand for."""

from itertools import product

import numpy as np
import pytest
from scipy import stats

import bayesmeta as bm
from bayesmeta.assembly import assemble
from bayesmeta.covariance import Blocks, Clustered, Diagonal, Groups
from bayesmeta.engines.exact import integrate_assembly
from bayesmeta.engines.further import thinning
from bayesmeta.engines.further.rotated import rotated

CODES = ["b", "a", "b", "c", "a", "b", "d", "a", "b"]
ROWS, POINTS = len(CODES), 3
GROUPS = Groups.of(CODES)
TAUS = [0.0, 0.3, 2.0, 40.0]


def _structure(kind, seed):
    generator = np.random.default_rng(seed)
    own, shared = generator.uniform(0.2, 2, (POINTS, ROWS)), generator.uniform(0.2, 2, (POINTS, 1))
    if kind == "diagonal":
        return Diagonal(own)
    if kind == "clustered":
        return Clustered(own, shared, GROUPS)
    if kind == "shared alone":
        return Clustered(np.zeros(1), shared, GROUPS)
    size = GROUPS.member.shape[1]
    rank = size + 2 if kind == "blocks" else 1
    root = generator.normal(size=(POINTS, len(GROUPS), size, rank))
    return Blocks(root @ np.swapaxes(root, -1, -2), GROUPS)


FIXED = ["diagonal", "clustered", "blocks"]
SCALED = ["diagonal", "clustered", "shared alone", "blocks", "singular"]


@pytest.mark.parametrize("kinds", list(product(FIXED, SCALED)), ids="-".join)
def test_turned_rows_have_the_log_density_of_the_dense_normal(kinds):
    """Log Normal(y; X b, F + t² M) at any t and b, so that all sums of X and y are the same."""
    fixed, scaled = _structure(kinds[0], 1), _structure(kinds[1], 2)
    generator = np.random.default_rng(3)
    columns, slopes = generator.normal(size=(ROWS, 3)), np.array([0.4, -1.3])
    one, other = (each.matrix(ROWS) for each in (fixed, scaled))
    found = rotated(fixed, scaled, columns)
    residual = found.columns[..., -1] - found.columns[..., :-1] @ slopes

    for tau in TAUS:
        variance = found.variance + tau**2 * found.load
        density = stats.norm.logpdf(residual, scale=np.sqrt(variance)).sum(axis=-1)
        expected = [
            stats.multivariate_normal.logpdf(columns[:, -1], columns[:, :-1] @ slopes, covariance)
            for covariance in one + tau**2 * other
        ]
        np.testing.assert_allclose(density + found.log_constant, expected, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("kinds", list(product(FIXED, SCALED)), ids="-".join)
def test_turned_rows_have_no_negative_variance(kinds):
    """What rounding makes of eigenvalues that are 0 is 0."""
    found = rotated(_structure(kinds[0], 4), _structure(kinds[1], 5), np.ones((ROWS, 2)))

    assert (found.load >= 0).all()
    assert (found.variance > 0).all()


PRIORS = {
    "mu": "Normal(mu=0, sigma=2)",
    "tau": "HalfNormal(sigma=0.5)",
    "tau_within": "HalfNormal(sigma=0.5)",
}


@pytest.fixture(scope="module")
def nested(frame, sized):
    """Return the nested model of a small table, resolved."""
    roles = {"cluster": "cluster"}
    return assemble(sized(frame((3, 1, 2, 2, 1, 4))), "nested", priors=PRIORS, roles=roles)


@pytest.mark.parametrize("most", [3000, 800])
def test_fewer_nodes_leave_the_moments(nested, most, monkeypatch):
    """The mixture of every second node has the numbers of all, within ten printed errors."""
    whole = integrate_assembly(nested)
    monkeypatch.setattr(thinning, "_MOST", most)
    thin = integrate_assembly(nested)
    mu, few = whole.combination(np.ones(1)), thin.combination(np.ones(1))

    assert np.count_nonzero(whole.weight) > most >= np.count_nonzero(thin.weight)
    for statistic in ("mean", "sd", "median"):
        value, thinned, coarse = (getattr(one, statistic)() for one in (mu, few, few.coarse()))
        # 1e-4: of 13 000 nodes 800 are enough along the axes that allow it, and no others.
        assert abs(value - thinned) <= min(max(10 * abs(thinned - coarse), 1e-9), 1e-4), statistic


def test_draws_of_effects_have_the_moments_of_the_mixture(frame, sized):
    """Of rows that share patients, in trials of unequal size: within five standard errors."""
    options = {"trial": "cluster", "priors": {name: PRIORS[name] for name in ("mu", "tau")}}
    posterior = bm.fit(
        sized(frame()), "correlated", engine="exact", chains=4, draws=5000, **options
    )
    theta = posterior["posterior"]["theta"].stack(draw_of=("chain", "draw"))
    effects = bm.study_effects(posterior)
    off = (theta.mean("draw_of") - effects["mean"].to_numpy()) / effects["sd"].to_numpy()
    ratio = theta.std("draw_of") / effects["sd"].to_numpy()

    assert float(np.abs(off).max()) < 5 / np.sqrt(20_000)
    assert float(np.abs(ratio - 1).max()) < 0.05
