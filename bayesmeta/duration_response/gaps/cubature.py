"""Points and weights that integrate a smooth bump over several dimensions."""

import itertools
from typing import NamedTuple

import numpy as np
from scipy.special import ndtri

from bayesmeta.arrays import BoolArray, FloatArray

MOST = 5
"""Dimensions of a lattice; beyond, points are scattered."""
_SHELL = 1.0
_LOG_SCATTERED = 13
_WIDER = 1.15
"""The scattered points' normal distribution is this much wider than the bump."""


class Cubature(NamedTuple):
    """A rule over the whole space, for bumps of about unit covariance at the origin.

    Parameters
    ----------
    points
        Shape (point, dimension).
    log_weight
        Log of the volume that each point stands for, shape (point,).
    coarse
        Which points make the coarser rule, each for twice the volume, shape (point,).
    outer
        1 for points of the outer shell, 0 for others, shape (point,).
    """

    points: FloatArray
    log_weight: FloatArray
    coarse: BoolArray
    outer: FloatArray

    def halved(self) -> "Cubature":
        """Return the coarser rule."""
        kept = self.coarse
        log_weight = self.log_weight[kept] + np.log(2)
        return Cubature(self.points[kept], log_weight, kept[kept], self.outer[kept])


def cubature(dimensions: int, *, spacing: float, radius: float) -> Cubature:
    """Return a rule: a body-centred lattice in a ball, or scattered points in many dimensions.

    The sum over a lattice misses the integral of a smooth bump by the bump's Fourier transform
    at the points of the dual lattice; for a standard normal density and spacing a the body-centred
    lattice errs by about exp(-4 pi**2 / a**2), the cubic one (the coarser rule) by
    exp(-2 pi**2 / a**2).

    References
    ----------
    Conway JH, Sloane NJA (1999). Sphere Packings, Lattices and Groups, 3rd ed. Springer.

    Examples
    --------
    >>> rule = cubature(2, spacing=1.2, radius=6.0)
    >>> height = np.exp(-0.5 * (rule.points**2).sum(axis=1) + rule.log_weight) / (2 * np.pi)
    >>> rule.points.shape, round(float(height.sum()), 7)
    ((161, 2), 1.0)
    """
    if dimensions > MOST:
        return _scattered(dimensions)
    axis = np.arange(-np.ceil(radius / spacing) - 1, np.ceil(radius / spacing) + 1)
    cubic = np.array(list(itertools.product(axis, repeat=dimensions)))
    points = spacing * np.concatenate([cubic, cubic + 0.5])
    coarse = np.repeat([True, False], len(cubic))
    distance = np.sqrt((points**2).sum(axis=1))
    inside = distance <= radius
    log_weight = np.full(int(inside.sum()), dimensions * np.log(spacing) - np.log(2))
    outer = np.where(distance[inside] > radius - _SHELL, 1.0, 0.0)
    return Cubature(points[inside], log_weight, coarse[inside], outer)


def _scattered(dimensions: int) -> Cubature:
    from scipy.stats import qmc  # most of a second, so only where it is needed

    sobol = qmc.Sobol(dimensions, scramble=True, rng=np.random.default_rng(0))
    points = _WIDER * ndtri(sobol.random_base2(_LOG_SCATTERED))
    away = 0.5 * (points**2).sum(axis=1) / _WIDER**2
    log_weight = away + dimensions * (0.5 * np.log(2 * np.pi) + np.log(_WIDER))
    count = len(points)
    coarse = np.arange(count) < count // 2
    return Cubature(points, log_weight - np.log(count), coarse, np.zeros(count))
