"""Likelihoods of rows on grids, each convolved with normals of any width.

Each row has a grid of its own, fine beside its width, as far as its likelihood is within `_DROP` of
its peak. A normal that is wide beside the step is summed over the grid, where the trapezoid rule
converges geometrically; a narrow one by Gauss and Hermite, the log likelihood interpolated.
A likelihood that does not fall, as of an arm without events, goes on at the height of its end.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import NamedTuple, Self

import numpy as np
from scipy import special

from bayesmeta.arrays import BoolArray, FloatArray, IntArray
from bayesmeta.covariance import Rows as TableRows
from bayesmeta.engines.lines.rows import Slopes
from bayesmeta.likelihoods import Likelihood

type Known = Callable[[FloatArray], FloatArray]
"""log L at points by rows."""

_DROP = 80.0
_FARTHEST = 60.0
_STEP, _SHARE = 0.28, 1 / 2.4
_NARROW = 1.3  # steps: below it the rule on the grid has less than 11 digits
_HERMITE = np.polynomial.hermite_e.hermegauss(24)
_POINTS = 10  # of the polynomial that interpolates a log likelihood
_MIDDLE = (_POINTS - 1) / 2
_INVERSE = np.linalg.inv(np.vander(np.arange(_POINTS) - _MIDDLE, increasing=True))
_BLOCK = 2**15
_DIFFERENCE = 1e-4
_COARSE, _ROUNDS = 17, 12


class Table(NamedTuple):
    """The log likelihood of one row on equal steps.

    Parameters
    ----------
    first, step
        Of its grid.
    log_likelihood
        Shape (point,).
    flat
        Whether it goes on at the height of its first point, and of its last.
    polynomials
        Coefficients, ascending, of those through `_POINTS` points each, (power, first point).
    """

    first: float
    step: float
    log_likelihood: FloatArray
    flat: tuple[bool, bool]
    polynomials: FloatArray

    @property
    def place(self) -> FloatArray:
        """The grid."""
        steps = np.arange(self.log_likelihood.size)
        return np.asarray(self.first + self.step * steps, dtype=np.float64)

    def log_spread(self, centre: FloatArray, variance: FloatArray) -> FloatArray:
        """Return the log of the integral of L Normal(centre, variance), one a pair, flat."""
        found = np.empty(centre.shape)
        narrow = variance < (_NARROW * self.step) ** 2
        for mask, rule in ((narrow, self._narrow), (~narrow, self._wide)):
            chosen = np.flatnonzero(mask)
            size = max(1, _BLOCK // self.log_likelihood.size)
            for start in range(0, chosen.size, size):
                some = chosen[start : start + size]
                found[some] = rule(centre[some], np.sqrt(variance[some]))
        return found

    def _wide(self, centre: FloatArray, sd: FloatArray) -> FloatArray:
        terms = (self.place - centre[:, np.newaxis]) / sd[:, np.newaxis]
        terms = self.log_likelihood - 0.5 * terms**2
        terms[:, [0, -1]] -= np.log(2)
        found = _log_sum(terms) + np.log(self.step / sd) - 0.5 * np.log(2 * np.pi)
        for end, side in ((0, 1.0), (-1, -1.0)):
            if self.flat[end]:
                beyond = side * (self.place[end] - centre) / sd
                found = np.logaddexp(found, self.log_likelihood[end] + special.log_ndtr(beyond))
        return np.asarray(found)

    def _narrow(self, centre: FloatArray, sd: FloatArray) -> FloatArray:
        node, weight = _HERMITE
        at = centre[:, np.newaxis] + sd[:, np.newaxis] * node
        return _log_sum(self.at(at) + np.log(weight / np.sqrt(2 * np.pi)))

    def at(self, theta: FloatArray) -> FloatArray:
        """Return log L anywhere: by a polynomial inside the grid, by a line beyond it."""
        last = self.log_likelihood.size - 1
        along = (theta - self.first) / self.step
        inside = np.clip(along, 0, last)
        start = np.clip(np.floor(inside).astype(int) - _POINTS // 2 + 1, 0, last - _POINTS + 1)
        offset = inside - start - _MIDDLE
        found = np.zeros(theta.shape)
        for column in self.polynomials[:, start][::-1]:
            found = found * offset + column
        for beyond, end, inner in ((along < 0, 0, 1), (along > last, -1, -2)):
            if not self.flat[end] and beyond.any():
                rise = abs(self.log_likelihood[inner] - self.log_likelihood[end])
                found = np.where(beyond, found - rise * np.abs(along - inside), found)
        return found


def _log_sum(terms: FloatArray) -> FloatArray:
    top = terms.max(axis=1)
    return np.asarray(top + np.log(np.sum(np.exp(terms - top[:, np.newaxis]), axis=1)))


@dataclass(frozen=True, eq=False)
class TabulatedRows:
    """Rows whose likelihoods are known on grids.

    Parameters
    ----------
    part
        The likelihood.
    known
        What it looks at of the rows.
    estimate, variance
        About where each lies, and how wide, shape (row,).
    tables
        One a row.
    """

    part: Likelihood
    known: TableRows
    estimate: FloatArray
    variance: FloatArray
    tables: tuple[Table, ...]

    @classmethod
    def of(cls, part: Likelihood, estimate: FloatArray, known: TableRows) -> Self:
        """Return the rows of a table, their likelihoods tabulated."""
        error = np.asarray(known.standard_error)

        def log_likelihood(theta: FloatArray) -> FloatArray:
            return part.log_density(estimate, theta, {}, known)

        return cls(part, known, estimate, error**2, _tabulated(log_likelihood, estimate, error))

    def __len__(self) -> int:
        """Return how many rows there are."""
        return self.estimate.size

    def take(self, rows: BoolArray) -> Self:
        """Return some of the rows."""
        known = TableRows(
            np.asarray(self.known.standard_error)[rows],
            self.known.layout.take(rows),
            {name: np.asarray(column)[rows] for name, column in self.known.data.items()},
            self.known.priors,
        )
        tables = tuple(self.tables[place] for place in np.flatnonzero(rows))
        return replace(self, known=known, estimate=self.estimate[rows],
                       variance=self.variance[rows], tables=tables)  # fmt: skip

    def rough(self) -> tuple[FloatArray, FloatArray]:
        """Return the approximate estimates and their variances."""
        return self.estimate, self.variance

    def log_spread(
        self, centre: FloatArray, variance: FloatArray, log_weight: FloatArray | float = 0.0
    ) -> FloatArray:
        """Return the log of the integral of L(theta) Normal(theta; centre, variance), weighted."""
        shape = np.broadcast_shapes(np.shape(centre), np.shape(variance), np.shape(log_weight))
        shape = (*shape[:-1], len(self))
        centre, variance = (np.broadcast_to(each, shape) for each in (centre, variance))
        found = np.empty(shape)
        for row, table in enumerate(self.tables):
            own = table.log_spread(centre[..., row].ravel(), variance[..., row].ravel())
            found[..., row] = own.reshape(shape[:-1])
        return found + log_weight

    def slopes(self, centre: FloatArray, variance: FloatArray) -> Slopes:
        """Return its derivatives in the centre, the first by differences."""
        total = self.variance + variance
        step = _DIFFERENCE * np.sqrt(total)
        rise = self.log_spread(centre + step, variance) - self.log_spread(centre - step, variance)
        return Slopes(rise / (2 * step), np.broadcast_to(1 / total, rise.shape))

    def log_likelihood(self, theta: FloatArray) -> FloatArray:
        """Return log L at theta, shape (..., row)."""
        shape = np.broadcast_shapes(theta.shape, (len(self),))
        every = np.moveaxis(np.broadcast_to(theta, shape), -1, 0)
        found = [table.at(own) for table, own in zip(self.tables, every, strict=True)]
        return np.stack(found, axis=-1)

    def below(self, theta: FloatArray) -> FloatArray:
        """Return the probability of data below the rows' own at theta, shape (..., row)."""
        return self.part.below(self.estimate, theta, {}, self.known)


