"""Weighted nodes of the posterior over curves."""

from dataclasses import dataclass

from bayesmeta.engines.quadrature.problem import BoolArray, IntArray
from bayesmeta.measures.effects import FloatArray


@dataclass(frozen=True, eq=False)
class Nodes:
    """Some nodes: their places in the batch of curves and its nodes, and probabilities."""

    place: tuple[IntArray, IntArray]
    weight: FloatArray
    coarse_weight: FloatArray

    def take(self, chosen: BoolArray) -> "Nodes":
        """Return some nodes; their probabilities sum to one again."""
        candidate, node = self.place
        weight, coarse = self.weight[chosen], self.coarse_weight[chosen]
        place = (candidate[chosen], node[chosen])
        return Nodes(place, weight / weight.sum(), coarse / coarse.sum())
