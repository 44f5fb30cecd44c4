"""Likelihoods of counts: each sums to one, and is the integral that it says it is."""

import itertools

import numpy as np
import pytest
from scipy import optimize, stats

from bayesmeta.errors import PriorError
from bayesmeta.likelihoods import LIKELIHOODS

THETA = {"OR": (-8.0, -1.3, 0.0, 0.7, 20.0), "RR": (-8.0, -0.4, 0.0, 1e-6, 2.0),
         "RD": (-0.95, -1e-5, 0.0, 0.01, 0.6), "IRR": (-8.0, 0.0, 0.7, 20.0)}  # fmt: skip
PRIORS = ("Normal(mu=0, sigma=10)", "Normal(mu=-2, sigma=0.5)")
BINOMIAL = [("OR", "control"), ("OR", "half"), ("RR", "control"), ("RD", "control")]


@pytest.mark.parametrize("baseline", PRIORS)
@pytest.mark.parametrize(("measure", "coding"), BINOMIAL)
def test_binomial_probabilities_of_all_tables_sum_to_one(
    measure, coding, baseline, rows_of, log_density
):
    """All pairs of events of 7 and 4 participants, at each theta, to 1e-11."""
    cells = [(a, 7, c, 4) for a, c in itertools.product(range(8), range(5))]
    rows = rows_of(cells, measure, baseline=baseline, coding=coding)
    theta = np.tile(np.array(THETA[measure])[:, np.newaxis], len(cells))

    total = np.exp(log_density("binomial", theta, rows)).sum(axis=1)

    np.testing.assert_allclose(total, 1.0, rtol=1e-11)


def test_hypergeometric_probabilities_of_all_divisions_sum_to_one(rows_of, log_density):
    """All divisions of 6 events on arms of 9 and 4 participants."""
    cells = [(a, 9, 6 - a, 4) for a in range(2, 7)]
    theta = np.tile(np.array(THETA["OR"])[:, np.newaxis], len(cells))

    total = np.exp(log_density("hypergeometric", theta, rows_of(cells, "OR"))).sum(axis=1)

    np.testing.assert_allclose(total, 1.0, rtol=1e-12)


def test_conditional_poisson_probabilities_of_all_divisions_sum_to_one(rows_of, log_density):
    """All divisions of 6 events in 900 and 400 years."""
    cells = [(a, 900, 6 - a, 400) for a in range(7)]
    theta = np.tile(np.array(THETA["IRR"])[:, np.newaxis], len(cells))

    total = np.exp(log_density("poisson-conditional", theta, rows_of(cells, "IRR")))

    np.testing.assert_allclose(total.sum(axis=1), 1.0, rtol=1e-12)


def test_poisson_probabilities_of_all_pairs_of_events_sum_to_one(rows_of, log_density):
    """Up to 70 events in each arm: more have less than 1e-11 at a log rate of 0 +- 0.2."""
    cells = [(a, 9.0, c, 4.0) for a, c in itertools.product(range(71), range(71))]
    rows = rows_of(cells, "IRR", baseline="Normal(mu=0, sigma=0.2)")
    theta = np.tile(np.array([[-1.0], [0.4]]), len(cells))

    total = np.exp(log_density("poisson", theta, rows)).sum(axis=1)

    np.testing.assert_allclose(total, 1.0, rtol=1e-11)


def _integral(log_integrand, ends):
    """Return the log of an integral by 20 Gauss-Legendre nodes on each of many pieces."""
    node, weight = np.polynomial.legendre.leggauss(20)
    ends = np.unique(ends)
    half = np.diff(ends)[:, np.newaxis] / 2
    x = (ends[:-1] + ends[1:])[:, np.newaxis] / 2 + half * node
    value = log_integrand(x)
    peak = value.max()
    return peak + np.log(np.sum(half * weight * np.exp(value - peak)))


def _arms(cells, risk_treatment, risk_control):
    a, n, c, m = cells
    return stats.binom.logpmf(a, n, risk_treatment) + stats.binom.logpmf(c, m, risk_control)


