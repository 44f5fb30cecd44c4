"""Rows whose likelihoods are known on grids; spread by a normal, on grids of centres.

Where many centres are asked about at one variance, the logs of the integrals are tabulated over
centres once, as fine as the likelihood spread by that normal needs, and interpolated: what a node
of the hyperparameters costs does not depend on how many coefficients there are.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple, Self

import numpy as np

from bayesmeta.arrays import BoolArray, FloatArray, IntArray
from bayesmeta.covariance import Rows as TableRows
from bayesmeta.engines.lines.bundle import Bundle
from bayesmeta.engines.lines.gridding import DROP
from bayesmeta.engines.lines.laying import laid, taken
from bayesmeta.engines.lines.panels import Panels
from bayesmeta.engines.lines.rows import Slopes
from bayesmeta.engines.lines.stencil import POINTS, stencil
from bayesmeta.likelihoods import Likelihood

_DIFFERENCE = 1e-4
_KNOWN = DROP - 25.0
"""How far, in logs, an integral may lie below the likelihood's peak: beyond, what its grid leaves
out might count."""
_BLOCK = 2**18
_OVER = 1.5
"""How much more a table may ask for than it is asked about."""


class _Centres(NamedTuple):
    """Tables over centres, one a variance.

    Parameters
    ----------
    first, step
        Of each grid of centres, shape (variance,).
    values
        Logs of the integrals, shape (variance, centre, row).
    """

    first: FloatArray
    step: FloatArray
    values: FloatArray

    def at(self, table: IntArray, centre: FloatArray, flat: tuple[bool, bool]) -> FloatArray:
        """Return them anywhere, shape (pair, row).

        Parameters
        ----------
        table
            Which of the tables, shape (pair,).
        centre
            Shape (pair, row), or (pair, 1) where the rows share it.
        """
        count = self.values.shape[1]
        first, step = (each[table][:, np.newaxis] for each in (self.first, self.step))
        along = (centre - first) / step
        inside = np.clip(along, 0, count - 1)
        start, weight = stencil(inside, count)
        start = start + count * table[:, np.newaxis]
        found = self._summed(start, weight)
        for beyond, end, inner in ((along < 0, 0, 1), (along > count - 1, -1, -2)):
            if beyond.any() and not flat[end]:
                rise = np.abs(self.values[table, inner] - self.values[table, end])
                found -= rise * np.where(beyond, np.abs(along - inside), 0.0)
        return found

    def _summed(self, start: IntArray, weight: FloatArray) -> FloatArray:
        rows = self.values.shape[2]
        flat = self.values.reshape(-1, rows)
        if start.shape[1] == 1:
            terms = (flat[start[:, 0] + place] * weight[place] for place in range(POINTS))
        else:
            own = np.arange(rows)
            terms = (flat[start + place, own] * weight[place] for place in range(POINTS))
        found = next(terms)
        for each in terms:
            found += each
        return np.asarray(found)


class _Known:
    """Tables over centres of one bundle that were asked for lately."""

    def __init__(self, bundle: Bundle) -> None:
        self._bundle = bundle
        self._variance = np.empty(0)
        self._tables = _Centres(np.empty(0), np.empty(0), np.empty((0, 0, 0)))

    def of(self, variance: FloatArray) -> tuple[IntArray, _Centres]:
        """Return where the tables of some variances stand, and the tables."""
        if not np.isin(variance, self._variance).all():
            self._variance = np.unique(variance)
            self._tables = self._made(self._variance)
        return np.searchsorted(self._variance, variance), self._tables

    def _made(self, variance: FloatArray) -> _Centres:
        bundle = self._bundle
        lower, upper = bundle.reached(variance)
        count = max(int(bundle.steps(variance).max()) + 1, len(bundle.theta))
        step = (upper - lower) / (count - 1)
        narrow = bundle.is_narrow(variance)
        values = np.empty((variance.size, count, bundle.rows.size))
        if narrow.any():
            own = bundle.tables(variance[narrow])
            values[narrow, : own.shape[1]] = own
            values[narrow, own.shape[1] :] = own[:, -1:]
            step[narrow] = bundle.step
        wide = np.flatnonzero(~narrow)
        centre = lower[wide, np.newaxis] + step[wide, np.newaxis] * np.arange(count)
        pairs = bundle.spread(centre.ravel(), np.repeat(variance[wide], count))
        values[wide] = pairs.reshape(wide.size, count, bundle.rows.size)
        return _Centres(lower, step, values)


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
    bundles
        The rows by the grid that they are on.
    """

    part: Likelihood
    known: TableRows
    estimate: FloatArray
    variance: FloatArray
    bundles: tuple[Bundle | Panels, ...]
    _tables: dict[int, _Known] = field(default_factory=dict)

    @classmethod
    def of(cls, part: Likelihood, estimate: FloatArray, known: TableRows) -> Self:
        """Return the rows of a table, their likelihoods tabulated."""
        error = np.asarray(known.standard_error)
        return cls(part, known, estimate, error**2, tuple(laid(part, estimate, known)))

    def __len__(self) -> int:
        """Return how many rows there are."""
        return self.estimate.size

    def take(self, rows: BoolArray) -> Self:
        """Return some of the rows."""
        bundles = (each.take(rows) for each in self.bundles if rows[each.rows].any())
        return type(self)(
            self.part,
            taken(self.known, rows),
            self.estimate[rows],
            self.variance[rows],
            tuple(bundles),
        )

    def rough(self) -> tuple[FloatArray, FloatArray]:
        """Return the approximate estimates and their variances."""
        return self.estimate, self.variance

    def log_spread(
        self, centre: FloatArray, variance: FloatArray, log_weight: FloatArray | float = 0.0
    ) -> FloatArray:
        """Return the log of the integral of L(theta) Normal(theta; centre, variance), weighted."""
        shape = np.broadcast_shapes(np.shape(centre), np.shape(variance), np.shape(log_weight))
        shape = (*shape[:-1], len(self))
        width = np.shape(centre)[-1]
        pairs = np.broadcast_to(centre, (*shape[:-1], width)).reshape(-1, width)
        spread = np.broadcast_to(variance, (*shape[:-1], 1)).ravel()
        found = np.empty((spread.size, len(self)))
        for bundle in self.bundles:
            own = pairs if width == 1 else pairs[:, bundle.rows]
            found[:, bundle.rows] = self._of_bundle(bundle, own, spread)
        return found.reshape(shape) + log_weight

    def _of_bundle(
        self, bundle: Bundle | Panels, centre: FloatArray, variance: FloatArray
    ) -> FloatArray:
        distinct, table = np.unique(variance, return_inverse=True)
        asked = centre.size if centre.shape[1] > 1 else variance.size
        many = distinct.size * len(bundle.theta) < _OVER * asked
        if isinstance(bundle, Bundle) and many:
            known = self._tables.setdefault(id(bundle), _Known(bundle))
            place, tables = known.of(distinct)
            table = place[table]
            parts = _pieces(variance.size, bundle.rows.size)
            return np.concatenate(
                [tables.at(table[part], centre[part], bundle.flat) for part in parts]
            )
        if centre.shape[1] == 1:
            return bundle.spread(centre[:, 0], variance)
        columns = [bundle.alone[row].spread(own, variance) for row, own in enumerate(centre.T)]
        return np.concatenate(columns, axis=1)

    @property
    def kinks(self) -> tuple[float, ...]:
        """Effects at which the likelihoods are not smooth."""
        return self.part.kinks(self.known)

    @property
    def least(self) -> FloatArray:
        """Logs of integrals below which what the grids leave out might count, shape (row,)."""
        found = np.empty(len(self))
        for bundle in self.bundles:
            found[bundle.rows] = bundle.log_likelihood.max(axis=0) - _KNOWN
        return found

    def slopes(self, centre: FloatArray, variance: FloatArray) -> Slopes:
        """Return its derivatives in the centre, the first by differences."""
        total = self.variance + variance
        step = _DIFFERENCE * np.sqrt(total.min(axis=-1, keepdims=True))  # centres stay shared
        rise = self.log_spread(centre + step, variance) - self.log_spread(centre - step, variance)
        return Slopes(rise / (2 * step), np.broadcast_to(1 / total, rise.shape))

    def log_likelihood(self, theta: FloatArray) -> FloatArray:
        """Return log L at theta, shape (..., row)."""
        shape = np.broadcast_shapes(theta.shape, (len(self),))
        flat = np.broadcast_to(theta, shape).reshape(-1, len(self))
        found = np.empty(flat.shape)
        for bundle in self.bundles:
            for place, row in enumerate(bundle.rows):
                found[:, row] = bundle.alone[place].at(flat[:, row])[:, 0]
        return found.reshape(shape)

    def below(self, theta: FloatArray) -> FloatArray:
        """Return the probability of data below the rows' own at theta, shape (..., row)."""
        return self.part.below(self.estimate, theta, {}, self.known)


def _pieces(pairs: int, rows: int) -> Iterator[slice]:
    size = max(1, _BLOCK // rows)
    return (slice(start, start + size) for start in range(0, pairs, size))
