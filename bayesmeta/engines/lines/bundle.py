"""Likelihoods of rows of about one width on one grid, each convolved with normals of any width.

A normal that is wide beside the step is summed over the grid, where the trapezoid rule converges
geometrically: one matrix product for all rows. A narrow one by Gauss and Hermite at a few
variances, between which the log is a polynomial in the variance.
A likelihood that does not fall, as of an arm without events, goes on at the height of its end.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np
from scipy.special import ndtr

from bayesmeta.arrays import BoolArray, FloatArray, IntArray
from bayesmeta.engines.lines.band import blocks
from bayesmeta.engines.lines.gridding import DROP
from bayesmeta.engines.lines.stencil import POINTS, stencil

_NARROW = 1.3  # steps: below it the rule on the grid has less than 11 digits
_HERMITE = np.polynomial.hermite_e.hermegauss(24)
_VARIANCES = 10
_CHEBYSHEV = (1 - np.cos(np.pi * (np.arange(_VARIANCES) + 0.5) / _VARIANCES)) / 2
_BARYCENTRIC = (-1.0) ** np.arange(_VARIANCES) * np.sin(
    np.pi * (np.arange(_VARIANCES) + 0.5) / _VARIANCES
)


def _taps() -> FloatArray:
    """Return what values at grid points say of those at the rule's nodes around one.

    Shape (variance and node, tap): the nodes lie equally far from every point.
    """
    node = _HERMITE[0]
    apart = (_NARROW * np.sqrt(_CHEBYSHEV)[:, np.newaxis] * node).ravel() + _TAP_REACH
    found = np.zeros((apart.size, 2 * _TAP_REACH + 1))
    start, weight = stencil(apart, found.shape[1])
    np.put_along_axis(found, start[:, np.newaxis] + np.arange(POINTS), weight.T, axis=1)
    return found


_TAP_REACH = 16
_TAPS = _taps()
_LOG_WEIGHT = np.log(_HERMITE[1] / np.sqrt(2 * np.pi))
_LEAST = 1e-300
_UNDER, _OUT = 1.5 * DROP, 450.0
"""Logs below which likelihoods, and normals, are nothing."""
_BLOCK = 2**15
ROOM, _TURN = 40, 20
"""Steps of a grid beyond where a likelihood is flat, and how many to where its step turns."""
WIDTH = 2.4
"""Widths of the narrowest likelihood, in steps of its grid, at least."""


@dataclass(frozen=True, eq=False)
class Bundle:
    """Rows on one grid.

    Parameters
    ----------
    rows
        Their places in the table, shape (row,).
    first, step
        Of the grid.
    log_likelihood
        Shape (point, row).
    flat
        Whether the likelihoods go on at the height of their first point, and of their last.
    """

    rows: IntArray
    first: float
    step: float
    log_likelihood: FloatArray
    flat: tuple[bool, bool]

    @cached_property
    def theta(self) -> FloatArray:
        """The grid, shape (point,)."""
        return np.asarray(self.first + self.step * np.arange(len(self.log_likelihood)))

    def take(self, rows: BoolArray) -> Self:
        """Return some of the table's rows, told by a mask over all, in their new places."""
        place = np.cumsum(rows) - 1
        own = rows[self.rows]
        return type(self)(
            place[self.rows[own]], self.first, self.step, self.log_likelihood[:, own], self.flat
        )

    @cached_property
    def alone(self) -> tuple["Bundle", ...]:
        """Each of its rows by itself, as far as its own likelihood matters."""
        return tuple(self._alone(row) for row in range(self.rows.size))

    def _alone(self, row: int) -> "Bundle":
        own = self.log_likelihood[:, row]
        near = np.flatnonzero(own > own.max() - DROP)
        first = 0 if self.flat[0] else max(int(near[0]) - 1, 0)
        last = len(own) if self.flat[1] else int(near[-1]) + 2
        first = max(0, min(first, len(own) - POINTS))
        last = max(last, first + POINTS)
        return Bundle(
            np.zeros(1, dtype=np.intp),
            self.first + self.step * first,
            self.step,
            own[first:last, np.newaxis],
            self.flat,
        )

    def is_narrow(self, variance: FloatArray) -> BoolArray:
        """Return where a normal is narrow beside the step."""
        return np.asarray(variance < (_NARROW * self.step) ** 2)

    def spread(self, centre: FloatArray, variance: FloatArray) -> FloatArray:
        """Return the logs of integrals of L Normal(centre, variance), shape (pair, row).

        Parameters
        ----------
        centre, variance
            Shape (pair,).
        """
        found = np.empty((centre.size, self.rows.size))
        narrow = self.is_narrow(variance)
        for mask, rule in ((narrow, self._narrow), (~narrow, self._wide)):
            for some in blocks(mask, len(self.log_likelihood), most=_BLOCK):
                found[some] = rule(centre[some], variance[some])
        return found

    @cached_property
    def _top(self) -> FloatArray:
        return self.log_likelihood.max(axis=0)

    @cached_property
    def _likelihood(self) -> FloatArray:
        """Likelihoods times what the rule, and flat ends, multiply them by, (point + end, row)."""
        below = self.log_likelihood - self._top
        found = np.where(below > -_UNDER, np.exp(below), 0.0)
        ends = found[[0, -1]] * np.array(self.flat)[:, np.newaxis]
        for end, beyond in zip(ends, self._beyond_turns(self.theta, self._width), strict=True):
            found -= beyond[:, np.newaxis] * end
        return np.concatenate([found * (self.step / np.sqrt(2 * np.pi)), ends])

    def _wide(self, centre: FloatArray, variance: FloatArray) -> FloatArray:
        over = 1 / np.sqrt(variance)
        scale, kernel = np.sqrt(0.5) * over, np.zeros((centre.size, self.theta.size + 2))
        inner = kernel[:, :-2]
        np.multiply(self.theta, scale[:, np.newaxis], out=inner)
        inner -= (centre * scale)[:, np.newaxis]
        np.multiply(inner, inner, out=inner)
        # Numbers too small for all their digits make products a hundred times slower.
        np.minimum(inner, _OUT, out=inner)
        np.negative(inner, out=inner)
        np.exp(inner, out=inner)
        if any(self.flat):
            turns = self._beyond_turns(centre, np.sqrt(self._width**2 + variance))
            kernel[:, -2:] = np.stack(turns, axis=-1) / over[:, np.newaxis]
        found = kernel @ self._likelihood
        found *= over[:, np.newaxis]
        np.maximum(found, _LEAST, out=found)
        return np.asarray(np.log(found, out=found) + self._top)

    @property
    def _width(self) -> float:
        return WIDTH * self.step

    def _beyond_turns(
        self, place: FloatArray, width: FloatArray | float
    ) -> tuple[FloatArray, FloatArray]:
        """Return the share of a normal around each place that lies beyond the turn at each end.

        A flat end is a step, smoothed as widely as the likelihoods are, whose integral is known,
        and a rest that ends within the grid: a sum over points has no edge to err at.
        """
        first, last = self.theta[0] + _TURN * self.step, self.theta[-1] - _TURN * self.step
        return ndtr((first - place) / width), ndtr((place - last) / width)

    @cached_property
    def narrow(self) -> FloatArray:
        """Logs of the integrals at the grid's points and a few variances, (variance, point, row).

        The nodes of Gauss and Hermite lie equally far from every point: the log likelihood there
        is one sum over neighbours for all of them.
        """
        near = np.lib.stride_tricks.sliding_window_view(self._beyond, _TAPS.shape[1], axis=0)
        # A view is multiplied number by number, a copy by the processor's own products.
        terms = np.ascontiguousarray(near).reshape(-1, _TAPS.shape[1]) @ _TAPS.T
        terms = terms.reshape(*near.shape[:2], _VARIANCES, -1)
        terms += _LOG_WEIGHT
        top = terms.max(axis=-1)
        terms -= top[..., np.newaxis]
        found = np.log(np.exp(terms, out=terms).sum(axis=-1)) + top
        return np.ascontiguousarray(np.moveaxis(found, -1, 0))

    @cached_property
    def _beyond(self) -> FloatArray:
        """Log likelihoods with as many points beyond each end as taps reach, on a line."""
        away = np.arange(1.0, _TAP_REACH + 1)[:, np.newaxis]
        own, ends = self.log_likelihood, []
        for end, inner in ((0, 1), (-1, -2)):
            fall = 0.0 if self.flat[end] else np.abs(own[inner] - own[end])
            ends.append(own[end] - away * fall)
        return np.concatenate([ends[0][::-1], own, ends[1]])

    def between(self, variance: FloatArray) -> FloatArray:
        """Return the weights of the few variances at narrow ones, shape (pair, variance)."""
        apart = variance[:, np.newaxis] / (_NARROW * self.step) ** 2 - _CHEBYSHEV
        weight = _BARYCENTRIC / np.where(apart == 0, _LEAST, apart)
        return np.asarray(weight / weight.sum(axis=1, keepdims=True))

    def _narrow(self, centre: FloatArray, variance: FloatArray) -> FloatArray:
        distinct, which = np.unique(variance, return_inverse=True)
        tables = self.tables(distinct)
        return self._along(tables.reshape(-1, self.rows.size), centre, which)

    def tables(self, variance: FloatArray) -> FloatArray:
        """Return logs of the integrals at the grid's points and narrow normals.

        Parameters
        ----------
        variance
            Shape (variance,); what is returned is of shape (variance, point, row).
        """
        found = self.between(variance) @ self.narrow.reshape(_VARIANCES, -1)
        return np.asarray(found.reshape(-1, *self.log_likelihood.shape))

    def at(self, theta: FloatArray) -> FloatArray:
        """Return log L anywhere, shape (point, row)."""
        return self._along(self.log_likelihood, theta)

    def _along(
        self, table: FloatArray, theta: FloatArray, which: IntArray | None = None
    ) -> FloatArray:
        """Return a table over the grid anywhere: by polynomials, and a line beyond the ends.

        Parameters
        ----------
        which
            Which of several tables, one after another; one by default.
        """
        count = len(self.theta)
        along = (theta - self.first) / self.step
        inside = np.clip(along, 0, count - 1)
        start, weight = stencil(inside, count)
        base = np.zeros(theta.size, dtype=np.intp) if which is None else which * count
        start = start + base
        found = weight[0][:, np.newaxis] * table[start]
        for place in range(1, POINTS):
            found += weight[place][:, np.newaxis] * table[start + place]
        for beyond, end, inner in ((along < 0, 0, 1), (along > count - 1, -1, -2)):
            if beyond.any() and not self.flat[end]:
                away, at = np.abs(along - inside)[beyond, np.newaxis], base[beyond]
                rise = table[at + inner % count] - table[at + end % count]
                found[beyond] -= np.abs(rise) * away
        return np.asarray(found)

    def reached(self, variance: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return between which centres normals of these variances leave anything."""
        away = np.where(self.is_narrow(variance), 0.0, np.sqrt(2 * DROP * variance))
        return self.theta[0] - away, self.theta[-1] + away

    def steps(self, variance: FloatArray) -> IntArray:
        """Return how many steps a table over centres needs at each variance."""
        lower, upper = self.reached(variance)
        step = np.sqrt(self.step**2 + variance / WIDTH**2)
        return np.asarray(np.ceil((upper - lower) / step), dtype=np.intp)
