"""Many posteriors, one a node of further hyperparameters, as one finite normal mixture."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import reduce

import numpy as np

from bayesmeta.arrays import BoolArray, FloatArray, IntArray
from bayesmeta.engines.further.axis import Nodes, Walk
from bayesmeta.engines.further.choice import Choice
from bayesmeta.engines.further.scaled import scaled
from bayesmeta.engines.further.thinning import thinned
from bayesmeta.engines.quadrature import Drawn, Integral, Problem
from bayesmeta.engines.quadrature.draws import draw
from bayesmeta.engines.quadrature.nodes import log_sum
from bayesmeta.sinc import SincDensity

_NOTHING = 36.0
"""How far below its neighbour, in logs, a node stands that was left out."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Joint(Integral):
    """A batch of one whose nodes are those of many rules.

    Parameters
    ----------
    each
        The posterior at each outer node, a batch.
    walks
        How the outer nodes stand.
    kept
        Which outer nodes `each` is of.
    log_share
        Log probability of each outer node, shape (outer node,); -inf of those that are not kept.
    """

    each: Integral
    walks: tuple[Walk | Choice, ...]
    kept: IntArray
    log_share: FloatArray

    def draw(self, size: int, generator: np.random.Generator) -> Drawn:
        """Return independent draws.

        Further hyperparameters come from their continuous distributions, one axis after the
        other; all else is drawn at one of the two nodes next to them, the nearer the likelier.
        """
        values, place = outer_draws(self.walks, self.log_share, size, generator)
        inner = self.problem.structure.inner
        tau, coefficients = np.empty(size), np.empty((size, self.mean.shape[-1]))
        row = np.searchsorted(self.kept, place)
        for node in np.unique(row):
            here = row == node
            found = draw(_row(self.each, node), int(here.sum()), generator)
            tau[here], coefficients[here] = found.values.get(inner, 0.0), found.coefficients
        named = self.problem.structure.named({inner: tau, **values} if inner else values)
        return Drawn({name: np.asarray(value) for name, value in named.items()}, coefficients)


def joined(
    each: Integral,
    kept: IntArray,
    walks: Sequence[Walk | Choice],
    asked: Problem,
    *,
    distributions: bool = True,
) -> Joint:
    """Return the posteriors at all outer nodes as one.

    Parameters
    ----------
    each
        A batch, its rows in the order of `product`.
    kept
        Which nodes of the product the rows are of; the others have no probability.
    asked
        The problem in the studies' own rows, a batch of one.
    distributions
        Whether those of the hyperparameters are wanted.
    """
    steps = sum(walk.log_step for walk in walks)
    log_prior = outer_sum([walk.log_prior for walk in walks]).ravel()
    log_outer = np.full(log_prior.size, -np.inf)
    log_outer[kept] = each.log_marginal_likelihood + log_prior[kept] + steps
    total = log_sum(log_outer[np.newaxis])
    share = np.exp(log_outer - total)
    whole = tuple(place for place, walk in enumerate(walks) if isinstance(walk, Choice))
    thin = thinned(share.reshape([walk.t.size for walk in walks]), each, kept, whole=whole)
    with np.errstate(divide="ignore"):  # a component of a Student-t prior may have no probability
        log_weight = np.log(thin.weight)[np.newaxis]
    further = named_values(walks)
    return Joint(
        problem=each.problem,
        asked=asked,
        log_marginal_likelihood=total,
        error=np.atleast_1d(uneven(share, walks) + thin.error + share[kept] @ each.error),
        log_weight=log_weight,
        coarse_weight=thin.coarse[np.newaxis],
        tau=each.tau[thin.at][np.newaxis],
        mean=each.mean[thin.at][np.newaxis],
        covariance=each.covariance[thin.at][np.newaxis],
        path=None,
        first=each.first[:1],
        step=each.step[:1],
        further={name: value[kept][thin.at[0]][np.newaxis] for name, value in further.items()},
        marginals=_distributions(each, kept, walks, log_outer - total) if distributions else {},
        each=each,
        walks=tuple(walks),
        kept=kept,
        log_share=log_outer - total,
    )


def uneven(share: FloatArray, walks: Sequence[Nodes]) -> float:
    """Return how far the sum at twice the step of every axis is from the sum, in logs."""
    return float(np.abs(np.log(np.sum(share * parity(walks)))))


def product(walks: Sequence[Nodes]) -> list[FloatArray]:
    """Return each axis' values over the product of the nodes, each of shape (outer node,)."""
    mesh = np.meshgrid(*(walk.values for walk in walks), indexing="ij")
    return [each.ravel() for each in mesh]


