"""The posterior under one shape beside several hyperparameters."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from bayesmeta.arrays import FloatArray, IntArray
from bayesmeta.biases import Patterns
from bayesmeta.duration_response.candidates import Curves
from bayesmeta.duration_response.heterogeneity import AveragedTau, TauPart
from bayesmeta.duration_response.nodes import FAINT_IN_A_FIGURE, Nodes
from bayesmeta.duration_response.posterior import ShapePosterior
from bayesmeta.duration_response.several.laying import Laid, laid
from bayesmeta.duration_response.several.points import Asked
from bayesmeta.duration_response.several.thinning import few
from bayesmeta.engines.further.axis import Axis, Walk
from bayesmeta.engines.further.choice import Choice
from bayesmeta.engines.further.joint import along_walk, parity
from bayesmeta.engines.further.scaled import scaled
from bayesmeta.engines.quadrature import Problem
from bayesmeta.engines.quadrature.nodes import log_sum
from bayesmeta.schema import TAU
from bayesmeta.sinc import SincDensity

_ALONE, _EACH = 2000, 400
"""Nodes of a shape, and more for each of its curves, where its axes can be thinned so far."""
_OF_CASES = 4
"""How many times as many where there are cases, none of which can be thinned."""
_LOST = 1e-7
"""What may be lost of tau's distribution, with nodes of little probability."""


class _Side(NamedTuple):
    """One of two rules: the shape's log evidence, and shares of all nodes and curves."""

    log_evidence: float
    log_share: FloatArray


def weigh_several(  # noqa: PLR0913 - what a shape is weighed with
    problem: Problem, curves: Curves, axes: Sequence[Axis], patterns: Patterns | None, *,
    known: Sequence[Walk], moments: Mapping[str, int], kind: str,
) -> tuple[ShapePosterior, tuple[Walk, ...]]:  # fmt: skip
    """Return the posterior under a shape, and the nodes of further hyperparameters.

    Curves are cases of one product rule. The coarser rule has every second node of each axis, and
    the shape's own parameters on their coarser grid.

    Parameters
    ----------
    known
        Nodes that another shape has.
    moments
        How many moments of each tau exist.
    kind
        Of new study.
    """
    both = (curves.weight + curves.coarse_weight) / 2
    asked = Asked(problem, np.log(both), axes, patterns)
    found = laid(asked, known)
    every = asked.every(found.walks)
    with np.errstate(divide="ignore"):
        weights = [np.log(weight) for weight in (curves.weight, curves.coarse_weight)]
        log_parity = np.log(parity(every)) if every else np.zeros(1)
    error = found.each.error.reshape(found.log_joint.shape)
    halved = found.log_joint + log_parity.reshape(*found.log_joint.shape[:-1], 1) + error
    fine, coarse = _side(found.log_joint + weights[0]), _side(halved + weights[1])
    full = _side(found.log_joint + weights[1])
    shares = [np.exp(side.log_share) for side in (fine, full)]
    nodes, drawn = _nodes(found, every, shares, kind)
    spreads = _spreads(found, every, fine.log_share, full.log_share, moments)
    own = f"{TAU}[{kind}]"
    spreads = dict(sorted(spreads.items(), key=lambda item: item[0] != own))
    share = np.exp(fine.log_share).reshape(-1, asked.curves).sum(axis=0)
    posterior = ShapePosterior(
        curves, fine.log_evidence, coarse.log_evidence, share, nodes, drawn, spreads
    )
    return posterior, found.walks


def _side(log_joint: FloatArray) -> _Side:
    total = log_sum(log_joint.reshape(1, -1))
    return _Side(float(total[0]), log_joint - total)


def _nodes(
    found: Laid, every: Sequence[Walk | Choice], shares: Sequence[FloatArray], kind: str
) -> tuple[Nodes, Nodes]:
    """Return nodes that are few enough, by both rules: each has its own; and those for figures.

    Parameters
    ----------
    shares
        Probabilities of outer nodes and curves, on the fine grid of curves and on the coarse one.
    """
    cases = [place for place, walk in enumerate(every) if isinstance(walk, Choice)]
    each = _EACH * (_OF_CASES if cases else 1)
    sides = []
    for place, share in enumerate(shares):
        most = _ALONE + each * int((share.reshape(-1, share.shape[-1]) > 0).any(axis=0).sum())
        whole = (*cases, len(every))
        sides.append(few(share, found.each, whole=whole, most=most)[place])
    at = tuple(np.concatenate(parts) for parts in zip(*(side.at for side in sides), strict=True))
    fine, coarse = (side.weight for side in sides)
    weight = np.concatenate([fine, np.zeros_like(coarse)]).ravel()
    coarse_weight = np.concatenate([np.zeros_like(fine), coarse]).ravel()
    nodes = _at(found, at, weight, coarse_weight, kind=kind, curves=shares[0].shape[-1])
    return nodes.pruned(), nodes.fine().pruned(FAINT_IN_A_FIGURE)


def _at(
    found: Laid, at: tuple[IntArray, ...], weight: FloatArray, coarse: FloatArray, *, kind: str,
    curves: int,
) -> Nodes:  # fmt: skip
    each, components = found.each, found.each.mean.shape[2]
    size = each.mean.shape[-1]
    return Nodes(
        np.repeat(at[0] % curves, components),
        np.repeat(np.sqrt(each.new_variance(kind))[at], components),
        each.mean[at].reshape(-1, size),
        each.covariance[at].reshape(-1, size, size),
        weight,
        coarse,
    )


def _spreads(
    found: Laid,
    every: Sequence[Walk | Choice],
    fine: FloatArray,
    coarse: FloatArray,
    moments: Mapping[str, int],
) -> dict[str, AveragedTau]:
    """Return the distribution of each hyperparameter, averaged over the curves."""
    name = found.each.problem.structure.inner
    inner = found.each.heterogeneity(moments=moments[name])
    parts = [_scaled(each, share) for each, share in ((inner, fine), (inner.coarse(), coarse))]
    spreads = {name: _averaged(*parts)}
    for place, walk in enumerate(every):
        if isinstance(walk, Choice):
            continue
        one, other = (
            replace(along_walk(walk, _along(share, place)), moments=moments[walk.axis.name])
            for share in (fine, coarse)
        )
        spreads[walk.axis.name] = _averaged(one, other.coarse())
    return spreads


def _along(log_share: FloatArray, place: int) -> FloatArray:
    """Return log probabilities of an axis' nodes, all else summed over."""
    return log_sum(np.moveaxis(log_share, place, 0).reshape(log_share.shape[place], -1))


def _averaged(fine: SincDensity, coarse: SincDensity) -> AveragedTau:
    return AveragedTau([TauPart(fine, np.ones(1))], [TauPart(coarse, np.ones(1))])


def _scaled(density: SincDensity, log_share: FloatArray) -> SincDensity:
    """Return a distribution averaged over rows, those left out that have next to no share."""
    share = np.exp(log_share.ravel())
    kept = _likely(share)
    return replace(scaled(density.take(kept), np.log(share[kept])), moments=density.moments)


def _likely(share: FloatArray) -> IntArray:
    """Return all rows but those that together have next to no share."""
    order = np.argsort(share)
    return np.sort(order[np.cumsum(share[order]) > _LOST])
