"""The posterior under every curve of a shape where some durations are open."""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from bayesmeta.arrays import BoolArray, FloatArray
from bayesmeta.duration_response.gaps.items import Items
from bayesmeta.duration_response.gaps.laying import walk
from bayesmeta.duration_response.gaps.rows import OpenRow
from bayesmeta.duration_response.gaps.solved import Solved, solve
from bayesmeta.duration_response.gaps.table import OpenStudies
from bayesmeta.duration_response.gaps.walk import Walk, require_found
from bayesmeta.duration_response.integrated import Integrated
from bayesmeta.engines.quadrature.nodes import log_sum
from bayesmeta.engines.quadrature.problem import Problem
from bayesmeta.sinc import SincDensity

_FIRST_NODES, _BLIND, _WALKS = 12, 3.0, 4
_LEAST_NODES, _NODES_PER_SD, _MOST_NODES = 4, 1.2, 2000
_BARE = 1e-8
"""Closed studies that know a direction so much worse than all do leave it to the open ones."""
_FAINT = 8.0
"""Items below exp(-8) of a curve's largest integrand have no say in how many nodes there are."""


class Effort(NamedTuple):
    """How hard to try: a rule, and a coarser one whose answers show its error.

    Parameters
    ----------
    every
        How many nodes of tau there are for one that is taken.
    nodes
        Share of the nodes of the open weeks.
    """

    every: int
    nodes: float


FINE, COARSE = Effort(every=1, nodes=1.0), Effort(every=2, nodes=0.65)


def integrate_gaps(
    problem: Problem, studies: OpenStudies, *, moments: int, kind: str = ""
) -> tuple[Integrated, Integrated]:
    """Return the posterior by a rule and by a coarser one, open studies integrated over weeks.

    Each is under the curves that have any weight in it: the shape's fine or coarse grid.

    Parameters
    ----------
    problem
        The table under these curves; what it says of open studies' weeks is not used.
    studies
        The open ones.
    moments
        How many moments of tau exist, 2 at most.
    kind
        Of new study.
    """
    studies = replace(studies, spread=_spread(problem))
    weak = _weak(problem, studies)
    steps, counts = _walked(problem, studies, weak)
    fine, coarse = (
        _by(effort, steps, counts, studies, weak, curves=weight > 0, moments=moments)
        for effort, weight in (
            (FINE, studies.curves.weight), (COARSE, studies.curves.coarse_weight)
        )
    )  # fmt: skip
    return _anew(fine, problem, kind), _anew(coarse, problem, kind)


def _spread(problem: Problem) -> FloatArray:
    """Return what variances have beside s**2, and what multiplies tau**2, shape (2, study)."""
    one = np.ones(problem.estimate.shape[1])
    fixed, load = (part.reshape(-1, part.shape[-1])[0] * one for part in problem.affine)
    return np.stack([fixed - problem.variance[0], load])


def _anew(found: Integrated, problem: Problem, kind: str) -> Integrated:
    """Return nodes with the spread of a new study, from those with tau."""
    structure = problem.structure
    variance = structure.new_variance({structure.inner: found.spread}, kind)
    return replace(found, spread=np.broadcast_to(np.sqrt(variance), found.spread.shape))


def _by(  # noqa: PLR0913 - what a rule is made of
    effort: Effort, whole: Walk, counts: Sequence[float], studies: OpenStudies, weak: FloatArray, *,
    curves: BoolArray, moments: int,
) -> Integrated:  # fmt: skip
    """Return the posterior under some curves, by one rule."""
    steps = whole.take(curves, every=effort.every)
    each = [int(np.ceil(effort.nodes * count)) for count in counts]
    rows = studies.take(curves).rows(each, weak[curves])
    needed = steps.needed(moments)
    chosen = np.flatnonzero(needed.ravel())
    items = Items(steps.tau.ravel()[chosen], steps.curve[chosen], steps.reference.take(chosen))
    found = solve(
        items, rows, steps.log_prior[needed], fine=effort is FINE, apart=studies.apart,
        scale=_scale(steps),
    )  # fmt: skip
    return _integrated(steps, needed, found, moments)


