"""Many posteriors, one a node of further hyperparameters, as one finite normal mixture."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import reduce

import numpy as np

from bayesmeta.arrays import FloatArray, IntArray
from bayesmeta.engines.further.axis import Walk
from bayesmeta.engines.further.thinning import thinned
from bayesmeta.engines.quadrature import Drawn, Integral, Problem
from bayesmeta.engines.quadrature.draws import draw
from bayesmeta.engines.quadrature.nodes import log_sum
from bayesmeta.sinc import Path, SincDensity
from bayesmeta.sinc.support import Support

_NEGLIGIBLE = 36.0
_REACH, _FARTHEST = 11.0, 350.0
"""In t, and in logs of tau: its square overflows beyond."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Joint(Integral):
    """A batch of one whose nodes are those of many rules.

    Parameters
    ----------
    each
        The posterior at each outer node, a batch.
    walks
        How the outer nodes stand.
    log_share
        Log probability of each outer node, shape (outer node,).
    """

    each: Integral
    walks: tuple[Walk, ...]
    log_share: FloatArray

    def draw(self, size: int, generator: np.random.Generator) -> Drawn:
        """Return independent draws.

        Further hyperparameters come from their continuous distributions, one axis after the
        other; all else is drawn at one of the two nodes next to them, the nearer the likelier.
        """
        values, place = _outer_draws(self.walks, self.log_share, size, generator)
        inner = self.problem.structure.inner
        tau, coefficients = np.empty(size), np.empty((size, self.mean.shape[-1]))
        for node in np.unique(place):
            here = place == node
            found = draw(_row(self.each, node), int(here.sum()), generator)
            tau[here], coefficients[here] = found.values[inner], found.coefficients
        return Drawn({inner: tau, **values}, coefficients)


def joined(each: Integral, walks: Sequence[Walk], asked: Problem) -> Joint:
    """Return the posteriors at all outer nodes as one.

    Parameters
    ----------
    each
        A batch, its rows in the order of `product`.
    asked
        The problem in the studies' own rows, a batch of one.
    """
    steps = sum(np.log(walk.step) for walk in walks)
    log_prior = outer_sum([walk.log_prior for walk in walks]).ravel()
    log_outer = each.log_marginal_likelihood + log_prior + steps
    total = log_sum(log_outer[np.newaxis])
    share = np.exp(log_outer - total)
    thin = thinned(share.reshape([walk.t.size for walk in walks]), each.weight)
    names = [walk.axis.name for walk in walks]
    further = dict(zip(names, product(walks), strict=True))
    nodes = each.tau.shape[1]
    return Joint(
        problem=each.problem,
        asked=asked,
        log_marginal_likelihood=total,
        error=np.atleast_1d(_uneven(share, walks) + thin.error + share @ each.error),
        log_weight=np.log(thin.weight)[np.newaxis],
        coarse_weight=thin.coarse[np.newaxis],
        tau=_flat(each.tau)[:, thin.kept],
        mean=_flat(each.mean)[:, thin.kept],
        covariance=_flat(each.covariance)[:, thin.kept],
        path=None,
        first=each.first[:1],
        step=each.step[:1],
        further={
            name: np.repeat(value, nodes)[np.newaxis, thin.kept] for name, value in further.items()
        },
        marginals={
            each.problem.structure.inner: _inner(each, log_outer - total),
            **_marginals(walks, log_outer - total),
        },
        each=each,
        walks=tuple(walks),
        log_share=log_outer - total,
    )


def _uneven(share: FloatArray, walks: Sequence[Walk]) -> float:
    """Return how far the sum at twice the step of every axis is from the sum, in logs."""
    return float(np.abs(np.log(np.sum(share * _parity(walks)))))


def _flat(array: FloatArray) -> FloatArray:
    """Return (batch, node, ...) as (1, batch and node, ...)."""
    return array.reshape(1, -1, *array.shape[2:])


def product(walks: Sequence[Walk]) -> list[FloatArray]:
    """Return each axis' values over the product of the nodes, each of shape (outer node,)."""
    mesh = np.meshgrid(*(walk.values for walk in walks), indexing="ij")
    return [each.ravel() for each in mesh]


def outer_sum(arrays: Sequence[FloatArray]) -> FloatArray:
    """Return sums over the product of the nodes, shape (node of each axis)."""
    return reduce(np.add.outer, arrays)


def _parity(walks: Sequence[Walk]) -> FloatArray:
    """Return what multiplies weights at twice the step of every axis, shape (outer node,)."""
    each = [np.where(np.arange(walk.t.size) % 2, 0.0, 2.0) for walk in walks]
    return reduce(np.multiply.outer, each).ravel()


