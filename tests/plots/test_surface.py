"""Probabilities between the points of a prior map with few."""

import numpy as np
import pytest
from scipy.special import ndtr

import bayesmeta as bm
from bayesmeta.plots.surface import FEWEST, Surface, smooth

SCALES = np.geomspace(0.5, 50.0, 8)


def _surface(probability):
    return Surface(SCALES, SCALES, probability(SCALES[np.newaxis], SCALES[:, np.newaxis]))


def test_a_smooth_surface_has_the_points_it_was_computed_at():
    """All but those that are as good as certain, which stay certain."""
    known = _surface(lambda x, y: ndtr(2 * np.log(y / x)))
    found = smooth(known)
    corners = np.ix_([0, -1], [0, -1])

    assert found.p[corners] == pytest.approx(known.p[corners], abs=1e-9)
    assert found.p.shape == (FEWEST, FEWEST)


def test_a_surface_that_is_straight_in_the_logarithms_stays_so():
    """P = Phi(a log x + b log y): cubics through points on a plane are the plane."""
    found = smooth(_surface(lambda x, y: ndtr(0.3 * np.log(x) + 0.2 * np.log(y))))
    expected = ndtr(0.3 * np.log(found.x)[np.newaxis] + 0.2 * np.log(found.y)[:, np.newaxis])

    assert found.p == pytest.approx(expected, abs=1e-12)


def test_a_surface_never_goes_beyond_its_points():
    """A step stays between both its heights."""
    found = smooth(_surface(lambda x, y: np.where(x > 5, 0.99, 0.4) + 0 * y))

    assert found.p.min() >= 0.4 - 1e-12
    assert found.p.max() <= 0.99 + 1e-12


def test_a_map_of_few_scales_is_near_that_of_many(normand_effects):
    """Eight scales a side beside each one computed: within 0.01, as straight lines are not."""
    many = np.geomspace(0.5, 50.0, FEWEST)
    maps = [bm.prior_map(normand_effects, tau_scales=one, mu_sds=4 * one, families=["HalfNormal"])
            for one in (SCALES, many)]  # fmt: skip
    known, dense = (one["p_benefit"].values[0].T for one in maps)
    found = smooth(Surface(SCALES, 4 * SCALES, known))

    assert np.abs(found.p - dense).max() < 0.01


def test_a_surface_of_many_points_is_as_it_was():
    """It is not computed anew."""
    known = Surface(np.arange(1.0, 51), np.arange(1.0, 51), np.full((50, 50), 0.5))

    assert smooth(known) is known
