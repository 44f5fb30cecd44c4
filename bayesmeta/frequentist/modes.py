"""Find the global maximum of a likelihood of the between-study variance."""

import numpy as np

from bayesmeta.arrays import FloatArray, IntArray
from bayesmeta.frequentist.likelihood import Likelihood
from bayesmeta.frequentist.weighting import Data, q, weigh
from bayesmeta.roots import Bracket, Trial, newton

NODES_PER_FOLD = 4  # grid nodes a factor e: modes differ over a factor e, not within a quarter
ROOM = 4.0
CELLS = 2_000_000  # numbers held at once
CLOSE = 1e-9


def global_mode(data: Data, likelihood: Likelihood) -> FloatArray:
    """Return the tau2 of highest likelihood, the boundary 0 included; shape of the batch.

    Every local maximum is bracketed on a grid in log(tau2 + smallest variance) by a sign change of
    the score, refined by Newton's method inside its bracket, and compared with the others and
    with tau2 = 0. The likelihood may have two modes: precise studies that agree, imprecise
    ones that do not. Above the residual sum of squares of the unweighted regression the score is
    negative, so the grid ends at four times that.
    """
    batch = data.estimate.shape[:-1]
    estimate = data.estimate.reshape(-1, data.k)
    variance = np.broadcast_to(data.variance, data.estimate.shape).reshape(-1, data.k)
    table, unit = Data(estimate, variance, data.design).in_own_units()
    folds = _folds(table)
    grid = np.linspace(0.0, 1.0, int(np.ceil(NODES_PER_FOLD * folds.max())) + 2)
    size = max(1, CELLS // (grid.size * data.k))
    blocks = [
        _modes(_rows(table, slice(at, at + size)), folds[at : at + size, None] * grid, likelihood)
        for at in range(0, len(estimate), size)
    ]
    return (np.concatenate(blocks) * unit**2).reshape(batch)


def _folds(data: Data) -> FloatArray:
    """Return how many factors of e lie between the smallest variance and the end of the grid."""
    unweighted = q(weigh(data.reweighted(np.ones_like(data.variance)), 0.0))
    return np.log1p(ROOM * unweighted / data.variance.min(axis=-1))


def _modes(data: Data, fold: FloatArray, likelihood: Likelihood) -> FloatArray:
    """Return the global mode of each row."""
    node = data.variance.min(axis=-1, keepdims=True) * np.expm1(fold)
    rising = likelihood.score(weigh(data.spread(), node)) > 0.0
    row, column = np.nonzero(rising[:, :-1] & ~rising[:, 1:])
    top = _refined(_rows(data, row), node[row, column], node[row, column + 1], likelihood)
    point, height = np.zeros_like(node), np.full_like(node, -np.inf)
    point[row, column + 1] = top
    height[row, column + 1] = likelihood.log_density(weigh(_rows(data, row), top))
    height[:, 0] = likelihood.log_density(weigh(data, np.zeros(len(node))))
    return np.take_along_axis(point, height.argmax(axis=1)[:, None], axis=1)[:, 0]


def _rows(data: Data, row: IntArray | slice) -> Data:
    return Data(data.estimate[row], data.variance[row], data.design)


def _refined(data: Data, low: FloatArray, high: FloatArray, likelihood: Likelihood) -> FloatArray:
    """Return the root of the score in each bracket, by Newton or else by halving."""
    floor = data.variance.min(axis=-1)

    def falling(point: FloatArray, chosen: IntArray) -> Trial:
        fit = weigh(_rows(data, chosen), point)
        score, slope = likelihood.score(fit), likelihood.score_slope(fit)
        return Trial(-score, -slope, CLOSE * (point + floor[chosen]))

    def middle(low: FloatArray, high: FloatArray, chosen: IntArray) -> FloatArray:
        return _between(low, high, floor[chosen])

    start = _between(low, high, floor)
    return newton(falling, Bracket(low, high), start, middle=middle, what="modes of a likelihood")


def _between(low: FloatArray, high: FloatArray, floor: FloatArray) -> FloatArray:
    """Return the middle of an interval on the grid's scale."""
    return np.sqrt((low + floor) * (high + floor)) - floor
