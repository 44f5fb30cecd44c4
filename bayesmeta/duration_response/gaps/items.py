"""Values of tau under the curves of a shape, each with a normal reference."""

from typing import NamedTuple

from bayesmeta.arrays import FloatArray, IntArray
from bayesmeta.duration_response.gaps.normals import Normals


class Items(NamedTuple):
    """Values of tau under the curves of a shape, each with a normal reference.

    Parameters
    ----------
    tau, curve
        Shape (item,).
    reference
        What closed studies say, and open ones as weak observations where `OpenRow.weak` is 1.
    """

    tau: FloatArray
    curve: IntArray
    reference: Normals

    def take(self, chosen: slice | IntArray) -> "Items":
        """Return some of the items."""
        return Items(self.tau[chosen], self.curve[chosen], self.reference.take(chosen))
