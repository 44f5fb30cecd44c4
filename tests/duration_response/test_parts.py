"""The parts that open durations are integrated with, each by its own law."""

import numpy as np
import pytest
from scipy.stats import multivariate_normal, norm

from bayesmeta.duration_response.condensing import condensed
from bayesmeta.duration_response.cumulants import directions, forms
from bayesmeta.duration_response.gaps.cubature import cubature
from bayesmeta.duration_response.gaps.following import _numbered
from bayesmeta.duration_response.gaps.normals import Normals, merged_by
from bayesmeta.duration_response.nodes import Nodes
from bayesmeta.duration_response.three import three
from bayesmeta.mixtures import NormalMixture


def moments(weight, place, scale):
    """Return the first four cumulants of a mixture of normals."""
    mean = weight @ place
    away = place - mean
    variance = weight @ (away**2 + scale**2)
    third = weight @ (away**3 + 3 * away * scale**2)
    fourth = weight @ (away**4 + 6 * away**2 * scale**2 + 3 * scale**4) - 3 * variance**2
    return np.array([mean, variance, third, fourth])


@pytest.mark.parametrize("skewness", [-1.2, -0.3, 0.0, 0.1, 0.7])
@pytest.mark.parametrize("excess", [-0.4, 0.0, 0.2, 1.5])
def test_three_normals_have_the_cumulants_asked_for(skewness, excess):
    """Mean 0, variance 1, skewness and excess, where a distribution may have them at all."""
    if excess < 1.6 * skewness**2 - 1.2:
        excess += 1.6 * skewness**2
    found = three(np.array(skewness), np.array(excess))

    assert (found.weight >= 0).all()
    np.testing.assert_allclose(
        moments(found.weight, found.place, found.scale), [0, 1, skewness, excess], atol=1e-9
    )


def test_near_its_bound_the_excess_gives_way_and_the_skewness_stays():
    """Two points have excess skewness**2 - 2: three normals keep three moments and weights."""
    found = three(np.array(2.0), np.array(2.001))

    assert (found.weight >= 0).all()
    np.testing.assert_allclose(
        moments(found.weight, found.place, found.scale)[:3], [0, 1, 2], atol=1e-9
    )


def test_three_normals_of_a_normal_are_it():
    """No skewness, no excess: the distribution function is the normal one."""
    found, x = three(np.array(0.0), np.array(0.0)), np.linspace(-4, 4, 33)
    below = (found.weight * norm.cdf((x[:, None] - found.place) / found.scale)).sum(axis=1)

    np.testing.assert_allclose(below, norm.cdf(x), atol=1e-6)


@pytest.mark.parametrize("count", [1, 2, 3, 5])
def test_forms_tell_the_cumulants_of_every_combination(count):
    """Known at a few combinations, third and fourth cumulants are known at all, in any unit."""
    generator = np.random.default_rng(count)
    points, weight = generator.gamma(1.0, size=(40, count)), generator.dirichlet(np.ones(40))
    unit = 10.0 ** np.arange(count)
    nothing = np.zeros(40)

    def of(rows):
        values = (points * unit) @ rows.T
        return np.array([moments(weight, value, nothing)[2:] for value in values.T]).T

    known = of(directions(count) / unit)
    found = forms(known[0][np.newaxis], known[1][np.newaxis], scale=unit)
    rows = generator.normal(size=(7, count)) / unit

    for one, other in zip(found.at(rows), of(rows), strict=True):
        np.testing.assert_allclose(one[:, 0], other, rtol=1e-8)


def test_nodes_have_the_first_four_cumulants_along_any_row():
    """A combination of coefficients that are not normal: mean, SD, third and fourth cumulant."""
    generator = np.random.default_rng(4)
    points, share = generator.gamma(3.0, size=(60, 2)), np.full(60, 1 / 60)
    centre = points.mean(axis=0)
    known = [moments(share, points @ row, np.zeros(60))[2:] for row in directions(2)]
    third, fourth = np.array(known).T[:, np.newaxis]
    nodes = Nodes(
        np.zeros(1, dtype=int), np.array([0.5]), centre[np.newaxis],
        np.cov(points.T, ddof=0)[np.newaxis], np.ones(1), np.zeros(1),
        forms(third, fourth, scale=np.ones(2)),
    )  # fmt: skip
    row = np.array([0.6, -1.1])
    found = nodes.components(row[np.newaxis, np.newaxis])

    expected = moments(share, points @ row, np.zeros(60))
    np.testing.assert_allclose(
        moments(found.weight[0], found.location[0], found.scale[0]), expected, atol=1e-9
    )
    assert (found.spread == 0.5).all()


