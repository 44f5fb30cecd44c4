"""Leave-one-out of three trials of counts: enumerated by hand on grids of mean, tau and effect."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import bayesmeta as bm
from bayesmeta.catalogue import load_model
from bayesmeta.sensitivity.legends import legend

CELLS = np.array([(3, 30, 8, 28), (0, 25, 3, 27), (7, 40, 6, 41)])
"""Events and participants of treatment, then of control; no event in one arm of the second."""
PRIORS = {"mu": "Normal(mu=0, sigma=1.5)", "tau": "HalfNormal(sigma=0.7)"}
LEVEL = {"baseline": "Normal(mu=-1, sigma=1.5)"}
THETA = np.linspace(-12.0, 12.0, 641)
MU, TAU = np.linspace(-7.0, 7.0, 85), (np.arange(50) + 0.5) * 0.09
"""Midpoints, to 4.5; more than tau can be. The smallest is wider than a step of theta."""


@pytest.fixture(scope="module")
def spread():
    """Return the probability of an effect given mean and tau, (theta, mu, tau)."""
    mass = stats.norm.pdf((THETA[:, np.newaxis] - MU)[..., np.newaxis], 0, TAU)
    return mass / mass.sum(axis=0)


def _given_margins(cells):
    """Return the probability of every count of treatment's events, (count, theta), and counts."""
    events, one, control, two = cells
    total = events + control
    counts = np.arange(max(0, total - two), min(total, one) + 1)
    log_ways = stats.hypergeom.logpmf(counts, one + two, one, total)[:, np.newaxis]
    mass = np.exp(log_ways + counts[:, np.newaxis] * THETA)
    return counts, mass / mass.sum(axis=0)


def _of_both_arms(cells):
    """Return p(events of both arms | theta), the level of the control arm summed over."""
    events, one, control, two = cells
    level, risk = np.linspace(-13.0, 11.0, 1201), lambda x: 1 / (1 + np.exp(-x))
    prior = stats.norm.pdf(level, -1, 1.5) * (level[1] - level[0])
    own = stats.binom.pmf(control, two, risk(level)) * prior
    return stats.binom.pmf(events, one, risk(level + THETA[:, np.newaxis])) @ own


def _likelihood(name, cells):
    if name == "binomial":
        return _of_both_arms(cells)
    counts, mass = _given_margins(cells)
    return mass[counts == cells[0]][0]


def _by_hand(likelihoods, left, spread):
    """Return log p(data of one | others) and the mid-p of its events, by sums alone."""
    posterior = stats.norm.pdf(MU, 0, 1.5)[:, np.newaxis] * stats.halfnorm.pdf(TAU, 0, 0.7)
    for row, likelihood in enumerate(likelihoods):
        if row != left:
            posterior = posterior * np.tensordot(likelihood, spread, axes=(0, 0))
    posterior /= posterior.sum()
    predicted = np.tensordot(spread, posterior, axes=([1, 2], [0, 1]))
    counts, mass = _given_margins(CELLS[left])
    each, own = mass @ predicted, CELLS[left][0]
    mid = each[counts < own].sum() + each[counts == own].sum() / 2
    return np.log(likelihoods[left] @ predicted), mid


@pytest.mark.parametrize("name", ["hypergeometric", "binomial"])
def test_leaving_out_a_trial_of_counts_is_what_sums_by_hand_say(name, spread):
    """Elpd and mid-p of each of three trials; half the steps change the sums by less than 1e-4."""
    columns = ("events_treatment", "n_treatment", "events_control", "n_control")
    table = pd.DataFrame({"study": ["a", "b", "c"], **dict(zip(columns, CELLS.T, strict=True))})
    effects = bm.effect_sizes(bm.read_studies(table), "OR")
    spec = load_model("random-effects").with_part("likelihood", name)
    priors = {**PRIORS, **(LEVEL if name == "binomial" else {})}
    found = bm.leave_one_out(effects, spec, priors=priors).tail(3)
    likelihoods = [_likelihood(name, cells) for cells in CELLS]
    known = np.array([_by_hand(likelihoods, left, spread) for left in range(3)])
    assert found[["elpd", "pit"]].to_numpy() == pytest.approx(known, abs=1e-4)


@pytest.mark.slow
def test_risk_ratios_of_counts_say_why_they_have_no_pit():
    """Nothing orders pairs of events without a risk of the study's own; the legend says so."""
    effects = bm.effect_sizes("examples/data/colditz1994.csv", "RR").take(np.arange(4))
    found = bm.leave_one_out(effects, "binomial")
    assert found["pit"].isna().all()
    assert "no pit: without a risk of the study's own" in legend("leave_one_out", found)
