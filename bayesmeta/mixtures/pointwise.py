"""Functions of normal mixtures at points: distribution, density, quantile, mode."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from scipy.special import ndtr, ndtri

from bayesmeta.arrays import FloatArray, IntArray
from bayesmeta.mixtures.inversion import spaced
from bayesmeta.roots import Bracket, Trial, newton

_LOG_ROOT = 0.5 * np.log(2 * np.pi)
_CLOSE, _NEAR, _MILD = 1e-4, 1e-7, 0.5
"""A step this small, in standard deviations, is the last: its error is the fourth power, or with
smaller ones of Newton's method the square. And by how much at most the two differ."""
_FEW = 0.05
"""Mean square of standard deviations that are few enough for a series in them."""
_WHAT = "quantiles of a mixture"
_CANDIDATES = 64
_ZOOMS = 3
_POLISHES = 4
_APART = 1e-4


class Components(NamedTuple):
    """A batch of mixtures with one axis, each array of shape (row, node)."""

    weight: FloatArray
    location: FloatArray
    scale: FloatArray


type Pointwise = Callable[[Components, FloatArray], FloatArray]
"""A function of the mixtures at points, both of shape (row, q)."""


def cdf(mixture: Components, x: FloatArray) -> FloatArray:
    """Return the probability of at most x."""
    away = _standardised(mixture, x)
    return _sum(mixture.weight[:, np.newaxis], ndtr(away, out=away))


def log_density(mixture: Components, x: FloatArray) -> FloatArray:
    """Return the log density at x."""
    # In one array: with many points and nodes each further one costs as much as its arithmetic.
    value = _standardised(mixture, x)
    value *= value
    value *= -0.5
    with np.errstate(divide="ignore"):
        value += np.log(mixture.weight / mixture.scale)[:, np.newaxis]
        top = value.max(axis=-1, keepdims=True)
        top = np.where(np.isfinite(top), top, 0.0)
        value -= top
        total = np.log(np.exp(value, out=value).sum(axis=-1)) + top[..., 0]
        return np.asarray(total - _LOG_ROOT)


def _standardised(mixture: Components, x: FloatArray) -> FloatArray:
    away: FloatArray = x[..., np.newaxis] - mixture.location[:, np.newaxis]
    away /= mixture.scale[:, np.newaxis]
    return away


def _sum(weight: FloatArray, array: FloatArray) -> FloatArray:
    return np.asarray(np.einsum("...n,...n->...", weight, array))


