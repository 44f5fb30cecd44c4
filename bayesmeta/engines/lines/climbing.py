"""The coefficients' mode at each node, and how far the posterior reaches around it."""

from typing import NamedTuple

import numpy as np

from bayesmeta.arrays import FloatArray, IntArray
from bayesmeta.engines.lines.question import Question
from bayesmeta.engines.lines.rows import Rows, Slopes, Spreads, shares
from bayesmeta.priors import Density

_ROUNDS, _CLOSE = 20, 0.03
_QUARTILE = 0.6744897501960817
_DIFFERENCE = 1e-4
REACH = (36.0, 36.0, 24.0)
"""What lies below exp(-36) = 2e-16 of the highest point is left out, or below exp(-24) = 4e-11, by
the number of coefficients."""
_STRIDE, _STRIDES = 1.6, 20
"""Steps outward, in factors from half a standard deviation: to 8 000 of them."""

_ROWS = 60
"""Rows whose estimates are looked at."""


class Box(NamedTuple):
    """Where a node's coefficients live: b = centre + root @ z, |z| <= 1.

    Parameters
    ----------
    centre
        Shape (node, coefficient).
    root
        Shape (node, coefficient, coefficient).
    """

    centre: FloatArray
    root: FloatArray

    def at(self, z: FloatArray) -> FloatArray:
        """Return coefficients at z of shape (point, coefficient): (node, point, coefficient)."""
        return self.centre[:, np.newaxis] + z @ np.swapaxes(self.root, -1, -2)

    def take(self, nodes: IntArray | slice) -> "Box":
        """Return those of some nodes."""
        return Box(self.centre[nodes], self.root[nodes])


def boxes(question: Question, scales: Spreads) -> Box:
    """Return a box a node that holds all but a negligible part of the coefficients' posterior."""
    mode, information = _climbed(question, scales)
    root = np.swapaxes(np.linalg.inv(np.linalg.cholesky(information)), -1, -2)
    return _reaching(question, scales, Box(mode, root))


def _climbed(question: Question, scales: Spreads) -> tuple[FloatArray, FloatArray]:
    """Return modes and information, by weighted least squares whose weights follow the residuals.

    A step never lowers the log posterior where the likelihoods are log-concave: the information
    of each component is that of a quadratic below the log.
    """
    centre, precision = _of_priors(question)
    count, size = len(scales.variance), centre.size
    at, known = np.tile(centre, (count, 1)), np.empty((count, size, size))
    active = np.arange(count)
    for _ in range(_ROUNDS):
        own = scales.take(active)
        slope, information = _derivatives(question, own, at[active], precision)
        step = np.linalg.solve(information, slope[..., np.newaxis])[..., 0]
        at[active] += step
        known[active] = information
        moved = np.einsum("ni,nij,nj->n", step, information, step) > _CLOSE**2
        active = active[moved]
        if not active.size:
            break
    return at, known


def _derivatives(
    question: Question, scales: Spreads, at: FloatArray, precision: FloatArray
) -> tuple[FloatArray, FloatArray]:
    slope, curvature = _of_rows(question, scales, question.centre(at)[:, np.newaxis])
    information = np.einsum("nk,ki,kj->nij", curvature, question.design, question.design)
    of_priors = [_slope(prior, each, 1 / np.sqrt(own_precision)) for prior, each, own_precision
                 in zip(question.priors, at.T, precision, strict=True)]  # fmt: skip
    return slope @ question.design + np.stack(of_priors, axis=-1), information + np.diag(precision)


def _of_rows(question: Question, scales: Spreads, centre: FloatArray) -> Slopes:
    """Return the derivatives of what each row says, biases and powers in it, shape (node, row)."""
    slope, curvature = _spread(question.rows, centre, scales)
    if question.widening is not None:
        mark = question.widening.mark
        chance = question.widening.chances(question.rows, centre, scales)[:, 0][:, mark]
        own = centre if centre.shape[-1] == 1 else centre[..., mark]
        wide = _spread(question.rows.take(mark), own, question.widening.wider(scales.among(mark)))
        for each, other in zip((slope, curvature), wide, strict=True):
            each[:, mark] += chance * (other - each[:, mark])
    powers = 1.0 if question.powers is None else question.powers
    return Slopes(slope * powers, curvature * powers)