TABLES = [(4, 123, 11, 139), (0, 12, 16, 33), (0, 50, 0, 40), (3, 3, 0, 5), (10, 40, 9, 44)]


@pytest.mark.parametrize("cells", TABLES)
@pytest.mark.parametrize("theta", [-1.3, 0.4])
def test_odds_ratios_are_integrals_over_the_control_arms_logit(cells, theta, rows_of, log_density):
    """Binomial(expit(x + theta)) Binomial(expit(x)) Normal(x; 0, 10), by Gauss-Legendre."""

    def log_integrand(x):
        risks = 1 / (1 + np.exp(-x - theta)), 1 / (1 + np.exp(-x))
        return _arms(cells, *risks) + stats.norm.logpdf(x, 0, 10)

    expected = _integral(log_integrand, np.linspace(-90, 30, 401))

    found = log_density("binomial", [[theta]], rows_of([cells], "OR"))
    assert found[0, 0] == pytest.approx(expected, abs=1e-10)


@pytest.mark.parametrize("cells", TABLES)
@pytest.mark.parametrize("theta", [-0.7, 0.4])
def test_risk_ratios_are_integrals_over_the_control_arms_log_risk(
    cells, theta, rows_of, log_density
):
    """The prior is Normal(0, 10) below min(0, -theta), made to integrate to one there."""
    end = min(0.0, -theta)

    def log_integrand(x):
        return _arms(cells, np.exp(x + theta), np.exp(x)) + stats.norm.logpdf(x, 0, 10)

    mass = stats.norm.logcdf(end, 0, 10)
    ends = np.append(end, end - np.geomspace(1e-9, 90, 300))
    expected = _integral(log_integrand, ends) - mass

    found = log_density("binomial", [[theta]], rows_of([cells], "RR"))
    assert found[0, 0] == pytest.approx(expected, abs=1e-10)


@pytest.mark.parametrize("cells", TABLES)
@pytest.mark.parametrize("theta", [-0.3, 0.05])
def test_risk_differences_are_integrals_over_the_control_arms_logit(
    cells, theta, rows_of, log_density
):
    """The prior is Normal(0, 10) where both risks lie in (0, 1), and integrates to one there."""
    ends = np.array([max(0.0, -theta), min(1.0, 1.0 - theta)])
    with np.errstate(divide="ignore"):
        lower, upper = np.clip(np.log(ends / (1 - ends)), -90, 90)

    def log_integrand(x):
        risk = 1 / (1 + np.exp(-x))
        return _arms(cells, np.clip(risk + theta, 0, 1), risk) + stats.norm.logpdf(x, 0, 10)

    mass = np.log(stats.norm.cdf(upper, 0, 10) - stats.norm.cdf(lower, 0, 10))
    gap = np.append(0.0, np.geomspace(1e-9, (upper - lower) / 2, 200))
    expected = _integral(log_integrand, np.append(lower + gap, upper - gap)) - mass

    found = log_density("binomial", [[theta]], rows_of([cells], "RD"))
    assert found[0, 0] == pytest.approx(expected, abs=1e-9)


def test_rate_ratios_are_integrals_over_the_control_arms_log_rate(rows_of, log_density):
    """Poisson(t exp(x + theta)) Poisson(t exp(x)) Normal(x; 0, 10), by Gauss-Legendre."""
    a, t, c, u, theta = 3, 900.0, 0, 400.0, 0.4

    def log_integrand(x):
        arms = stats.poisson.logpmf(a, t * np.exp(x + theta)) + stats.poisson.logpmf(
            c, u * np.exp(x)
        )
        return arms + stats.norm.logpdf(x, 0, 10)

    expected = _integral(log_integrand, np.linspace(-90, 2, 401))

    found = log_density("poisson", [[theta]], rows_of([(a, t, c, u)], "IRR"))
    assert found[0, 0] == pytest.approx(expected, abs=1e-10)