@pytest.mark.parametrize("dimensions", [1, 2, 3, 4, 6])
def test_a_lattice_knows_a_bumps_mass_and_covariance(dimensions):
    """A normal density not quite standard; the coarser rule is worse, and both are near."""
    rule = cubature(dimensions, spacing=1.2, radius=6.5)
    root = np.eye(dimensions) + 0.15 * np.tri(dimensions, k=-1)
    bump = multivariate_normal(np.full(dimensions, 0.1), root @ root.T)
    gaps = []
    for each in (rule, rule.halved()):
        height = np.exp(bump.logpdf(each.points) + each.log_weight).reshape(-1)
        away = each.points - 0.1
        second = (height[:, np.newaxis] * away).T @ away
        gaps.append(abs(height.sum() - 1) + np.abs(second - root @ root.T).max())
    exact = 1e-4 if dimensions < 5 else 0.05

    assert gaps[0] < exact
    assert gaps[0] < gaps[1] < 100 * exact


def test_an_observation_met_and_taken_back_leaves_no_trace():
    """Multiply by one normal density and divide by it: mass, mean and covariance stay."""
    start = Normals(np.array([0.3]), np.array([[1.0, -2.0]]), np.array([[[2, 0.5], [0.5, 1]]]))
    design, variance, only = np.array([[[1.0, 0.4]]]), np.array([0.7]), np.array([0])
    met = start.meeting(1.5, design, variance).chosen(only, only)
    back = met.meeting(1.5, design, -variance).chosen(only, only)

    assert back.log_mass[0] + np.log(2 * np.pi * 0.7) == pytest.approx(0.3)
    np.testing.assert_allclose(back.mean, start.mean)
    np.testing.assert_allclose(back.covariance, start.covariance)
    assert met.log_mass[0] == pytest.approx(
        0.3 + norm.logpdf(1.5, 1 - 0.8, np.sqrt(2 + 0.4 + 0.16 + 0.7))
    )


def test_what_designs_make_of_a_normal_is_merged_without_making_each():
    """Mass, mean and covariance of the mixture over designs, as from every one of its normals."""
    generator = np.random.default_rng(4)
    start = Normals(np.array([0.3]), np.array([[1.0, -2.0]]), np.array([[[2, 0.5], [0.5, 1]]]))
    met = start.meeting(1.5, generator.normal(size=(1, 7, 2)), np.array([0.4]))
    every = met.chosen(np.zeros(7, dtype=int), np.arange(7))

    for found, expected in zip(met.merged(), merged_by(np.zeros(7, dtype=int), every), strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-12)


def test_merged_normals_keep_mass_mean_and_covariance():
    """Of the cell, by draws' formulas: within plus between."""
    generator = np.random.default_rng(2)
    mean, mass = generator.normal(size=(6, 2)), generator.uniform(0.1, 1, 6)
    normals = Normals(np.log(mass), mean, np.tile(np.eye(2), (6, 1, 1)))
    found = merged_by(np.array([0, 1, 0, 1, 1, 0]), normals)
    own, share = mean[[0, 2, 5]], mass[[0, 2, 5]] / mass[[0, 2, 5]].sum()
    between = np.cov(own.T, aweights=share, ddof=0)

    assert np.exp(found.log_mass[0]) == pytest.approx(mass[[0, 2, 5]].sum())
    np.testing.assert_allclose(found.mean[0], share @ own)
    np.testing.assert_allclose(found.covariance[0], np.eye(2) + between)


def test_a_condensed_mixture_is_the_same_to_the_eye():
    """Mean and SD stay to rounding, the distribution function to 1e-5; by both rules."""
    generator, size = np.random.default_rng(9), 20_000
    weight = generator.dirichlet(np.ones(size))
    coarse = np.where(np.arange(size) % 2, 0.0, weight)
    mixture = NormalMixture(
        weight, generator.normal(0, 1, (2, size)), generator.gamma(40, 0.02, (2, size)),
        coarse / coarse.sum(),
    )  # fmt: skip
    few = condensed(mixture, many=1000)
    x = np.linspace(-4, 4, 41)

    assert few.weight.shape[1] < size / 4
    assert condensed(mixture, many=size) is mixture
    for one, other in ((mixture, few), (mixture.coarse(), few.coarse())):
        np.testing.assert_allclose(other.mean(), one.mean(), atol=1e-12)
        np.testing.assert_allclose(other.sd(), one.sd(), rtol=1e-12)
        np.testing.assert_allclose(other.cdf(x), one.cdf(x), atol=1e-5)


@pytest.mark.parametrize("width", [3, 10**6])
def test_rows_of_whole_numbers_are_numbered_in_their_order(width):
    """As by sorting whole rows, though one number for a row were beyond 64 bits."""
    generator = np.random.default_rng(4)
    item = np.sort(generator.integers(0, 3, 500))
    columns = generator.integers(-width, width, (6, 500)).astype(float)
    columns[:, 250:] = columns[:, :250]  # and equal rows, where the items agree

    expected = np.unique(np.column_stack([item, *columns]), axis=0, return_inverse=True)[1]
    assert (_numbered(item, list(columns)) == expected).all()
