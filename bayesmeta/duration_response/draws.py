"""Draws of whole curves: what is said of all weeks at once has no closed form."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy.special import ndtr, ndtri

from bayesmeta.arrays import FloatArray, IntArray
from bayesmeta.duration_response.cloud import Cloud
from bayesmeta.duration_response.design import rows_of
from bayesmeta.duration_response.deviating import deviations
from bayesmeta.duration_response.lines.law import Law
from bayesmeta.duration_response.nodes import Nodes
from bayesmeta.duration_response.others import Setting
from bayesmeta.duration_response.posterior import ShapePosterior
from bayesmeta.duration_response.weeks import Durations

_SEED = 20261126
_REPEATS, _POINTS = 8, 256
"""Independently scrambled Sobol sequences, whose spread is the error, and points in each."""


@dataclass(frozen=True, eq=False)
class Draws:
    """Draws of one shape's coefficients, in repeats of equal size.

    Parameters
    ----------
    part
        The shape.
    share
        Its posterior probability.
    node
        Which node each draw is of, shape (repeat, draw).
    coefficient
        Shape (repeat, draw, coefficient).
    spread
        Standard deviation of a new study's effect around its mean, or tau where effects are not
        normal, shape (repeat, draw).
    deviation
        Of a new study's effect from its mean, shape (repeat, draw).
    """

    part: ShapePosterior
    share: float
    node: IntArray
    coefficient: FloatArray
    spread: FloatArray
    deviation: FloatArray

    def effects(self, cloud: Cloud, weeks: FloatArray, *, at: Setting) -> Iterator[FloatArray]:
        """Yield the mean effect at some weeks, shape (draw, week), a repeat at a time."""
        values = cloud.others.rows(weeks, at)
        yield from self._along(rows_of(self.part.curves, weeks, cloud.others, values))

    def moving(self, cloud: Cloud, durations: Durations) -> Iterator[FloatArray]:
        """Yield what the duration contributes at the studies, shape (draw, study)."""
        others = cloud.others
        rows = rows_of(self.part.curves, durations.middle, others, others.design).copy()
        rows[..., 0] = 0.0
        rows[..., 1 : 1 + len(others.terms)] *= others.moving
        yield from self._along(rows)

    def _along(self, rows: FloatArray) -> Iterator[FloatArray]:
        curve = self.part.nodes.curve[self.node]
        for place, coefficient in zip(curve, self.coefficient, strict=True):
            yield np.einsum("dwc,dc->dw", rows[place], coefficient)


def draw(cloud: Cloud) -> list[Draws]:
    """Return draws of every shape that has any probability; the same each time."""
    shares = cloud.probability[0]
    return [
        _drawn(part, float(share), place, cloud.law)
        for place, (part, share) in enumerate(zip(cloud.parts, shares, strict=True))
        if share > 0
    ]


def _drawn(part: ShapePosterior, share: float, place: int, law: Law | None) -> Draws:
    nodes = part.nodes
    size = nodes.mean.shape[1]
    level, normal = _points(place, size + (law is not None))
    total = np.cumsum(nodes.weight)
    node = np.searchsorted(total, level * total[-1], side="right")
    node = np.tile(np.minimum(node, total.size - 1), 2)
    root = _roots(nodes)[node]
    away = np.einsum("rdpq,rdq->rdp", root, normal[..., :size])
    spread = nodes.spread[node]
    # Of a mirrored draw the same of the law's normals.
    level = 2 * ndtr(np.abs(normal[..., -1])) - 1
    away_of_new = deviations(spread, normal[..., size], level, law)
    return Draws(part, share, node, nodes.mean[node] + away, spread, away_of_new)


@lru_cache(maxsize=64)
def _points(place: int, size: int) -> tuple[FloatArray, FloatArray]:
    """Return the points of the shape at a place, which its posterior does not change.

    Levels between 0 and 1 of half the draws, shape (repeat, draw / 2), and standard normals of
    all, shape (repeat, draw, size + 1).
    """
    from scipy.stats import qmc  # most of a second, so only where it is needed

    generator = np.random.default_rng((_SEED, place))
    points = np.stack([
        qmc.Sobol(size + 2, rng=generator).random(_POINTS) for _ in range(_REPEATS)
    ])  # fmt: skip
    normal = ndtri(np.clip(points[..., 1:], 1e-12, 1 - 1e-12))
    # Each draw has its mirror image, so that turning the sign of the data changes nothing else.
    found = points[..., 0].copy(), np.concatenate([normal, -normal], axis=1)
    for array in found:
        array.setflags(write=False)
    return found


def _roots(nodes: Nodes) -> FloatArray:
    """Return a root of each covariance, which may be singular, shape (node, p, p)."""
    value, vector = np.linalg.eigh(nodes.covariance)
    return vector * np.sqrt(np.maximum(value, 0.0))[:, np.newaxis, :]
