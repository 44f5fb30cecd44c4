"""Risk ratios and differences: likelihoods with kinks, in the exact engine.

Expected posteriors are sums over panels that shrink towards 0, of the control arm's risk given
theta, of theta given mu and tau, of mu and of tau: `brute_force.py`, beside this file.
"""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import bayesmeta as bm
from bayesmeta.assembly import assemble
from bayesmeta.engines.lines import drawing, integrate_lines
from bayesmeta.engines.lines.reading import rows_of
from bayesmeta.engines.lines.stretches import stretches

COLUMNS = ["study", "events_treatment", "n_treatment", "events_control", "n_control"]
THREE = [("a", 4, 123, 11, 139), ("b", 9, 250, 6, 240), ("c", 14, 180, 12, 150)]
ODD = [("a", 4, 123, 11, 139), ("b", 0, 50, 3, 40), ("c", 0, 9, 0, 8), ("d", 10, 10, 0, 10),
       ("e", 100, 1000, 95, 1000)]  # fmt: skip
PRIORS = {
    "RR": {"mu": "Normal(mu=0, sigma=2.5)", "tau": "HalfNormal(sigma=0.5)"},
    "RD": {"mu": "Normal(mu=0, sigma=0.5)", "tau": "HalfNormal(sigma=0.1)"},
}
KINKS = {"RR": [0.0], "RD": [-1.0, 0.0, 1.0]}
SCALE = {"RR": 1.0, "RD": 0.1}


def assembled(table, measure):
    """Return the binomial model of a table."""
    effects = bm.effect_sizes(bm.read_studies(pd.DataFrame(table, columns=COLUMNS)), measure)
    return assemble(effects, "binomial", priors=PRIORS[measure])


@pytest.fixture(scope="module", params=["RR", "RD"])
def measure(request):
    """Return either measure."""
    return request.param


@pytest.fixture(scope="module")
def posterior(measure):
    """Return the posterior of three studies."""
    return integrate_lines(assembled(THREE, measure))


@pytest.fixture(scope="module")
def rows(measure):
    """Return rows with no event, with events in one arm only, and large ones."""
    assembly = assembled(ODD, measure)
    return rows_of(assembly.parts, assembly.effects.estimate, assembly.rows)


def panels(ends, places):
    """Return nodes and weights between ends, panels shrinking towards places."""
    away = 10.0 ** np.arange(-15, 1.5, 0.5)
    edges = np.concatenate([ends, *([place, *(place + away), *(place - away)] for place in places)])
    edges = np.unique(np.clip(edges, *ends))
    node, weight = np.polynomial.legendre.leggauss(16)
    half = np.diff(edges)[:, np.newaxis] / 2
    return (edges[:-1, np.newaxis] + half * (1 + node)).ravel(), (half * weight).ravel()


def spread(rows, centre, scale, kinks):
    """Return logs of the integrals of each likelihood times a normal, by panels."""
    ends = (max(centre - 12 * scale, -12), min(centre + 12 * scale, 12))
    if len(kinks) > 1:
        ends = (max(ends[0], -1), min(ends[1], 1))
    local = centre + scale * np.linspace(-12, 12, 13)
    fine = np.linspace(-0.4, 0.3, 36)
    theta, weight = panels(ends, [*kinks, *local, *fine])
    every = np.broadcast_to(theta[:, np.newaxis], (theta.size, len(rows)))
    value = rows.part.log_density(rows.estimate, every, {}, rows.known)
    value -= 0.5 * ((theta[:, np.newaxis] - centre) / scale) ** 2
    top = value.max(axis=0)
    return top + np.log(weight @ np.exp(value - top)) - np.log(scale * np.sqrt(2 * np.pi))


@pytest.mark.slow
@pytest.mark.parametrize("centre", [-0.7, -1e-3, 0.0, 0.26])
@pytest.mark.parametrize("scale", [1e-5, 0.03, 1.0])
def test_likelihoods_with_kinks_are_spread_as_by_quadrature(rows, measure, centre, scale):
    """A normal narrow or wide beside the likelihood, beside the kink or over it: to 1e-8."""
    found = rows.log_spread(np.full((1, 1), centre), np.array([scale**2]))[0]

    known = spread(rows, centre, scale, KINKS[measure])
    least = rows.least
    np.testing.assert_allclose(
        np.maximum(found, least), np.maximum(known, least), atol=1e-8, rtol=0
    )


def test_narrow_and_wide_normals_join_without_a_step(rows, measure):
    """Halved again and again from where nodes serve to where Gauss and Hermite do: no jump."""
    scale = 0.02 * SCALE[measure] * 2.0 ** (np.arange(-40, 40) / 10)[:, np.newaxis]
    centre = np.full((1, 1), 0.003 * SCALE[measure])

    found = rows.log_spread(centre, scale**2)

    bends = np.diff(found, 3, axis=0)
    assert np.abs(np.diff(bends, axis=0)).max() < 1e-3