def quantile(mixture: Components, p: FloatArray) -> FloatArray:
    """Return the quantiles: Newton's method on the normal scale, inside a bracket.

    There a mixture's distribution function is nearly a straight line, so that few steps do. The
    smaller tail is used, so that nothing is lost far out.

    Raises
    ------
    SearchError
        If a search does not end.
    """
    upper = p > 1 - p
    sign = np.where(upper, -1.0, 1.0)
    target = np.asarray(ndtri(np.where(upper, 1 - p, p)), dtype=np.float64)
    found, bracket = _near(mixture, sign * target)
    inner = np.flatnonzero((p > 0) & (p < 1))

    def missing(x: FloatArray, chosen: IntArray) -> Trial:
        if chosen.size == p.size:
            every = _missing(_along(mixture), x.reshape(p.shape), target, sign=sign)
            return Trial(*(np.ravel(part) for part in every))
        point = inner[chosen]
        rows = _rows(mixture, point // p.shape[1])
        return _missing(rows, x, target.ravel()[point], sign=sign.ravel()[point])

    def middle(low: FloatArray, high: FloatArray, chosen: IntArray) -> FloatArray:
        return _middle(_rows(mixture, inner[chosen] // p.shape[1]), low, high)

    start = found.ravel()[inner]
    ends = Bracket(*(end.ravel()[inner] for end in bracket))
    found.ravel()[inner] = newton(missing, ends, start, middle=middle, what=_WHAT)
    return found


def _near(mixture: Components, z: FloatArray) -> tuple[FloatArray, Bracket]:
    """Return points near the quantiles of a normal deviate z, shape (row, q), and their brackets.

    All mass below the lowest of the components' own quantiles is too little, and so on. Where
    these are d standard deviations from a point, few enough, that point is missed by::

        sum(w (d - z d^2 / 2 + (z^2 - 1) d^3 / 6))
    """
    weight, location, scale = _along(mixture)
    with np.errstate(all="ignore"):  # an infinite deviate
        each = location + z[..., np.newaxis] * scale
        bracket = Bracket(each.min(axis=-1), each.max(axis=-1))
        share = weight / scale
        total = share.sum(axis=-1)
        point = _sum(share, each) / total
        away = (point[..., np.newaxis] - each) / scale
        square = away**2
        second = _sum(weight, square)
        beyond = (z**2 - 1) * _sum(weight * square, away) / 6 - z * second / 2
        near = point - beyond / (total - z * _sum(share, away))
        found = np.where(second < _FEW, near, _sum(weight, each))
    inside = np.minimum(np.maximum(found, bracket.low), bracket.high)
    return np.where(np.isinf(z), z, inside), bracket


def _along(mixture: Components) -> Components:
    """Return mixtures with an axis for points: (row, 1, node)."""
    return Components(*(array[:, np.newaxis] for array in mixture))


def _rows(mixture: Components, row: IntArray) -> Components:
    count = len(mixture.weight)
    if row.size == count and row[0] == 0 and (np.diff(row) == 1).all():
        return mixture
    return Components(*(array[row] for array in mixture))


def _missing(mixture: Components, x: FloatArray, target: FloatArray, *, sign: FloatArray) -> Trial:
    """Return how far, in standard deviations, points are beyond their quantiles.

    With the slope that makes a step of Newton's method one of third order, where that serves.
    """
    weight, location, scale = mixture
    away = x[..., np.newaxis] - location
    away /= sign[..., np.newaxis] * scale
    below = np.minimum(_sum(weight, ndtr(away)), 1.0)  # above 1 by rounding alone
    reached = np.asarray(ndtri(below), dtype=np.float64)
    beyond = reached - target
    with np.errstate(all="ignore"):
        height = np.exp(-0.5 * away**2)
        height *= weight / scale
        total = height.sum(axis=-1)
        slope = np.exp(np.log(total) + 0.5 * reached**2)
        if (np.abs(beyond) <= _NEAR).all():
            return Trial(sign * beyond, slope, _CLOSE / slope)
        away /= scale
        first = -_sum(height, away) / total
        away *= away
        away -= 1 / scale**2
        second = _sum(height, away) / total
        bent = _bent(-beyond / slope, *_bends(reached, slope, first, second))
        return Trial(sign * beyond, slope / bent, _CLOSE / slope)


def _bends(
    z: FloatArray, slope: FloatArray, first: FloatArray, second: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return second and third derivatives of z = Phi^-1(F(x)), relative to its slope.

    Parameters
    ----------
    first, second
        Derivatives of the density f, relative to it.
    """
    bend = first + z * slope
    return bend, second + (3 * z * bend - (z**2 - 1) * slope) * slope


def _bent(step: FloatArray, bend: FloatArray, twist: FloatArray) -> FloatArray:
    """Return what a step of Newton's method is to be multiplied by: a series turned round."""
    found = 1 - 0.5 * bend * step + (0.5 * bend**2 - twist / 6) * step**2
    return np.where(np.abs(found - 1) < _MILD, found, 1.0)


def _middle(mixture: Components, low: FloatArray, high: FloatArray) -> FloatArray:
    """Return points between, in few halvings of a bracket that may span many powers of ten.

    On the scale of an inverse hyperbolic sine around the heaviest component.
    """
    heaviest = (np.arange(low.size), mixture.weight.argmax(axis=1))
    centre, unit = mixture.location[heaviest], mixture.scale[heaviest]
    ends = (np.arcsinh((end - centre) / unit) for end in (low, high))
    return np.asarray(centre + unit * np.sinh(sum(ends) / 2))


def mode(mixture: Components, _points: FloatArray) -> FloatArray:
    """Return the highest mode of each mixture, shape (row, 1).

    A mixture rises left of all its means and falls right of them: the best of many points between
    is bracketed by its neighbours, the bracket narrowed by grids, the end by Newton's method.
    """
    stride = max(1, mixture.weight.shape[1] // _CANDIDATES)
    ends = (mixture.location.min(axis=1), mixture.location.max(axis=1))
    between = spaced(*ends, _CANDIDATES + 1)
    grid = np.column_stack([mixture.location[:, ::stride], between])
    for _zoom in range(_ZOOMS):
        low, x, high = _peak(grid, log_density(mixture, grid))
        grid = spaced(low, high, _CANDIDATES // 2 + 1)
    low, x, high = _peak(grid, log_density(mixture, grid))
    for _polish in range(_POLISHES):
        x = np.clip(_uphill(mixture, x), low, high)
    return x[:, np.newaxis]


def _peak(grid: FloatArray, value: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return the best point of each row's grid between neighbours that rounding tells apart."""
    best = np.take_along_axis(grid, value.argmax(axis=1)[:, np.newaxis], axis=1)
    apart = _APART * (grid.max(axis=1, keepdims=True) - grid.min(axis=1, keepdims=True))
    low = np.where(grid < best - apart, grid, -np.inf).max(axis=1)
    high = np.where(grid > best + apart, grid, np.inf).min(axis=1)
    best = best[:, 0]
    return np.where(np.isfinite(low), low, best), best, np.where(np.isfinite(high), high, best)


def _uphill(mixture: Components, x: FloatArray) -> FloatArray:
    """Return x after a Newton step towards the density's flat point, where it is concave."""
    away = _standardised(mixture, x[:, np.newaxis])[:, 0]
    log_height = np.log(np.maximum(mixture.weight, 1e-300)) - 0.5 * away**2
    height = np.exp(log_height - log_height.max(axis=1, keepdims=True)) / mixture.scale
    slope = -(height * away / mixture.scale).sum(axis=1)
    curvature = (height * (away**2 - 1) / mixture.scale**2).sum(axis=1)
    concave = curvature < 0
    return np.where(concave, x - slope / np.where(concave, curvature, -1.0), x)
