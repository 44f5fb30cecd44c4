"""Values of tau under the curves of a shape, each with a normal reference."""

from typing import NamedTuple

from bayesmeta.duration.gaps.normals import Normals
from bayesmeta.engines.quadrature.problem import IntArray
from bayesmeta.measures.effects import FloatArray


class Items(NamedTuple):
    """Values of tau under the curves of a shape, each with a normal reference.

    Parameters
    ----------
    tau, curve
        Shape (item,).
    reference
        What closed studies say, and each open one as a weak observation, `OpenRow.log_weak`.
    """

    tau: FloatArray
    curve: IntArray
    reference: Normals

    def take(self, chosen: slice | IntArray) -> "Items":
        """Return some of the items."""
        return Items(self.tau[chosen], self.curve[chosen], self.reference.take(chosen))