def _marginals(walks: Sequence[Walk], log_share: FloatArray) -> dict[str, SincDensity]:
    """Return the distribution of each further hyperparameter: sums over the other axes."""
    grid = log_share.reshape([walk.t.size for walk in walks])
    along = [np.moveaxis(grid, place, 0).reshape(walk.t.size, -1)
             for place, walk in enumerate(walks)]  # fmt: skip
    return {
        walk.axis.name: _density(walk, log_sum(own)) for walk, own in zip(walks, along, strict=True)
    }


def _density(walk: Walk, log_weight: FloatArray) -> SincDensity:
    """Return the distribution that log weights at an axis' nodes give."""
    total = log_sum(log_weight[np.newaxis])
    return SincDensity(
        walk.path, walk.t[:1], np.array([walk.step]), (log_weight - total)[np.newaxis]
    )


def _inner(each: Integral, log_share: FloatArray) -> SincDensity:
    """Return the distribution of tau, its densities at all outer nodes on one equal-step grid."""
    density = each.heterogeneity()
    path, step = _common(density.path, np.exp(log_share)), float(each.step.min())
    reach = round(path.bulks * _REACH / step)
    t = np.arange(-reach, reach + 1.0) * step
    t = t[np.abs(path.line(t)[0]) < _FARTHEST]
    log_each = density.log_density(path.value(t)[0]) + log_share[:, np.newaxis]
    log_mass = log_sum(np.moveaxis(log_each, 0, -1)) + path.log_slope(t)[0] + np.log(step)
    needed = np.flatnonzero(log_mass >= log_mass.max() - _NEGLIGIBLE)
    kept = log_mass[needed[0] : needed[-1] + 1]
    total = log_sum(kept[np.newaxis])
    return SincDensity(path, t[needed[:1]], np.array([step]), (kept - total)[np.newaxis])


def _common(path: Path, share: FloatArray) -> Path:
    """Return one path for all outer nodes: around their mean, with the likeliest one's bulks."""
    first, weight = path.centre[:, :1], share[:, np.newaxis]
    centre = (weight * first).sum(axis=0, keepdims=True)
    spread = weight * (path.scale[:, :1] ** 2 + (first - centre) ** 2)
    scale = np.sqrt(spread.sum(axis=0, keepdims=True))
    further = path.take(np.array([share.argmax()]))
    own = np.isfinite(further.scale[0, 1:])
    bulks = ((centre, further.centre[:, 1:][:, own]), (scale, further.scale[:, 1:][:, own]))
    return Path(_alone(path.support), *(np.concatenate(pair, axis=1) for pair in bulks))


def _alone(support: Support) -> Support:
    """Return the support of a batch as that of one: further hyperparameters leave it alone."""
    lower, upper = (float(np.ravel(end)[0]) for end in (support.lower, support.upper))
    return Support(lower, upper)


def _row(each: Integral, node: int) -> Integral:
    """Return the posterior at one outer node, a batch of one."""
    one = slice(node, node + 1)
    cut = {name: getattr(each, name)[one]
           for name in ("log_weight", "tau", "mean", "covariance", "first", "step")}  # fmt: skip
    path = None if each.path is None else each.path.take(one)
    return replace(each, **cut, path=path, problem=each.problem.take(one))


def _outer_draws(
    walks: Sequence[Walk], log_share: FloatArray, size: int, generator: np.random.Generator
) -> tuple[dict[str, FloatArray], IntArray]:
    """Return draws of the further hyperparameters, and an outer node next to each."""
    grid = log_share.reshape([walk.t.size for walk in walks])
    known = np.zeros((size, 0), dtype=np.intp)
    values = {}
    for place, walk in enumerate(walks):
        rest = tuple(range(place + 1, grid.ndim))
        log_weight = np.logaddexp.reduce(grid, axis=rest) if rest else grid
        drawn, node = _along(walk, log_weight, known, generator)
        values[walk.axis.name] = drawn
        known = np.column_stack([known, node])
    return values, np.asarray(np.ravel_multi_index(tuple(known.T), grid.shape))


def _along(
    walk: Walk, log_weight: FloatArray, known: IntArray, generator: np.random.Generator
) -> tuple[FloatArray, IntArray]:
    """Return draws along one axis, given nodes of the axes before it, and a node next to each."""
    drawn, place = np.empty(len(known)), np.empty(len(known))
    rows, group = np.unique(known, axis=0, return_inverse=True)
    for number, row in enumerate(rows):
        here = np.ravel(group) == number
        density = _density(walk, log_weight[tuple(row)])
        drawn[here] = density.drawn(generator.random((1, int(here.sum()))))[0]
        place[here] = (walk.path.inverse(drawn[here])[0] - walk.t[0]) / walk.step
    upper = generator.random(place.size) < place - np.floor(place)
    return drawn, np.clip(np.floor(place) + upper, 0, walk.t.size - 1).astype(np.intp)
