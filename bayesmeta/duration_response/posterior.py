"""The posterior under one shape: its evidence, its curves' probabilities, its nodes, its taus."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np

from bayesmeta.arrays import FloatArray, IntArray
from bayesmeta.duration_response.candidates import Curves
from bayesmeta.duration_response.cumulants import Forms
from bayesmeta.duration_response.heterogeneity import AveragedTau, TauPart
from bayesmeta.duration_response.integrated import Integrated
from bayesmeta.duration_response.nodes import FAINT_IN_A_FIGURE, Nodes
from bayesmeta.engines.quadrature.integral import Integral
from bayesmeta.engines.quadrature.nodes import log_sum
from bayesmeta.schema import TAU
from bayesmeta.sinc import SincDensity


@dataclass(frozen=True, eq=False)
class ShapePosterior:
    """A shape and the table of studies met.

    Parameters
    ----------
    curves
        The shape's curves.
    log_evidence, coarse_log_evidence
        Its log marginal likelihood, by the rule and by a coarser one.
    probability
        Of each curve within the shape, shape (curve,).
    nodes
        Of all curves.
    drawn
        Fewer nodes, by the rule alone, for figures.
    spreads
        Hyperparameters by name, averaged over the curves; the residual tau first.
    rescaled
        The same under other sds of the change's prior, where they were integrated too, by the
        factor.
    """

    curves: Curves
    log_evidence: float
    coarse_log_evidence: float
    probability: FloatArray
    nodes: Nodes
    drawn: Nodes
    spreads: Mapping[str, AveragedTau]
    rescaled: Mapping[float, "ShapePosterior"] = field(default_factory=dict)

    @property
    def first(self) -> str:
        """Name of the residual tau."""
        return next(iter(self.spreads))


def of_integral(
    curves: Curves, integral: Integral, *, moments: int, kind: str = ""
) -> ShapePosterior:
    """Return the posterior where all durations are known: the exact engine's.

    The coarser rule has the shape's own parameters on their coarser grid, tau at twice the step.

    Parameters
    ----------
    kind
        Of new study.
    """
    with np.errstate(divide="ignore"):
        # The quadrature's own error is in its sum at twice the step.
        fine = np.log(curves.weight) + integral.log_marginal_likelihood
        coarse = np.log(curves.coarse_weight) + integral.log_marginal_likelihood + integral.error
    share, coarse_share = _normalised(fine), _normalised(coarse)
    every = integral.heterogeneity(moments=moments)
    tau = AveragedTau([_tau(every, share)], [_tau(every.coarse(), coarse_share)])
    spreads = {integral.problem.structure.inner: tau}
    each = (slice(None), np.newaxis, np.newaxis)
    weight = share[each] * integral.weight
    # Every other node of tau: the sum is off by no more than the tolerance's square.
    even, coarse_even = (part[each] * integral.coarse_weight for part in (share, coarse_share))
    nodes, drawn = (_engine_nodes(integral, *weights, kind=kind)
                    for weights in ((weight, coarse_even), (even, even)))  # fmt: skip
    return ShapePosterior(
        curves, float(log_sum(fine)), float(log_sum(coarse)), share, nodes.pruned(),
        drawn.pruned(FAINT_IN_A_FIGURE), spreads,
    )  # fmt: skip


def _engine_nodes(
    integral: Integral, weight: FloatArray, coarse: FloatArray, *, kind: str
) -> Nodes:
    """Return all nodes with weights, each of shape (curve, node, component)."""
    curves, nodes, components, count = integral.mean.shape
    spread = np.repeat(np.sqrt(integral.new_variance(kind)), components)
    return Nodes(
        np.repeat(np.arange(curves), nodes * components), spread,
        integral.mean.reshape(-1, count), integral.covariance.reshape(-1, count, count),
        weight.ravel(), coarse.ravel(),
    )  # fmt: skip


def of_rules(
    curves: Curves, fine: Integrated, coarse: Integrated, *, name: str = TAU
) -> ShapePosterior:
    """Return the posterior from that of the curves on the fine and of those on the coarse grid.

    Parameters
    ----------
    name
        Of the tau.
    """
    one, other = _side(curves.weight, fine), _side(curves.coarse_weight, coarse)
    probability = np.zeros(len(curves.weight))
    probability[one.place] = one.share
    tau = AveragedTau([_tau(fine.tau, one.share)], [_tau(coarse.tau, other.share)])
    nodes = _joined(one, other)
    return ShapePosterior(
        curves, one.log_evidence, other.log_evidence, probability, nodes.pruned(),
        nodes.fine().pruned(FAINT_IN_A_FIGURE), {name: tau},
    )  # fmt: skip


class _Side(NamedTuple):
    """One of the two rules: which curves it has, their probabilities, its nodes' weights."""

    place: IntArray
    log_evidence: float
    share: FloatArray
    weight: FloatArray
    found: Integrated


def _side(prior: FloatArray, found: Integrated) -> _Side:
    place = np.flatnonzero(prior > 0)
    log_joint = np.log(prior[place]) + found.log_evidence
    share = _normalised(log_joint)
    weight = share[found.curve] * found.weight
    return _Side(place, float(log_sum(log_joint)), share, weight, found)


def apart(fine: Integrated, coarse: Integrated) -> Nodes:
    """Return the nodes of curves that are not weighed: each curve's weights sum to one."""
    curves = np.arange(len(fine.log_evidence))
    sides = [
        _Side(curves, 0.0, np.ones(curves.size), found.weight, found) for found in (fine, coarse)
    ]
    return _joined(*sides)


def _joined(one: _Side, other: _Side) -> Nodes:
    """Return the nodes of two rules: each has a weight by its own rule alone."""
    sides = (one, other)
    curve = np.concatenate([side.place[side.found.curve] for side in sides])
    spread, mean, covariance = (
        np.concatenate([getattr(side.found, name) for side in sides])
        for name in ("spread", "mean", "covariance")
    )
    weight = np.concatenate([one.weight, np.zeros(other.weight.size)])
    coarse = np.concatenate([np.zeros(one.weight.size), other.weight])
    return Nodes(curve, spread, mean, covariance, weight, coarse, _forms(one.found, other.found))


def _forms(one: Integrated, other: Integrated) -> Forms | None:
    """Return the further cumulants of both; None if both are normal throughout."""
    known = [found.forms for found in (one, other) if found.forms is not None]
    if not known:
        return None
    parts = [
        known[0].nothing(found.curve.size) if found.forms is None else found.forms
        for found in (one, other)
    ]
    return Forms(*(np.concatenate(arrays) for arrays in zip(*parts, strict=True)))


def _tau(every: SincDensity, share: FloatArray) -> TauPart:
    """Return tau under the curves that have any probability."""
    kept = np.flatnonzero(share > 0)
    some = replace(
        every, path=every.path.take(kept), first=every.first[kept], step=every.step[kept],
        log_weight=every.log_weight[kept],
    )  # fmt: skip
    return TauPart(some, share[kept])


def _normalised(log_joint: FloatArray) -> FloatArray:
    found: FloatArray = np.exp(log_joint - log_sum(log_joint))
    return found
