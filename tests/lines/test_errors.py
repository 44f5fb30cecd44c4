"""Errors that are printed: no smaller than what finer rules change, nor far larger."""

import numpy as np
import pytest
from scipy import stats

import bayesmeta as bm
from bayesmeta.assembly import assemble
from bayesmeta.engines.lines import integrate_lines, outer
from bayesmeta.engines.lines.integrate import change_counted
from bayesmeta.engines.lines.leaning import leaning, towards
from bayesmeta.engines.lines.tabulating import tabulated

PRIORS = {"mu": "Normal(mu=0, sigma=30)", "tau": "HalfNormal(sigma=10)",
          "nu": "Gamma(alpha=2, beta=0.1, lower=1)"}  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "gap", "share"),
    [
        (None, 0.01, 1.0),
        (1e-7, 1e-3, 0.01),
        (1e-12, 1e-3, 1e-3),
        (1e-3, 1e-3, 1.0),
        (0.0, 0.0, 0.0),
    ],
)
def test_of_a_change_as_much_is_an_error_as_the_next_halving_left(changed, gap, share):
    """A hundred times what it left, never less than the square's share; all where it is unknown."""
    assert change_counted(changed, gap) == pytest.approx(share)


def _told(effects):
    posterior = bm.fit(effects, "student-t", priors=PRIORS, engine="exact")
    return posterior.attrs, bm.summary(posterior)


@pytest.mark.slow
def test_with_a_prior_on_nu_the_errors_are_those_of_the_nodes_left_out(normand, monkeypatch):
    """With all nodes of both axes nothing moves by more than was told, and that is little."""
    attributes, told = _told(normand)
    monkeypatch.setattr(outer, "_SAME", 0.0)
    whole, finer = _told(normand)

    columns = ["lower", "median", "upper"]
    moved = (told - finer)[columns].abs().max(axis=1)
    assert (moved[["mu", "theta_new"]] <= told.loc[["mu", "theta_new"], "error"]).all()
    known = "log_marginal_likelihood"
    assert abs(attributes[known] - whole[known]) <= attributes[f"{known}_error"]
    assert told.loc["mu", "error"] < 1e-5 * told.loc["mu", "sd"]


@pytest.fixture(scope="module")
def rippled():
    """Return a standard normal with a ripple far out, and points that have its two moments."""

    def densities(x):
        ripple = 1e-9 * (1 + np.cos(9 * x)) * (np.abs(x) < 9)
        return np.repeat((stats.norm.pdf(x) + ripple)[:, np.newaxis], 2, axis=1)

    place = np.arange(-8, 8.1, 0.5)
    return tabulated(densities, 0.01, 1.0), place, stats.norm.pdf(place) / 2


def test_a_ripple_far_out_is_in_the_error_of_the_sd(rippled):
    """The coarser distribution has the mean and the sd of the points: what it adds is told."""
    found = towards(*rippled)

    assert found.sd()[0] - 1 > 1e-7
    assert [found.coarse().mean()[0], found.coarse().sd()[0]] == pytest.approx([0, 1], abs=1e-11)


def test_a_weight_that_leans_moves_mean_sd_and_probabilities_alike():
    """Of 10 000 normal quantiles, by an e of 1e-4: each by half of e at least, by 2.5 at most."""
    place = stats.norm.ppf((np.arange(10_000) + 0.5) / 10_000)[:, np.newaxis]
    weight = np.full(10_000, 1e-4)
    off = weight * (1 + 1e-4 * leaning(place, weight))
    off /= off.sum()

    mean, sd = off @ place[:, 0], np.std(place)
    moved = [mean, np.sqrt(off @ (place[:, 0] - mean) ** 2) - sd, off[:5000].sum() - 0.5]
    assert np.abs(moved) == pytest.approx(1.5e-4, abs=1e-4)


@pytest.mark.slow
def test_the_sd_of_a_slope_is_as_far_from_its_points_as_is_told():
    """Points of lattices sum x**2 to rounding; what lies between them rippled in the tails."""
    table = bm.read_studies("examples/data/rtms_SIMULATED.csv")
    effects = bm.effect_sizes(table, "MD", outcome="TNF-alpha")
    lines = integrate_lines(assemble(effects, "student-t", moderators="duration_weeks"))
    slope, points = lines.combination(np.array([0.0, 1.0])), lines.points
    place = points.location[:, 1]
    sd = np.sqrt(points.weight @ (place - points.weight @ place) ** 2)

    missed = abs(slope.sd()[0] - sd)
    assert missed > 1e-9 * sd
    assert missed <= 1.05 * abs(slope.sd()[0] - slope.coarse().sd()[0])
