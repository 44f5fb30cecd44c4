"""The exact engine with parts that no shelf has: more hyperparameters, other spreads."""

from itertools import pairwise

import numpy as np
import pytest
from scipy import stats
from scipy.optimize import brentq

from bayesmeta.assembly import assemble
from bayesmeta.engines.integration import integrate_assembly
from bayesmeta.errors import ModelError

PRIORS = {"tau": "HalfNormal(sigma=10)", "ratio": "HalfNormal(sigma=2)"}


def panels(top):
    """Return Gauss-Legendre nodes and weights on panels that narrow towards 0."""
    nodes, weights = np.polynomial.legendre.leggauss(20)
    ends = [0.0, *np.geomspace(1e-4 * top, top, 14)]
    middle = [(low + high) / 2 + (high - low) / 2 * nodes for low, high in pairwise(ends)]
    widths = [(high - low) / 2 * weights for low, high in pairwise(ends)]
    return np.concatenate(middle), np.concatenate(widths)


@pytest.fixture(scope="module")
def by_hand(normand):
    """Every number of the additive-multiplicative model by a product of 280 x 280 nodes."""
    y, s = normand.estimate, normand.standard_error
    (tau, over_tau), (ratio, over_ratio) = panels(90.0), panels(25.0)
    tau, ratio = np.meshgrid(tau, ratio, indexing="ij")
    variance = s**2 * (1 + ratio[..., np.newaxis] ** 2) + tau[..., np.newaxis] ** 2
    precision = (1 / variance).sum(axis=-1) + 30.0**-2
    mean = (y / variance).sum(axis=-1) / precision
    misfit = (y**2 / variance).sum(axis=-1) - mean**2 * precision
    log_joint = -0.5 * (np.log(2 * np.pi * variance).sum(axis=-1) + misfit
                        + np.log(30.0**2 * precision))  # fmt: skip
    log_joint += stats.halfnorm.logpdf(tau, scale=10) + stats.halfnorm.logpdf(ratio, scale=2)
    weight = np.outer(over_tau, over_ratio) * np.exp(log_joint - log_joint.max())
    total = weight.sum()
    weight /= total

    def quantile(p, variance):
        sd = np.sqrt(variance)
        return brentq(lambda x: (weight * stats.norm.cdf((x - mean) / sd)).sum() - p, -200, 200,
                      xtol=1e-11)  # fmt: skip

    def moments(value, spread=0.0):
        centre = (weight * value).sum()
        return [centre, np.sqrt((weight * (spread + (value - centre) ** 2)).sum())]

    return {
        "evidence": np.log(total) + log_joint.max(),
        "mu": [*moments(mean, 1 / precision), quantile(0.5, 1 / precision),
               quantile(0.975, 1 / precision)],
        "theta_new": [*moments(mean, 1 / precision + tau**2),
                      quantile(0.5, 1 / precision + tau**2),
                      quantile(0.975, 1 / precision + tau**2)],
        "tau": moments(tau),
        "ratio": moments(ratio),
    }  # fmt: skip


@pytest.fixture
def integral(model, normand):
    """The same by the exact engine."""
    path = model("heterogeneity", "additive_multiplicative")
    return integrate_assembly(assemble(normand, path, priors=PRIORS))


def numbers(found):
    """Return mean, sd, median and 0.975 quantile of a batch of one."""
    return [*found.mean(), *found.sd(), *found.quantile(np.array([0.5, 0.975]))[0]]


def test_two_hyperparameters_have_the_evidence_of_a_grid(integral, by_hand):
    """Log marginal likelihood with all constants, and an error that covers the difference."""
    missed = abs(integral.log_marginal_likelihood[0] - by_hand["evidence"])

    assert missed < 1e-10
    assert integral.error[0] < 1e-8


@pytest.mark.parametrize("new", [False, True])
def test_two_hyperparameters_have_the_effects_of_a_grid(integral, by_hand, new):
    """The pooled effect and that of a new study, from the mixture over both."""
    found = integral.combination(np.ones(1), new_study=new)

    assert numbers(found) == pytest.approx(by_hand["theta_new" if new else "mu"], rel=1e-9)


@pytest.mark.parametrize("name", ["tau", "ratio"])
def test_each_hyperparameter_has_the_moments_of_a_grid(integral, by_hand, name):
    """Marginals are densities along an axis, not staircases of nodes."""
    assert numbers(integral.heterogeneity(name))[:2] == pytest.approx(by_hand[name], rel=1e-9)


def test_draws_come_from_the_joint_posterior(integral, by_hand):
    """Means, spreads and the correlation of 20 000 draws, within four standard errors."""
    drawn = integral.draw(20_000, np.random.default_rng(1))
    columns = {**drawn.values, "mu": drawn.coefficients[:, 0]}

    for name, values in columns.items():
        mean, sd = by_hand[name][:2]
        assert abs(values.mean() - mean) < 4 * sd / np.sqrt(values.size), name
        assert values.std() == pytest.approx(sd, rel=0.03), name
        level = integral.heterogeneity(name).cdf(values) if name != "mu" else None
        if level is not None:
            assert stats.kstest(level[0], "uniform").pvalue > 0.001


def test_a_spread_of_three_taus_is_a_tau_three_times_as_wide(model, normand):
    """Under HalfNormal(5) on tau the posterior is that of HalfNormal(15) on the usual tau."""
    wide = assemble(normand, model("heterogeneity", "wide"), priors={"tau": "HalfNormal(sigma=5)"})
    usual = assemble(normand, priors={"mu": "Normal(mu=0, sigma=30)",
                                      "tau": "HalfNormal(sigma=15)"})  # fmt: skip
    found, expected = integrate_assembly(wide), integrate_assembly(usual)

    for new in (False, True):
        pair = [each.combination(np.ones(1), new_study=new) for each in (found, expected)]
        assert numbers(pair[0]) == pytest.approx(numbers(pair[1]), rel=1e-10)
    assert 3 * found.heterogeneity().median() == pytest.approx(expected.heterogeneity().median())


def test_a_fixed_hyperparameter_is_the_limit_of_a_narrow_prior(model, normand):
    """A number in place of a prior leaves one node; a narrow prior comes close to it."""
    path = model("heterogeneity", "additive_multiplicative")
    fixed = integrate_assembly(assemble(normand, path, priors={**PRIORS, "ratio": 1.5}))
    narrow = "LogNormal(mu=0.4054651081, sigma=0.0001)"  # log(1.5)
    near = integrate_assembly(assemble(normand, path, priors={**PRIORS, "ratio": narrow}))

    for new in (False, True):
        pair = [each.combination(np.ones(1), new_study=new) for each in (fixed, near)]
        assert numbers(pair[0]) == pytest.approx(numbers(pair[1]), rel=1e-5)


def test_a_likelihood_that_is_not_normal_is_refused_by_name(model, normand):
    """Nothing gives the normal answer for a part that it does not know."""
    path = model("likelihood", "student_t")

    with pytest.raises(ModelError, match="likelihood 'student_t' of model student_t"):
        integrate_assembly(assemble(normand, path))