def named_values(walks: Sequence[Walk | Choice]) -> dict[str, FloatArray]:
    """Return hyperparameters by name over the product of the nodes, each of shape (outer node,)."""
    pairs = zip(walks, product(walks), strict=True)
    return {name: value for walk, values in pairs for name, value in walk.named(values).items()}


def outer_sum(arrays: Sequence[FloatArray]) -> FloatArray:
    """Return sums over the product of the nodes, shape (node of each axis)."""
    return reduce(np.add.outer, arrays)


def parity(walks: Sequence[Nodes]) -> FloatArray:
    """Return what multiplies weights at twice the step of every axis, shape (outer node,)."""
    return reduce(np.multiply.outer, [walk.parity for walk in walks]).ravel()


def _distributions(
    each: Integral, kept: IntArray, walks: Sequence[Walk | Choice], log_share: FloatArray
) -> dict[str, SincDensity]:
    """Return the distribution of each hyperparameter.

    Of a further one, sums over the other axes; of the inner one, and of what stands as a ratio
    to it, densities at all outer nodes on one grid.
    """
    grid = log_share.reshape([walk.t.size for walk in walks])
    inner = each.problem.structure.inner
    found = {inner: scaled(each.heterogeneity(), log_share[kept])} if inner else {}
    for place, (walk, values) in enumerate(zip(walks, product(walks), strict=True)):
        along = np.moveaxis(grid, place, 0).reshape(walk.t.size, -1)
        if isinstance(walk, Choice):
            found |= walk.marginals(log_sum(along))
            continue
        found[walk.axis.name] = (
            scaled(each.heterogeneity(), log_share[kept], values[kept])
            if walk.axis.is_ratio
            else along_walk(walk, log_sum(along))
        )
    return found


def along_walk(walk: Walk, log_weight: FloatArray) -> SincDensity:
    """Return the distribution that log weights at an axis' nodes give, of those not left out."""
    there = np.flatnonzero(np.isfinite(log_weight))
    first, last = max(0, there[0] - 1), min(log_weight.size - 1, there[-1] + 1)
    every = np.arange(first, last + 1)
    # One node more each side, where there is one: a single one is no distribution.
    known = np.interp(every, there, log_weight[there])
    known = np.where((every < there[0]) | (every > there[-1]), known - _NOTHING, known)
    total = log_sum(known[np.newaxis])
    return SincDensity(
        walk.path, walk.t[[first]], np.array([walk.step]), (known - total)[np.newaxis]
    )


def _row(each: Integral, node: int) -> Integral:
    """Return the posterior at one outer node, a batch of one."""
    one = slice(node, node + 1)
    cut = {name: getattr(each, name)[one]
           for name in ("log_weight", "tau", "mean", "covariance", "first", "step")}  # fmt: skip
    path = None if each.path is None else each.path.take(one)
    return replace(each, **cut, path=path, problem=each.problem.take(one))


def outer_draws(
    walks: Sequence[Walk | Choice], log_share: FloatArray, size: int, generator: np.random.Generator
) -> tuple[dict[str, FloatArray], IntArray]:
    """Return draws of the further hyperparameters, and an outer node next to each."""
    grid = log_share.reshape([walk.t.size for walk in walks])
    known = np.zeros((size, 0), dtype=np.intp)
    values: dict[str, FloatArray] = {}
    for place, walk in enumerate(walks):
        rest = tuple(range(place + 1, grid.ndim))
        log_weight = np.logaddexp.reduce(grid, axis=rest) if rest else grid
        if isinstance(walk, Choice):
            own, node = walk.draw(log_weight, known, generator)
        else:
            drawn, node = _along(walk, log_weight, known, generator)
            own = {walk.axis.name: drawn}
        values |= own
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
        density = along_walk(walk, log_weight[tuple(row)])
        drawn[here] = density.drawn(generator.random((1, int(here.sum()))))[0]
        place[here] = (walk.path.inverse(drawn[here])[0] - walk.t[0]) / walk.step
    upper = generator.random(place.size) < place - np.floor(place)
    nearest = np.clip(np.floor(place) + upper, 0, walk.t.size - 1).astype(np.intp)
    return drawn, _reachable(nearest, np.isfinite(log_weight), known)


def _reachable(node: IntArray, there: BoolArray, known: IntArray) -> IntArray:
    """Return nodes with probability: the one beside where a draw's own has none."""
    found = node.copy()
    for shift in (0, 1, -1):
        near = np.clip(node + shift, 0, there.shape[-1] - 1)
        missing = ~there[(*known.T, found)]
        found = np.where(missing & there[(*known.T, near)], near, found)
    return found