def _spread(rows: Rows, centre: FloatArray, scales: Spreads) -> Slopes:
    """Return the derivatives of log E at a point a node, shape (node, row)."""
    share = shares(rows, centre, scales)
    variance = np.moveaxis(scales.of_rows, 1, 0)[:, :, np.newaxis]
    own = rows.slopes(centre, variance)
    return Slopes(*((share * each).sum(axis=0)[:, 0] for each in own))


def _of_priors(question: Question) -> tuple[FloatArray, FloatArray]:
    """Return the coefficients' prior medians, and precisions by their quartiles."""
    levels = np.array([0.25, 0.5, 0.75])
    low, middle, high = np.array([prior.quantile(levels) for prior in question.priors]).T
    return middle, (2 * _QUARTILE / (high - low)) ** 2


def _slope(prior: Density, at: FloatArray, scale: FloatArray) -> FloatArray:
    step = _DIFFERENCE * scale
    rise = prior.log_density(at + step) - prior.log_density(at - step)
    return np.asarray(np.where(np.isfinite(rise), rise, 0.0) / (2 * step))


def _reaching(question: Question, scales: Spreads, unit: Box) -> Box:
    """Return the boxes along the axes of unit ones to where the posterior is negligible."""
    size = unit.centre.shape[-1]
    line = np.stack([_line(question, unit, axis) for axis in range(size)], axis=1)
    offset = line[..., np.newaxis] * np.swapaxes(unit.root, -1, -2)[:, :, np.newaxis]
    points = (unit.centre[:, np.newaxis, np.newaxis] + offset).reshape(len(line), -1, size)
    value = question.log_joint(points, scales).reshape(line.shape)
    ends = _ends(line, value, value.max(axis=(1, 2)) - REACH[size - 1])
    middle, half = ends.mean(axis=-1), (ends[..., 1] - ends[..., 0]) / 2
    centre = unit.centre + np.einsum("nij,nj->ni", unit.root, middle)
    return Box(centre, unit.root * half[:, np.newaxis])


def _line(question: Question, unit: Box, axis: int) -> FloatArray:
    """Return places along an axis, (node, place): outward, and where rows have their estimates.

    Where effects spread little the posterior has peaks there, however far from the mode.
    """
    away = 0.5 * _STRIDE ** np.arange(_STRIDES)
    outward = np.concatenate([-away[::-1], [0.0], away])
    estimate = question.rows.rough()[0]
    order = np.argsort(estimate)
    some = order[np.unique(np.linspace(0, order.size - 1, _ROWS).astype(int))]
    slope = unit.root[..., axis] @ question.design[some].T
    with np.errstate(divide="ignore", invalid="ignore"):
        place = (estimate[some] - unit.centre @ question.design[some].T) / slope
    place = np.where(np.isfinite(place), np.clip(place, -away[-1], away[-1]), 0.0)
    every = np.concatenate([np.broadcast_to(outward, (len(place), outward.size)), place], axis=1)
    return np.sort(every, axis=1)


def _ends(line: FloatArray, value: FloatArray, floor: FloatArray) -> FloatArray:
    """Return where the outermost points above the floor end, shape (node, coefficient, 2)."""
    above = value > floor[:, np.newaxis, np.newaxis]
    count = line.shape[-1] - 1
    first, last = above.argmax(axis=-1), count - above[..., ::-1].argmax(axis=-1)
    lower, upper = np.maximum(first - 1, 0), np.minimum(last + 1, count)
    found = []
    for inner, outer in ((first, lower), (last, upper)):
        high, low = (_picked(value, at) for at in (inner, outer))
        near, far = (_picked(line, at) for at in (inner, outer))
        with np.errstate(invalid="ignore", divide="ignore"):
            share = (high - floor[:, np.newaxis]) / (high - low)
        share = np.where(np.isfinite(share), np.minimum(share, 1.0), 1.0)
        found.append(near + share * (far - near))
    return np.stack(found, axis=-1)


def _picked(values: FloatArray, at: IntArray) -> FloatArray:
    return np.take_along_axis(values, at[..., np.newaxis], axis=-1)[..., 0]