def _weak(problem: Problem, studies: OpenStudies) -> FloatArray:
    """Return 1 where closed studies and priors leave a direction to the open ones, (curve,)."""
    closed = np.delete(np.arange(problem.estimate.shape[1]), studies.durations.open_rows)
    precision = problem.prior_precision[:, 0, :, np.newaxis] * np.eye(problem.design.shape[2])
    each = (problem.used / problem.variance)[..., np.newaxis] * problem.design
    whole, known = (
        np.swapaxes(each[:, rows], 1, 2) @ problem.design[:, rows] + precision
        for rows in (slice(None), closed)
    )
    share = np.linalg.eigvals(np.linalg.solve(whole, known)).real.min(axis=1)
    return np.broadcast_to(np.where(share < _BARE, 1.0, 0.0), (len(studies.curves.weight),))


def _walked(problem: Problem, studies: OpenStudies, weak: FloatArray) -> tuple[Walk, list[float]]:
    """Return the walk through tau, and how many nodes each open study needs between breaks.

    Where that is far more than it had, the walk was blind and is walked again.
    """
    counts = [float(_FIRST_NODES)] * studies.count
    for _ in range(_WALKS):
        rows = studies.rows([int(np.ceil(count)) for count in counts], weak)
        steps = walk(problem, rows, apart=studies.apart)
        wanted = _counts(rows, steps)
        blind = any(want > _BLIND * had for want, had in zip(wanted, counts, strict=True))
        counts = [max(pair) for pair in zip(wanted, counts, strict=True)] if blind else wanted
        if not blind:
            break
    require_found(steps, apart=studies.apart)
    return steps, counts


def _counts(rows: Sequence[OpenRow], steps: Walk) -> list[float]:
    """Return how many nodes each open study needs between two breaks, by its reach."""
    value = steps.log_value
    seen = (value > value.max(axis=1, keepdims=True) - _FAINT).ravel()
    own = slice(rows[0].others.size, None)
    variance = np.diagonal(steps.near.covariance, axis1=1, axis2=2)[seen, own]
    sizes = np.abs(steps.near.mean[seen, own]) + np.sqrt(variance)
    tau, curve = steps.tau.ravel()[seen], steps.curve[seen]
    reaches = [row.reach(sizes, tau=tau, curve=curve) for row in rows]
    wanted = [_LEAST_NODES + _NODES_PER_SD * reach for reach in reaches]
    return [min(count, _MOST_NODES) for count in wanted]


def _scale(steps: Walk) -> FloatArray:
    """Return a typical SD of each coefficient."""
    variance = np.diagonal(steps.near.covariance, axis1=1, axis2=2)
    return np.asarray(np.sqrt(np.median(variance, axis=0)))


def _integrated(steps: Walk, needed: BoolArray, found: Solved, moments: int) -> Integrated:
    log_joint = np.full(needed.shape, -np.inf)
    log_joint[needed] = found.log_mass + steps.log_prior[needed] + np.log(steps.step)
    log_evidence = log_sum(log_joint)
    log_weight = log_joint - log_evidence[:, np.newaxis]
    return Integrated(
        log_evidence=log_evidence,
        tau=_density(steps, needed, log_weight, moments),
        curve=np.nonzero(needed)[0][found.item],
        weight=np.exp(log_weight[needed])[found.item] * found.share,
        spread=steps.tau[needed][found.item],
        mean=found.mean,
        covariance=found.covariance,
        forms=found.forms,
    )


def _density(steps: Walk, needed: BoolArray, log_weight: FloatArray, moments: int) -> SincDensity:
    """Return tau's posterior, each curve's first node foremost."""
    first, size = needed.argmax(axis=1), needed.sum(axis=1)
    place = first[:, np.newaxis] + np.arange(size.max())
    row = np.arange(len(needed))[:, np.newaxis]
    inside = np.arange(size.max()) < size[:, np.newaxis]
    packed = log_weight[row, np.minimum(place, needed.shape[1] - 1)]
    return SincDensity(
        steps.path, steps.t[row[:, 0], first], np.full(len(needed), steps.step),
        np.where(inside, packed, -np.inf), moments=moments,
    )  # fmt: skip
