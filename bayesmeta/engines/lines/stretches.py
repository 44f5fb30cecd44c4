"""The line between points where likelihoods are not smooth, walked so that it is dense at them.

From such a point on, one stretch of the line is walked by t as::

    theta = anchor +- width * (log(1 + exp(t)) - log(1 + exp(t - length)))

Near the anchor, and near the other end where there is one, equal steps of t are equal steps of the
log of the distance; between them, of theta itself. What is analytic between the ends and has a
limit there, be it reached as slowly as a logarithm, is analytic in t, and equal steps integrate it
with an error that vanishes exponentially in their number.

References
----------
Takahasi H, Mori M (1974). Double exponential formulas for numerical integration. Publ RIMS Kyoto
Univ 9:721-741.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from scipy.special import expit

from bayesmeta.arrays import FloatArray
from bayesmeta.engines.lines.stencil import POINTS
from bayesmeta.likelihoods.logistic import softplus

_NEAR, _FAR = 37.0, 30.0
"""How far t goes beyond the anchor, and beyond the other end, from which distances have fewer
digits: exp(-37) widths are left there, and exp(-30)."""
FEWEST = 25.0
"""Widths in a stretch that has two ends, at least."""


class Stretch(NamedTuple):
    """One stretch, with the nodes on it.

    Parameters
    ----------
    anchor
        The end that its nodes are reckoned from.
    side
        1 where theta rises from there, -1 where it falls.
    width
        Of the steps in theta between the ends, in steps of t.
    length
        In widths, infinite where there is no other end.
    first, step, nodes
        t of the first node, how far apart nodes are, and how many there are.
    """

    anchor: float
    side: float
    width: float
    length: float
    first: float
    step: float
    nodes: int

    @property
    def t(self) -> FloatArray:
        """Its nodes, shape (node,)."""
        return np.asarray(self.first + self.step * np.arange(self.nodes), dtype=np.float64)

    @property
    def theta(self) -> FloatArray:
        """The effects there, shape (node,)."""
        return self._at(self.t)

    @property
    def between(self) -> FloatArray:
        """Effects halfway between nodes, shape (node - 1,)."""
        return self._at(self.t[:-1] + self.step / 2)

    def _at(self, t: FloatArray) -> FloatArray:
        along = softplus(t) - softplus(t - self.length)
        return np.asarray(self.anchor + self.side * self.width * along)

    @property
    def weight(self) -> FloatArray:
        """What a value there counts in an integral over theta, shape (node,)."""
        slope = expit(self.t) * expit(self.length - self.t)
        if np.isfinite(self.length):
            slope = slope * -np.expm1(-self.length)
        else:
            slope[-1] /= 2  # the line goes on there
        return np.asarray(self.step * self.width * slope)

    def holds(self, theta: FloatArray) -> FloatArray:
        """Return which effects lie on it."""
        away = self.side * (theta - self.anchor) / self.width
        return np.asarray((away > 0) & (away < self.length))

    def along(self, theta: FloatArray) -> FloatArray:
        """Return how many steps after the first node effects on it lie."""
        away = self.side * (theta - self.anchor) / self.width
        return np.asarray((_walked(away, self.length) - self.first) / self.step)


def _walked(away: FloatArray | float, length: float) -> FloatArray:
    """Return t at a distance from the anchor, in widths."""
    with np.errstate(divide="ignore"):
        rest = np.log(-np.expm1(np.minimum(away - length, 0.0)))
        return np.asarray(away + np.log(-np.expm1(-np.maximum(away, 0.0))) - rest)


def stretches(
    kinks: Sequence[float], within: tuple[float, float], *, width: float, step: float
) -> tuple[Stretch, ...]:
    """Return the stretches of the line between kinks that reach into an interval.

    Parameters
    ----------
    within
        Ends of what matters.
    width
        Of the narrowest that is to be seen.
    step
        Between nodes, in widths.

    Examples
    --------
    >>> [(each.anchor, each.side) for each in stretches([0.0], (-3.0, 2.0), width=0.1, step=0.2)]
    [(0.0, -1.0), (0.0, 1.0)]
    """
    lower, upper = within
    ends = [-np.inf, *sorted(kinks), np.inf]
    found = [
        _stretch((left, right), (max(left, lower), min(right, upper)), width, step)
        for left, right in pairwise(ends)
        if left < upper and right > lower
    ]
    return tuple(found)


def _stretch(
    ends: tuple[float, float], within: tuple[float, float], width: float, step: float
) -> Stretch:
    """Return one between two ends, of which the part within two places matters."""
    left, right = ends
    rises = abs(left) <= abs(right)
    anchor, side = (left, 1.0) if rises else (right, -1.0)
    own = min(width, (right - left) / FEWEST)
    length = (right - left) / own
    near, far = (abs(place - anchor) / own for place in (within if rises else within[::-1]))
    first, last = (_walked(np.array(place), length).item() for place in (near, far))
    first, last = max(first, -_NEAR), min(last, length + _FAR)
    count = max(int(np.ceil((last - first) / step)) + 1, POINTS)
    return Stretch(anchor, side, own, length, first, step, count)