MEAN = {
    "RR": [-25.01540102424, -0.14611690837, 0.37067417371, 0.36275138694, 0.26741805518,
           0.66609328178],
    "RD": [-27.88437944786, -0.00401807409, 0.03520911248, 0.04247867638, 0.03660500931,
           0.54718601008],
}  # fmt: skip
"""Evidence, mean and sd of mu and tau, P(mu < 0)."""
EFFECTS = {
    "RR": [-0.36911017868, 0.01851800550, -0.09286568650, 0.42011093776, 0.38948681529,
           0.31467097675, 0.81791926393, 0.50602090532, 0.62288543224],
    "RD": [-0.02238790186, 0.01006769962, 0.00018108180, 0.02647304725, 0.01542288883,
           0.02441121553, 0.79551688429, 0.25191672030, 0.49257006010],
}  # fmt: skip
"""Means, sds and P(theta < 0) of each study effect."""


@pytest.mark.slow
def test_brute_force_finds_what_is_pinned(measure):
    """The sums, done again: to 1e-9, evidence to 1e-8, what is nearer to tau = 0 than they look."""
    script = Path(__file__).with_name("brute_force.py")
    told = subprocess.run([sys.executable, script, measure], check=True, capture_output=True)
    found = [float(line) for line in told.stdout.split()]

    assert found[0] == pytest.approx(MEAN[measure][0], abs=1e-8)
    assert found[1:] == pytest.approx([*MEAN[measure][1:], *EFFECTS[measure]], abs=1e-9)


def test_three_studies_have_the_posterior_of_brute_force(posterior, measure):
    """Evidence, mean and sd of mu and tau, P(mu < 0): to 1e-7."""
    mu, tau = posterior.combination(np.ones(1)), posterior.heterogeneity()

    found = [
        posterior.log_marginal_likelihood[0],
        *(each[0] for each in (mu.mean(), mu.sd(), tau.mean(), tau.sd(), mu.cdf(0.0))),
    ]

    assert found == pytest.approx(MEAN[measure], abs=1e-7)


@pytest.mark.slow
def test_study_effects_have_the_posterior_of_brute_force(posterior, measure):
    """Means, sds and P(theta < 0) of each, whose likelihoods have cusps: to 5e-9."""
    effects = posterior.study_effects()

    found = np.concatenate([effects.mean()[0], effects.sd()[0], effects.cdf(0.0)[0]])

    assert found == pytest.approx(EFFECTS[measure], abs=5e-9)


@pytest.mark.slow
def test_errors_at_kinks_are_no_smaller_than_the_true_ones(posterior, measure):
    """Of mean, sd and P(< 0): what the coarser distribution differs by, against brute force.

    Which itself is known to 1e-10, not better.
    """
    mu, tau, effects = (posterior.combination(np.ones(1)), posterior.heterogeneity(),
                        posterior.study_effects())  # fmt: skip
    fine, coarse = (
        np.concatenate([own.mean(), own.sd(), spread.mean(), spread.sd(), own.cdf(0.0),
                        *(each[0] for each in (all_.mean(), all_.sd(), all_.cdf(0.0)))])
        for own, spread, all_ in ((mu, tau, effects), (mu.coarse(), tau.coarse(), effects.coarse()))
    )  # fmt: skip

    known = np.array([*MEAN[measure][1:], *EFFECTS[measure]])
    assert (np.abs(fine - known) <= np.abs(fine - coarse) + 1e-10).all()


@pytest.mark.slow
def test_a_new_studys_effect_has_the_variance_of_mean_and_spread(posterior):
    """Var(theta_new) = Var(mu) + E[tau**2], the mean that of mu: a law of any posterior."""
    mu, tau = posterior.combination(np.ones(1)), posterior.heterogeneity()
    new = posterior.combination(np.ones(1), new_study=True)

    spread = tau.sd()[0] ** 2 + tau.mean()[0] ** 2

    assert new.mean()[0] == pytest.approx(mu.mean()[0], abs=1e-8)
    assert new.sd()[0] ** 2 == pytest.approx(mu.sd()[0] ** 2 + spread, abs=1e-7)


@pytest.mark.slow
def test_an_effect_at_the_end_of_what_differences_can_be_is_known():
    """Of 10 events of 10 against none of 10, which once was an error: as independent draws say."""
    posterior = integrate_lines(assembled(ODD, "RD"))

    found = posterior.study_effects()

    drawn = posterior.draw(20_000, np.random.default_rng(3))
    effects = drawing.study_effects(posterior, drawn, np.random.default_rng(4))
    error = effects.std(axis=0) / np.sqrt(len(effects))
    assert (np.abs(effects.mean(axis=0) - found.mean()[0]) < 4 * error).all()


def test_stretches_integrate_what_has_a_cusp():
    """Square root of the distance from 0, and a logarithm, between -1 and 1; closed forms."""
    every = stretches([-1.0, 0.0, 1.0], (-1.0, 1.0), width=0.04, step=0.25)

    found = [
        sum(each.weight @ function(np.abs(each.theta)) for each in every)
        for function in (np.sqrt, np.log)
    ]

    assert found == pytest.approx([4 / 3, -2.0], abs=1e-11)