def test_hypergeometric_probabilities_are_scipys(rows_of, log_density):
    """`scipy.stats.nchypergeom_fisher` of 13 events among 20 and 30 participants."""
    cells, theta = [(a, 20, 13 - a, 30) for a in range(14)], 0.7
    expected = stats.nchypergeom_fisher.logpmf(np.arange(14), 50, 20, 13, np.exp(theta))

    found = log_density("hypergeometric", np.full((1, 14), theta), rows_of(cells, "OR"))

    np.testing.assert_allclose(found[0], expected, rtol=1e-9)


def test_conditional_poisson_is_a_binomial_of_the_treatments_share(rows_of, log_density):
    """Of 12 events in 900 and 400 years."""
    cells, theta = [(a, 900, 12 - a, 400) for a in range(13)], -0.4
    odds = np.exp(theta) * 900 / 400
    expected = stats.binom.logpmf(np.arange(13), 12, odds / (1 + odds))

    found = log_density("poisson-conditional", np.full((1, 13), theta),
                        rows_of(cells, "IRR"))  # fmt: skip

    np.testing.assert_allclose(found[0], expected, rtol=1e-12)


def test_the_maximum_over_mu_and_tau_is_metafors_conditional_model(bcg, rows_of, log_density):
    """rma.glmm, model CM.EL, ML (metafor 3.8-1) of BCG: mu, tau2 and the log likelihood."""
    rows = rows_of(bcg, "OR")
    theta = np.linspace(-7, 6, 2001)
    log_known = log_density("hypergeometric", np.tile(theta[:, np.newaxis], len(bcg)), rows)

    def negative(at):
        spread = stats.norm.pdf(theta, at[0], np.exp(at[1])) * (theta[1] - theta[0])
        return -np.log(spread @ np.exp(log_known)).sum()

    best = optimize.minimize(negative, [-0.7, -0.6], method="Nelder-Mead",
                             options={"xatol": 1e-7, "fatol": 1e-11})  # fmt: skip

    assert best.x[0] == pytest.approx(-0.75381051, abs=1e-6)
    assert np.exp(2 * best.x[1]) == pytest.approx(0.3116348823, abs=1e-6)
    assert -best.fun == pytest.approx(-48.37479124, abs=1e-6)


def test_double_zero_tables_say_nothing_conditionally(rows_of, log_density):
    """No event in either arm: one at any theta."""
    rows = rows_of([(0, 40, 0, 60)], "OR")

    assert log_density("hypergeometric", [[-9.0], [0.0], [60.0]], rows).tolist() == [[0.0]] * 3


def test_a_table_turned_around_has_the_opposite_odds_ratio(rows_of, log_density):
    """Half-way coding treats arms alike; control coding does not."""
    table, turned = (3, 40, 9, 60), (9, 60, 3, 40)
    theta = np.array([[0.8]])
    half, control = (
        [log_density("binomial", side * theta, rows_of([cells], "OR", coding=coding))[0, 0]
         for cells, side in ((table, 1), (turned, -1))]
        for coding in ("half", "control")
    )  # fmt: skip

    assert half[0] == pytest.approx(half[1], abs=1e-12)
    assert control[0] != pytest.approx(control[1], abs=1e-3)


def test_risks_cannot_differ_by_one_or_more(rows_of, log_density):
    """No pair of risks does: probability 0, never NaN."""
    found = log_density("binomial", [[-1.0], [1.0], [3.0]], rows_of([(1, 9, 2, 9)], "RD"))

    assert found.tolist() == [[-np.inf]] * 3