def _tabulated(log_likelihood: Known, estimate: FloatArray, error: FloatArray) -> tuple[Table, ...]:
    lower, upper = _reached(log_likelihood, estimate.size)
    step = np.minimum(_STEP, _SHARE * _widths(log_likelihood, lower, upper, error))
    count = np.maximum(np.ceil((upper - lower) / step).astype(int), _POINTS) + 1
    longest = np.arange(count.max())[:, np.newaxis]
    theta = lower + step * np.minimum(longest, count - 1)
    known = log_likelihood(theta)
    return tuple(_table(lower[row], step[row], known[: count[row], row])
                 for row in range(estimate.size))  # fmt: skip


def _table(first: float, step: float, log_likelihood: FloatArray) -> Table:
    floor = log_likelihood.max() - 0.9 * _DROP
    flat = (bool(log_likelihood[0] > floor), bool(log_likelihood[-1] > floor))
    windows = np.lib.stride_tricks.sliding_window_view(log_likelihood, _POINTS)
    return Table(float(first), float(step), log_likelihood, flat, _INVERSE @ windows.T)


def _reached(log_likelihood: Known, count: int) -> tuple[FloatArray, FloatArray]:
    """Return the ends of each row's grid, looking ever closer."""
    lower, upper = np.full(count, -_FARTHEST), np.full(count, _FARTHEST)
    share = np.linspace(0.0, 1.0, _COARSE)[:, np.newaxis]
    for _ in range(_ROUNDS):
        theta = lower + (upper - lower) * share
        value = log_likelihood(theta)
        near = value > value.max(axis=0) - _DROP
        first = np.maximum(near.argmax(axis=0) - 1, 0)
        last = np.minimum(_COARSE - near[::-1].argmax(axis=0), _COARSE - 1)
        before = upper - lower
        lower, upper = _picked(theta, first), _picked(theta, last)
        if not np.any(upper - lower < before / 2):
            break
    return lower, upper


def _picked(values: FloatArray, at: IntArray) -> FloatArray:
    return np.asarray(np.take_along_axis(values, at[np.newaxis], axis=0)[0], dtype=np.float64)


def _widths(
    log_likelihood: Known, lower: FloatArray, upper: FloatArray, error: FloatArray
) -> FloatArray:
    """Return the narrowest that each likelihood is: by its sharpest bend near its peak."""
    theta = lower + (upper - lower) * np.linspace(0.0, 1.0, 257)[:, np.newaxis]
    value = log_likelihood(theta)
    bend = -np.diff(value, 2, axis=0) / ((upper - lower) / 256) ** 2
    near = value[1:-1] > value.max(axis=0) - _DROP / 4
    sharpest = np.where(near, bend, 0.0).max(axis=0)
    with np.errstate(divide="ignore"):
        narrow = np.where(sharpest > 0, 1 / np.sqrt(np.abs(sharpest)), np.inf)
    return np.asarray(np.minimum(error, narrow))
