"""The distribution of a weighted sum of independent chi-squares on one degree of freedom."""

import numpy as np

from bayesmeta.arrays import BoolArray, FloatArray
from bayesmeta.mixtures.probabilities import probability
from bayesmeta.roots import Bracket, halve

STEP = 0.06  # of the trapezoid, on the hyperbola's own scale
LEAN = 0.5  # of the path's asymptote to the right, for few terms
MANY = 20.0  # terms: then the integrand falls off by itself, and leaning takes it near the cut
FARTHEST, NEAR = 60.0, 120.0 * 2.0**-24  # where a saddlepoint is looked for, and to what width
FALL = 200.0  # the integrand has fallen by more than exp(-40) here


def survival(value: FloatArray, weight: FloatArray) -> FloatArray:
    """Return P(sum of weight_j chi2_1 > value).

    The inversion integral (1 / 2 pi i) int exp(K(s) - s value) ds / s, K the cumulant generating
    function, is taken along a hyperbola through the saddlepoint, right of the pole at 0 for the
    upper tail and left of it for the lower, that leans around the cut beyond 1 / (2 max weight).
    There the integrand falls off exponentially and the trapezoid rule converges geometrically,
    also for one or two terms, where Imhof's integral along the imaginary axis converges too slowly.

    Parameters
    ----------
    value
        Shape (...,), not negative.
    weight
        Shape (..., term), positive.

    References
    ----------
    Rice SO (1980). SIAM J Sci Stat Comput 1:438-448; the problem: Imhof JP (1961). Biometrika
    48:419-426.

    Examples
    --------
    Two equal terms are an exponential variate:

    >>> float(abs(survival(np.array(3.0), np.ones(2)) - np.exp(-1.5))) < 1e-14
    True
    """
    largest = weight.max(axis=-1)
    scaled = value / largest
    positive = scaled > 0.0
    tail = _inverted(np.where(positive, scaled, 1.0), weight / largest[..., None])
    return np.where(positive, probability(tail), 1.0)


def _inverted(value: FloatArray, ratio: FloatArray) -> FloatArray:
    """Return the integral for weights with a maximum of 1, whose cut begins at 1/2."""
    lower = value < ratio.sum(axis=-1)
    start, room = _crossing(value, ratio, lower)
    reach = np.minimum(np.abs(start), room)
    terms = ratio.sum(axis=-1) ** 2 / (ratio**2).sum(axis=-1)  # that matter
    lean = (LEAN / (1.0 + terms / MANY))[..., None]
    node = np.arange(0.0, np.log(FALL / (lean[..., 0] * reach * value)).max() + 2.0, STEP)
    path = start[..., None] + reach[..., None] * (lean * (np.cosh(node) - 1.0) + 1j * np.sinh(node))
    speed = reach[..., None] * (lean * np.sinh(node) + 1j * np.cosh(node))
    cumulant = -0.5 * np.log(1.0 - 2.0 * ratio[..., None, :] * path[..., None]).sum(axis=-1)
    height = (np.exp(cumulant - path * value[..., None]) / path * speed).imag
    # Left of the pole the integral is the upper tail less the residue 1.
    return lower + (height.sum(axis=-1) - 0.5 * height[..., 0]) * STEP / np.pi


def _crossing(
    value: FloatArray, ratio: FloatArray, lower: BoolArray
) -> tuple[FloatArray, FloatArray]:
    """Return s near the least K(s) - s value - log|s| on its side of 0, and 1/2 - s.

    By halving on the logit of 2 s right of 0 and the log of -2 s left of it: the distances from
    the pole and the cut need relative, not absolute, accuracy.
    """

    def ahead(at: FloatArray) -> BoolArray:
        s, room = _place(at, lower)
        slope = (ratio / (1.0 - ratio + 2.0 * ratio * room[..., None])).sum(axis=-1)
        return np.asarray((slope - value - 1.0 / s > 0.0) ^ lower)

    end = np.full(value.shape, FARTHEST)
    return _place(halve(ahead, Bracket(-end, end), close=NEAR), lower)


def _place(at: FloatArray, lower: BoolArray) -> tuple[FloatArray, FloatArray]:
    """Return s and 1/2 - s for a point of the scale that is halved."""
    left = 0.5 * np.exp(at)
    right, room = 0.5 / (1.0 + np.exp(-at)), 0.5 / (1.0 + np.exp(at))
    return np.where(lower, -left, right), np.where(lower, 0.5 + left, room)