@pytest.mark.parametrize(("part", "measure"), [
    ("binomial", "OR"), ("binomial", "RR"), ("hypergeometric", "OR"), ("poisson", "IRR"),
    ("poisson-conditional", "IRR"),
])  # fmt: skip
def test_far_from_the_data_nothing_is_not_a_number(part, measure, rows_of, log_density):
    """To 60 on either side, with zero cells and large arms."""
    cells = [(0, 90000, 40, 90000), (5, 10, 5, 10), (0, 7, 0, 9), (3, 3, 0, 4)]
    theta = np.tile(np.linspace(-60, 60, 41)[:, np.newaxis], len(cells))

    found = log_density(part, theta, rows_of(cells, measure))

    assert not np.isnan(found).any()
    assert (found <= 1e-12).all()


@pytest.mark.parametrize("prior", ["Cauchy(alpha=0, beta=5)", "flat", "Uniform(lower=-9, upper=9)"])
def test_a_baseline_prior_that_is_not_normal_is_refused(prior, rows_of, log_density):
    """The rule follows a normal prior."""
    with pytest.raises(PriorError, match=r"prior baseline: .* write Normal"):
        log_density("binomial", [[0.0]], rows_of([(1, 9, 2, 9)], "OR", baseline=prior))


def test_the_mid_p_is_that_of_the_events_given_both_arms(rows_of):
    """P(X < 5) + P(X = 5) / 2 of scipy's noncentral hypergeometric: 13 events, 20 and 30."""
    rows, theta = rows_of([(5, 20, 8, 30)], "OR"), 0.7
    law = stats.nchypergeom_fisher(50, 20, 13, np.exp(theta))
    expected = law.cdf(4) + law.pmf(5) / 2

    for part in ("hypergeometric", "binomial"):
        found = LIKELIHOODS[part].below(np.zeros(1), np.array([[theta]]), {}, rows)
        assert found[0, 0] == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("events", [0, 4, 12])
def test_the_mid_p_of_rates_is_that_of_a_binomial(events, rows_of):
    """P(X < x) + P(X = x) / 2, at both ends too."""
    rows, theta = rows_of([(events, 900, 12 - events, 400)], "IRR"), -0.4
    odds = np.exp(theta) * 900 / 400
    law = stats.binom(12, odds / (1 + odds))

    found = LIKELIHOODS["poisson"].below(np.zeros(1), np.array([[theta]]), {}, rows)

    assert found[0, 0] == pytest.approx(law.cdf(events - 1) + law.pmf(events) / 2, rel=1e-12)


@pytest.mark.parametrize(("part", "measure", "cells"), [
    ("hypergeometric", "OR", (5, 20, 8, 30)), ("binomial", "OR", (5, 20, 8, 30)),
    ("poisson", "IRR", (5, 900, 8, 400)),
])  # fmt: skip
def test_replicates_fall_below_the_data_as_often_as_the_mid_p_says(part, measure, cells, rows_of):
    """20 000 replicates of the estimate; 4 standard errors."""
    rows, theta, count = rows_of([cells], measure), 0.3, 20_000
    own = np.log(cells[0] / cells[2] * cells[3] / cells[1])
    if measure == "OR":
        own = np.log(5 * 22 / (15 * 8))
    generator = np.random.default_rng(1)

    found = LIKELIHOODS[part].draw(np.full((count, 1), theta), {}, rows, generator)

    share = np.mean(found < own - 1e-9) + np.mean(np.abs(found - own) < 1e-9) / 2
    expected = LIKELIHOODS[part].below(np.zeros(1), np.array([[theta]]), {}, rows)[0, 0]
    assert share == pytest.approx(expected, abs=4 * np.sqrt(0.25 / count))


@pytest.mark.parametrize(("measure", "theta"), [("RR", 0.5), ("RD", 0.1)])
def test_replicates_of_risks_differ_by_theta_on_average(measure, theta, rows_of):
    """Arms of 5000 around risks near 0.2: the mean replicate is theta, within 0.01."""
    rows = rows_of([(1000, 5000, 1000, 5000)], measure)
    generator = np.random.default_rng(2)

    found = LIKELIHOODS["binomial"].draw(np.full((4000, 1), theta), {}, rows, generator)

    assert found.mean() == pytest.approx(theta, abs=0.01)
