"""A density known at the nodes of a sinc quadrature, whole batches of them at a time."""

from dataclasses import dataclass, replace
from functools import cached_property, partial

import numpy as np
from numpy.typing import NDArray

from bayesmeta.arrays import BoolArray, FloatArray, IntArray
from bayesmeta.mixtures import inversion
from bayesmeta.mixtures.probabilities import TOLERANCE
from bayesmeta.roots import Function
from bayesmeta.sinc.interpolation import local
from bayesmeta.sinc.path import Path
from bayesmeta.sinc.places import Grids, OnGrids, highest, log_density_at, place_of, reached, tabled
from bayesmeta.sinc.tails import Tails, far_moment, is_far
from bayesmeta.sinc.transforms import IDENTITY, Transform

_BLOCK = 400_000
"""Most numbers in one array of points times nodes."""
LOG_FARTHEST = 1e14
"""Beyond this log tau, the sum of a log probability and log tau has no digits."""


@dataclass(frozen=True, eq=False)
class SincDensity:
    """A batch of distributions of tau, or of an increasing function of tau.

    The nodes t_j are equally spaced; F(t) is the integral of the sinc expansion on them. The log
    density between nodes is a polynomial through its neighbours.

    Parameters
    ----------
    path
        How t walks tau's support; centre and scale of shape (..., 1).
    first, step
        t of the first node and the spacing, shape (...,).
    log_weight
        Log probability of each node, density times spacing, shape (..., node). Where a
        distribution has fewer nodes than others, its last ones are -inf.
    transform
        The function of tau whose distribution this is.
    moments
        How many moments of tau exist: a number, or one for each of the batch.
    rough
        The log weights that a coarser rule gives where the density itself was integrated, in the
        shape of the others; None where they are exact at their nodes.
    """

    path: Path
    first: FloatArray
    step: FloatArray
    log_weight: FloatArray
    transform: Transform = IDENTITY
    moments: FloatArray | float = np.inf
    rough: FloatArray | None = None

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of the batch."""
        return self.log_weight.shape[:-1]

    def mean(self) -> FloatArray:
        """Return the means, shape (...,); infinite where they do not exist."""
        return np.where(np.less(self.moments, self.transform.power), np.inf, self._mean())

    def sd(self) -> FloatArray:
        """Return the standard deviations, shape (...,); infinite where they do not exist."""
        mean = self._mean()[..., np.newaxis]
        away = np.where(self._far, 0.0, self._near - mean)
        variance = (self._mass * away**2).sum(axis=-1) + self._far_moment(2)
        return np.where(np.less(self.moments, 2 * self.transform.power), np.inf, np.sqrt(variance))

    def _mean(self) -> FloatArray:
        return np.asarray((self._mass * self._near).sum(axis=-1) + self._far_moment(1))

    @cached_property
    def _far(self) -> BoolArray:
        """Which nodes' squares may overflow while their masses underflow; none as a rule."""
        return is_far(self._log_power)

    @cached_property
    def _near(self) -> FloatArray:
        return np.where(self._far, 0.0, self._values)

    @cached_property
    def _log_power(self) -> FloatArray:
        """Log of the power of tau that the values grow as, at the nodes."""
        return np.asarray(self.transform.power * self.path.log_value(self._nodes))

    def _far_moment(self, moment: int) -> FloatArray:
        """Return what those nodes add to a moment: far out the mean is nothing beside a value."""
        if not self._far.any():
            return np.zeros(self.shape)
        counted = self._far & (self.path.log_value(self._nodes) <= LOG_FARTHEST)
        return far_moment(self.log_weight, moment * self._log_power, counted)

    def median(self) -> FloatArray:
        """Return the medians, shape (...,)."""
        return self.quantile(0.5)

    def mode(self) -> FloatArray:
        """Return where each density is highest, shape (...,); an end of the support may be it."""
        place = self._blockwise(highest, np.zeros((*self.shape, 1)))
        return self._value(place)[..., 0]

    def quantile(self, p: FloatArray | float) -> FloatArray:
        """Return quantiles: p of shape (q,) or (..., q) gives (..., q), a number gives (...,)."""
        return self._asked(p, self._quantile)

    def cdf(self, x: FloatArray | float, *, tolerance: float = TOLERANCE) -> FloatArray:
        """Return the probability of at most x: x of shape (q,) or (..., q) gives (..., q).

        Parameters
        ----------
        tolerance
            By how much the rule may leave a probability outside 0 to 1.
        """
        return self._asked(x, partial(self._cdf, tolerance=tolerance))

    def density(self, x: FloatArray | float) -> FloatArray:
        """Return the density at x: x of shape (q,) or (..., q) gives (..., q)."""
        return np.exp(self.log_density(x))

    def log_density(self, x: FloatArray | float) -> FloatArray:
        """Return the log density at x: x of shape (q,) or (..., q) gives (..., q)."""
        return self._asked(x, self._log_density)

    def slope(self, x: FloatArray) -> FloatArray:
        """Return the density at x, shape (..., q); beyond the nodes that at the last of them.

        It serves a search along `cdf`, at half of what `density` takes.
        """
        place = np.clip(self._place(x), 0.0, self._count - 1.0)
        return np.exp(self._blockwise(log_density_at, place))

    def interval(self, level: float, *, shortest: bool = False) -> FloatArray:
        """Return the central or the shortest interval that holds `level`, shape (..., 2)."""
        if shortest:
            return inversion.shortest(self, level)
        return self.quantile(np.array([0.5 - level / 2, 0.5 + level / 2]))

    def draw(self, size: int, seed: int) -> FloatArray:
        """Return independent draws, shape (..., size)."""
        return self.drawn(np.random.default_rng(seed).random((*self.shape, size)))

    def drawn(self, level: FloatArray) -> FloatArray:
        """Return the quantiles at levels drawn from (0, 1), shape (..., q), from a fine table.

        They lie within 1e-6 of a step between nodes of what `quantile` solves for.
        """
        return self._value(self._blockwise(tabled, np.clip(level, 1e-300, 1 - 1e-16)))

    def end(self, place: int) -> FloatArray:
        """Return the value at the first (0) or the last (-1) node, shape (..., 1)."""
        return self._values[..., [place]]

    def interpolated(self, values: FloatArray, x: FloatArray) -> FloatArray:
        """Return what is known at the nodes, of shape (..., node), at x of shape (..., q)."""
        place = np.clip(
            self._place(np.broadcast_to(x, (*self.shape, x.shape[-1]))), 0.0, self._count - 1.0
        )
        return local(values, place, self._count)

    def coarse(self) -> "SincDensity":
        """Return the distributions at twice the quadrature step, by the coarser rule."""
        log_weight = (self.log_weight if self.rough is None else self.rough)[..., ::2]
        total = np.log(np.exp(log_weight).sum(axis=-1, keepdims=True))
        return replace(self, step=2 * self.step, log_weight=log_weight - total, rough=None)

    def take(self, rows: BoolArray | IntArray) -> "SincDensity":
        """Return some of a batch with one axis."""
        each = np.asarray(self.moments)
        return replace(
            self,
            path=self.path.take(rows),
            first=self.first[rows],
            step=self.step[rows],
            log_weight=self.log_weight[rows],
            moments=each[rows] if each.ndim else self.moments,
            rough=None if self.rough is None else self.rough[rows],
        )

    def row(self, number: int) -> "SincDensity":
        """Return one of a batch with one axis or more: the batch that stands there."""
        centre, scale = (each[number] for each in (self.path.centre, self.path.scale))
        each = np.asarray(self.moments)
        return replace(
            self,
            path=Path(self.path.support.take(slice(number, number + 1)), centre, scale),
            first=self.first[number],
            step=self.step[number],
            log_weight=self.log_weight[number],
            moments=each[number] if each.ndim else self.moments,
            rough=None if self.rough is None else self.rough[number],
        )

    def transformed(self, transform: Transform) -> "SincDensity":
        """Return the distributions of a function of tau."""
        return replace(self, transform=transform)

    @cached_property
    def _count(self) -> IntArray:
        return np.isfinite(self.log_weight).sum(axis=-1, keepdims=True)

    @cached_property
    def _mass(self) -> FloatArray:
        return np.exp(self.log_weight)

    @cached_property
    def _nodes(self) -> FloatArray:
        """Where the nodes stand in t; the last one stands for those beyond it."""
        return self._t(np.minimum(np.arange(self.log_weight.shape[-1]), self._count - 1))

    @cached_property
    def _values(self) -> FloatArray:
        return self.transform.forward(self.path.value(self._nodes))

    @cached_property
    def _log_density_at_nodes(self) -> FloatArray:
        per_step = self.log_weight - np.log(self.step)[..., np.newaxis]
        return per_step - self._log_slope(self._nodes)

    @cached_property
    def _grids(self) -> Grids:
        log_density = self._log_density_at_nodes
        return Grids(
            _flat(self._mass), _flat(self.log_weight), _flat(log_density), _flat(self._count)
        )

    @cached_property
    def _tails(self) -> Tails:
        line, count = self.path.line(self._nodes), self._count
        return Tails(self._log_density_at_nodes, line, count, self.path.support.whole)

    def _t(self, place: FloatArray) -> FloatArray:
        return self.first[..., np.newaxis] + place * self.step[..., np.newaxis]

    def _log_slope(self, t: FloatArray) -> FloatArray:
        """Return the log of d x / d t."""
        return self.path.log_slope(t) + self.transform.log_slope(self.path.log_value(t))

    def _place(self, x: FloatArray) -> FloatArray:
        t = self.path.inverse(self.transform.inverse(x))
        return (t - self.first[..., np.newaxis]) / self.step[..., np.newaxis]

    def _value(self, place: FloatArray) -> FloatArray:
        """Return x at a place; the ends of the support where that is infinite."""
        inner = self.path.value(self._t(np.where(np.isfinite(place), place, 0.0)))
        lower, upper = self.path.support.lower, self.path.support.upper
        tau = np.where(place == -np.inf, lower, np.where(place == np.inf, upper, inner))
        return self.transform.forward(tau)

    def _quantile(self, p: FloatArray) -> FloatArray:
        inner = self._blockwise(place_of, np.clip(p, 1e-300, 1 - 1e-16))
        return self._value(np.where(p <= 0, -np.inf, np.where(p >= 1, np.inf, inner)))

    def _cdf(self, x: FloatArray, *, tolerance: float) -> FloatArray:
        return self._blockwise(partial(reached, tolerance=tolerance), self._place(x))

    def _log_density(self, x: FloatArray) -> FloatArray:
        """Return the log density: beyond the nodes it is a straight line in log tau."""
        place = self._place(x)
        near = np.clip(place, 0.0, self._count - 1.0)
        inner = self._blockwise(log_density_at, near)
        far = self.path.support.inverse(self.transform.inverse(x))
        with np.errstate(invalid="ignore"):
            beyond = self._tails.slope(place) * (far - self.path.line(self._t(near)))
        ends = (self.path.support.lower, self.path.support.upper)
        lower, upper = (self.transform.forward(np.asarray(end)) for end in ends)
        value = np.where(
            near == place, inner, inner + np.nan_to_num(beyond, posinf=np.inf, neginf=-np.inf)
        )
        return np.where((x < lower) | (x > upper), -np.inf, value)

    def _asked(self, points: FloatArray | float, answer: Function) -> FloatArray:
        """Return the answer at points of shape (..., q), or at one number."""
        array = np.asarray(points, dtype=float)
        asked = array if array.ndim else array[np.newaxis]
        found = answer(np.broadcast_to(asked, (*self.shape, asked.shape[-1])))
        return found if array.ndim else found[..., 0]

    def _blockwise(self, function: OnGrids, points: FloatArray) -> FloatArray:
        """Return a function of the densities on their grids, in pieces that fit into memory."""
        columns = points.shape[-1]
        at = points.reshape(-1, columns)
        grids = self._grids
        rows = max(1, _BLOCK // max(1, columns * self.log_weight.shape[-1]))
        pieces = [slice(start, start + rows) for start in range(0, at.shape[0], rows)]
        found = [function(grids.take(piece), at[piece]) for piece in pieces]
        return np.concatenate(found).reshape(points.shape)


def _flat[T: np.generic](array: NDArray[T]) -> NDArray[T]:
    return array.reshape(-1, array.shape[-1])
