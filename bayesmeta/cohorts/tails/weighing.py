"""Members as weights of the tables' nodes: how trials and cohorts are put together."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.cohorts.tails.node import Node
from bayesmeta.priors import Density

type LogPrior = Callable[[FloatArray], FloatArray]
"""Of the effect in trials."""


@dataclass(frozen=True, eq=False)
class Apart:
    """How the effect in cohorts follows from that in trials, a priori.

    ::

        c ~ Normal(mean + ratio * m, sd**2)
    """

    mean: float
    ratio: float
    sd: float

    def centre(self, effect: FloatArray) -> FloatArray:
        """Return the middle of the effect in cohorts."""
        return self.mean + self.ratio * effect


@dataclass(frozen=True, eq=False)
class Way:
    """One way to let cohorts count.

    Parameters
    ----------
    log_prior
        Of the effect in trials; of all where designs are pooled.
    trials
        Whether trials take part.
    power
        Of the cohorts' likelihood, where designs are pooled.
    apart
        How cohorts differ; None where designs are pooled.
    normal
        Mean and SD of that prior where it is normal.
    """

    log_prior: LogPrior
    trials: bool = True
    power: float = 1.0
    apart: Apart | None = None
    normal: tuple[float, float] | None = None

    def weighed(self, node: Node, slope: Density | None) -> FloatArray:
        """Return log weights of a node's cells, the prior in them, shape (slope, effect)."""
        prior = self.log_prior(node.effect)
        if self.trials:
            total = node.trials + prior
        else:
            own = np.zeros(1) if slope is None else slope.log_density(node.slope)
            total = own[:, np.newaxis] + prior
        if self.apart is not None:
            return np.asarray(total + node.shifted(self.apart.centre(node.effect), self.apart.sd))
        return np.asarray(total + self.power * node.cohorts_here) if self.power else total


class Sums(NamedTuple):
    """Logs of a node's integral, of the weights of effects, and of those of slopes."""

    total: float
    effect: FloatArray
    slope: FloatArray


def log_sums(log_weight: FloatArray, node: Node) -> Sums:
    """Return the sums of a node's cells; the first is the log of the integral over both."""
    top = float(log_weight.max())
    top = top if np.isfinite(top) else 0.0
    weight = np.exp(log_weight - top)
    with np.errstate(divide="ignore"):
        found = [np.log(each) + top for each in (weight.sum(), weight.sum(0), weight.sum(1))]
    return Sums(float(found[0]) + node.log_cell, found[1], found[2])


def evidences(ways: Sequence[Way], nodes: Sequence[Node], slope: Density | None) -> FloatArray:
    """Return the log of each way's integral at each node, shape (node, way)."""
    found = [[log_sums(way.weighed(node, slope), node).total for way in ways] for node in nodes]
    return np.array(found).reshape(len(nodes), len(ways))
