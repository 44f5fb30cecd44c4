"""Finite normal mixtures, whole batches of them at a time."""

from dataclasses import dataclass, replace

import numpy as np

from bayesmeta.arrays import BoolArray, FloatArray
from bayesmeta.mixtures import inversion
from bayesmeta.mixtures.pointwise import (
    Components,
    Pointwise,
    cdf,
    log_density,
    mode,
    quantile,
)  # fmt: skip

_BLOCK = 60_000
"""Most numbers in one array of points times nodes: what stays in a processor's cache."""


@dataclass(frozen=True, eq=False)
class NormalMixture:
    """A batch of finite mixtures of normal distributions.

    Parameters
    ----------
    weight, location, scale
        Of the components, shape (..., node); weights sum to one over the last axis, scales are
        positive.
    coarse_weight
        Weights of the same mixture at twice the quadrature step, zero where the coarse rule has
        no node; None where the mixture is exact as it stands.
    moments
        How many moments exist: a number, or one for each of the batch.

    Examples
    --------
    Two equal components, one either side of zero:

    >>> pair = NormalMixture(np.array([0.5, 0.5]), np.array([-3.0, 3.0]), np.array([1.0, 1.0]))
    >>> float(pair.sd().round(6)), float(pair.cdf(0.0))
    (3.162278, 0.5)
    >>> pair.interval(0.9).round(6)
    array([-4.281552,  4.281552])
    """

    weight: FloatArray
    location: FloatArray
    scale: FloatArray
    coarse_weight: FloatArray | None = None
    moments: FloatArray | float = np.inf

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of the batch."""
        return np.broadcast_shapes(self.weight.shape, self.location.shape, self.scale.shape)[:-1]

    def mean(self) -> FloatArray:
        """Return the means, shape (...,); NaN where there is none: it would have no sign."""
        return np.where(np.less(self.moments, 1), np.nan, self._mean())

    def sd(self) -> FloatArray:
        """Return the standard deviations, shape (...,); infinite where they do not exist."""
        away = self.location - self._mean()[..., np.newaxis]
        variance = (self.weight * (self.scale**2 + away**2)).sum(axis=-1)
        return np.where(np.less(self.moments, 2), np.inf, np.sqrt(variance))

    def _mean(self) -> FloatArray:
        return np.asarray((self.weight * self.location).sum(axis=-1))

    def median(self) -> FloatArray:
        """Return the medians, shape (...,)."""
        return self.quantile(0.5)

    def mode(self) -> FloatArray:
        """Return the highest mode of each mixture, shape (...,)."""
        nothing = np.zeros((*self.shape, 1))
        return self._blockwise(mode, nothing)[..., 0]

    def quantile(self, p: FloatArray | float) -> FloatArray:
        """Return quantiles: p of shape (q,) or (..., q) gives (..., q), a number gives (...,)."""
        return self._blockwise(quantile, p)

    def cdf(self, x: FloatArray | float) -> FloatArray:
        """Return the probability of at most x: x of shape (q,) or (..., q) gives (..., q)."""
        return self._blockwise(cdf, x)

    def density(self, x: FloatArray | float) -> FloatArray:
        """Return the density at x: x of shape (q,) or (..., q) gives (..., q)."""
        return np.exp(self.log_density(x))

    def log_density(self, x: FloatArray | float) -> FloatArray:
        """Return the log density at x: x of shape (q,) or (..., q) gives (..., q)."""
        return self._blockwise(log_density, x)

    def interval(self, level: float, *, shortest: bool = False) -> FloatArray:
        """Return the central or the shortest interval that holds `level`, shape (..., 2)."""
        if shortest:
            return inversion.shortest(self, level)
        return self.quantile(np.array([0.5 - level / 2, 0.5 + level / 2]))

    def draw(self, size: int, seed: int) -> FloatArray:
        """Return independent draws, shape (..., size)."""
        generator = np.random.default_rng(seed)
        flat = self._flat()
        node = np.stack([generator.choice(row.size, size, p=row / row.sum()) for row in flat[0]])
        location, scale = (np.take_along_axis(array, node, axis=-1) for array in flat[1:])
        drawn = location + scale * generator.standard_normal(location.shape)
        return drawn.reshape(*self.shape, size)

    def coarse(self) -> "NormalMixture":
        """Return the mixtures at twice the quadrature step."""
        weight = self.weight if self.coarse_weight is None else self.coarse_weight
        return replace(self, weight=weight, coarse_weight=None)

    def pruned(self, least: float) -> "NormalMixture":
        """Return the mixtures without components of less weight."""
        weight = np.where(self.weight < least, 0.0, self.weight)
        kept = weight.reshape(-1, weight.shape[-1]).any(axis=0)
        coarse = None if self.coarse_weight is None else self.coarse_weight[..., kept]
        arrays = (weight[..., kept], self.location[..., kept], self.scale[..., kept])
        return NormalMixture(*arrays, coarse, self.moments)

    def take(self, rows: BoolArray) -> "NormalMixture":
        """Return some of a batch with one axis."""
        coarse = None if self.coarse_weight is None else self.coarse_weight[rows]
        each = np.asarray(self.moments)
        moments = each[rows] if each.ndim else each
        arrays = (self.weight[rows], self.location[rows], self.scale[rows])
        return NormalMixture(*arrays, coarse, moments)

    def _flat(self) -> Components:
        """Return the arrays with one batch axis."""
        nodes = self.weight.shape[-1]
        arrays = (self.weight, self.location, self.scale)
        shape = (*self.shape, nodes)
        return Components(*(np.broadcast_to(a, shape).reshape(-1, nodes) for a in arrays))

    def _blockwise(self, function: Pointwise, points: FloatArray | float) -> FloatArray:
        """Return a function of the mixtures at points, in pieces that fit into memory."""
        points = np.asarray(points, dtype=float)
        asked = points if points.ndim else points[np.newaxis]
        flat = self._flat()
        at = np.broadcast_to(asked, (*self.shape, asked.shape[-1]))
        at = at.reshape(-1, asked.shape[-1])
        rows = max(1, _BLOCK // max(1, at.shape[-1] * flat.weight.shape[-1]))
        pieces = [slice(start, start + rows) for start in range(0, at.shape[0], rows)]
        found = [function(_weighing(flat, piece), at[piece]) for piece in pieces]
        shaped = np.concatenate(found).reshape(*self.shape, asked.shape[-1])
        return shaped if points.ndim else shaped[..., 0]


def _weighing(mixtures: Components, rows: slice) -> Components:
    """Return some mixtures, without the components that have no weight in any of them."""
    weight = mixtures.weight[rows]
    used = weight.any(axis=0)
    if used.all():
        return Components(*(array[rows] for array in mixtures))
    # Four times as fast as the mask for an index.
    return Components(*(np.compress(used, array[rows], axis=1) for array in mixtures))
