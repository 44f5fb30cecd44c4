"""T effects beside two moderators: three coefficients on lattices."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import bayesmeta as bm
from bayesmeta.assembly import assemble
from bayesmeta.engines.integration import integrate_assembly
from bayesmeta.engines.lines import integrate_lines, most
from bayesmeta.engines.lines.curves import read_off
from bayesmeta.random_effects import student_t
from bayesmeta.summaries.monte_carlo import mcse_mean

PRIORS = {"mu": "Normal(mu=0, sigma=1)", "beta": "Normal(mu=0, sigma=0.5)",
          "tau": "HalfNormal(sigma=0.3)"}  # fmt: skip
ESTIMATE = np.array([0.31, -0.12, 0.55, 1.9, 0.08, 0.42])
ERROR = np.array([0.2, 0.25, 0.15, 0.3, 0.22, 0.18])
X = np.array([-1.2, -0.4, 0.1, 0.5, 0.9, 1.4])
Z = np.array([0.7, -1.1, 0.4, 0.2, -0.6, 0.5])
KNOWN = [-8.765129565, 0.377840273, 0.215618523, 0.081113315, 0.215191231, 0.266552254,
         0.265941412, 0.380313607, 0.149183786]  # fmt: skip
"""Log evidence, then mean and sd of mu, slopes and tau: `three_coefficients.py`, to 1e-8 or so."""
TWICE = [-14.408459111, 0.372167857, 0.140157415, 0.089301039, 0.146229534, 0.310301572,
         0.186990396, 0.352633705, 0.117785231]  # fmt: skip
"""The same where every study is there twice: `three_coefficients.py 2`."""


def _assembled(moderators="x + z", model="student-t", times=1, **priors):
    frame = pd.DataFrame({
        "study": [f"s{place}" for place in range(6 * times)], "estimate": np.tile(ESTIMATE, times),
        "standard_error": np.tile(ERROR, times), "x": np.tile(X, times), "z": np.tile(Z, times),
        "w": 3 + 2 * np.tile(Z, times),
    })  # fmt: skip
    effects = bm.effect_sizes(bm.read_studies(frame), measure="generic")
    return assemble(effects, model, moderators=moderators, priors={**PRIORS, **priors})


OUTLIERS = {"tau_outlier": "HalfNormal(sigma=1)"}


def _contaminated():
    return bm.load_model("meta-regression").with_part("heterogeneity", "contaminated")


@pytest.fixture(scope="module")
def lines():
    """The posterior of six studies."""
    return integrate_lines(_assembled())


def _numbers(found):
    every = [found.combination(row) for row in np.eye(3)] + [found.heterogeneity("tau")]
    pairs = [(each.mean()[0], each.sd()[0]) for each in every]
    return np.array([found.log_marginal_likelihood[0], *np.ravel(pairs)])


def test_three_coefficients_are_those_of_sums_alone(lines):
    """Six studies, one far out: evidence, means and sds, by a program that shares no code."""
    assert _numbers(lines) == pytest.approx(np.array(KNOWN), abs=1e-6)


def _printed(found):
    """Return the errors that are printed of mean and sd of the three coefficients."""
    every = [found.combination(row) for row in np.eye(3)]
    return np.ravel([[abs(each.mean() - each.coarse().mean())[0],
                      abs(each.sd() - each.coarse().sd())[0]] for each in every])  # fmt: skip


def test_printed_errors_of_coefficients_hold_the_true_ones(lines):
    """Six studies: means and sds are as near to sums alone as is printed."""
    away = np.abs(_numbers(lines) - np.array(KNOWN))[1:7]

    assert np.all(away <= _printed(lines))
    assert np.all(away < 2e-7)


@pytest.mark.slow
def test_printed_errors_hold_where_every_study_is_there_twice():
    """Twelve studies: the same, with narrower coefficients."""
    found = integrate_lines(_assembled(times=2))
    away = np.abs(_numbers(found) - np.array(TWICE))[1:7]

    assert np.all(away <= _printed(found))
    assert np.all(away < 2e-7)


@pytest.mark.slow
def test_study_effects_around_two_slopes_are_told_whole(lines):
    """Each integrates to one, and the one that lies far out has the least relative precision."""
    total = lines.study_effects().cdf(np.array([50.0]))

    assert np.ravel(total) == pytest.approx(np.ones(6), abs=1e-9)
    assert lines.marks().argmin() == ESTIMATE.argmax()


@pytest.mark.slow
def test_the_order_of_moderators_is_that_of_their_slopes(lines):
    """Permuting moderators permutes coefficients, and changes nothing else."""
    other = _numbers(integrate_lines(_assembled("z + x")))

    assert other[[0, 1, 2, 5, 6, 3, 4, 7, 8]] == pytest.approx(_numbers(lines), abs=1e-6)


@pytest.mark.slow
def test_a_moderator_on_another_scale_gives_the_same_mu(lines):
    """W = 3 + 2 z under half the prior: mu, tau and the evidence stay, the slope is half."""
    own = {"beta[w]": "Normal(mu=0, sigma=0.25)"}
    other = _numbers(integrate_lines(_assembled("x + w", **own)))
    other[5:7] *= 2

    assert other == pytest.approx(_numbers(lines), abs=1e-6)


def test_with_very_many_degrees_of_freedom_effects_are_normal():
    """Nu = 1e6: the mixtures of normals of frame G, to one in as many; the evidence to a few."""
    heavy = integrate_lines(_assembled(times=2, nu=1e6))
    light = integrate_assembly(_assembled(model="meta-regression", times=2))

    away = np.abs(_numbers(heavy) - _numbers(light))
    assert np.all(away < np.array([1e-5, *[1e-6] * 8]))


def test_three_coefficients_beside_a_mixing_rule_are_refused():
    """Contaminated effects and two slopes, before anything is integrated; what would do is said."""
    said = r"'contaminated' .* at most 2 coefficients, .* 3 \(mu, .*\); use engine=\"nuts\""
    with pytest.raises(bm.errors.PosteriorError, match=said):
        integrate_lines(_assembled(model=_contaminated(), **OUTLIERS))


@pytest.mark.parametrize(("model", "priors", "count"), [
    pytest.param("student-t", {}, 3, id="no-mixing-rule"),
    pytest.param("contaminated", OUTLIERS, 2, id="a-free-share"),
    pytest.param("contaminated", {**OUTLIERS, "share": 0.1}, 3, id="a-share-that-is-a-number"),
])  # fmt: skip
def test_how_many_coefficients_are_integrated_goes_by_the_mixing_rule(model, priors, count):
    """A free share that weights are linear in takes one from the most."""
    own = _contaminated() if model == "contaminated" else model

    assert most(_assembled("x", model=own, **priors)) == count


@pytest.mark.slow
def test_three_coefficients_are_those_of_nuts(lines):
    """Means within 4 Monte Carlo errors."""
    posterior = bm.fit(_assembled().effects, "student-t", moderators="x + z", priors=PRIORS,
                       engine="nuts", draws=2000, seed=3)  # fmt: skip
    drawn = posterior["posterior"]
    every = np.concatenate([drawn["mu"].to_numpy()[np.newaxis],
                            np.moveaxis(drawn["beta"].to_numpy(), -1, 0)])  # fmt: skip

    away = every.mean(axis=(1, 2)) - _numbers(lines)[1:7:2]
    assert (np.abs(away) < 4 * mcse_mean(every)).all()


@pytest.mark.slow
@pytest.mark.parametrize(("more", "known"), [
    pytest.param([], KNOWN, id="once"), pytest.param(["2"], TWICE, id="twice"),
])  # fmt: skip
def test_sums_alone_find_what_is_pinned(more, known):
    """The program is run as it stands."""
    asked = [sys.executable, str(Path(__file__).with_name("three_coefficients.py")), *more]
    said = subprocess.run(asked, capture_output=True, text=True, check=True)

    assert [float(each) for each in said.stdout.split(",")] == pytest.approx(known, abs=2e-9)


@pytest.mark.parametrize("nu", [1.0, 4.0, 30.0])
@pytest.mark.parametrize("tau", [0.0, 1e-3, 0.05, 0.3, 5.0])
def test_curves_are_the_sums_that_they_stand_for(nu, tau):
    """Log E at many centres: read off, and summed over the kernel's normals."""
    scales = student_t.scales({"tau": np.array([tau]), "nu": np.array([nu])})
    centre = np.linspace(-9, 9, 1500)[np.newaxis, :, np.newaxis] * np.hypot(0.2, tau)
    variance = scales.variance[..., np.newaxis]
    found = read_off(ESTIMATE, ERROR**2, centre, scales.log_weight, variance)
    total = ERROR[:, np.newaxis] ** 2 + scales.variance
    away = (centre[0] - ESTIMATE)[..., np.newaxis]
    terms = scales.log_weight[0] - 0.5 * (np.log(2 * np.pi * total) + away**2 / total)
    expected = np.logaddexp.reduce(terms, axis=-1)

    assert not found.nodes.any() or found.value[0] == pytest.approx(expected, abs=1e-9)
    assert found.nodes.all() or 0 < tau < 0.1  # where a bend is too sharp, nothing is read off
