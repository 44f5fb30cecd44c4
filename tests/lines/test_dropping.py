"""What a posterior leaves out."""

import numpy as np
import pytest
from scipy import stats

from bayesmeta.engines.lines.dropping import needed

PLACE = np.arange(-600.0, 600.1, 0.5)
TAILS = stats.t.pdf(PLACE, 3.5) * 0.5
"""Variance: 3.5 / 1.5, of which far points have much, and next to nothing of the probability."""


@pytest.mark.parametrize(("error", "most"), [(0.0, 1e-10), (3e-7, 3e-9), (1.0, 1e-8)])
def test_points_left_out_have_nothing_of_mass_or_variance(error, most):
    """Sums over all points of a t distribution, beside those over what is left."""
    places = np.column_stack([PLACE, -2 * PLACE])
    weight = np.where(np.abs(PLACE) > 20, TAILS, TAILS * (np.arange(PLACE.size) % 3 > 0) + 1e-15)
    weight = weight / weight.sum()
    left, lost = needed(places, weight, error)
    every = weight @ PLACE**2 - (weight @ PLACE) ** 2
    some = weight[left] / weight[left].sum()
    own = some @ PLACE[left] ** 2 - (some @ PLACE[left]) ** 2

    assert (~left).sum() > 0
    assert weight[~left].sum() + (1 - own / every) * 2 <= lost + 1e-13
    assert lost < most


def test_of_equal_points_all_are_left():
    """Nobody is the lightest."""
    assert needed(np.array([[0.0], [1.0], [2.0]]), np.full(3, 1.0), 1.0).points.all()
