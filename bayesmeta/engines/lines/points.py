"""Points that a posterior of frame L is known at, and their probabilities."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from bayesmeta.arrays import FloatArray, IntArray


@dataclass(frozen=True, eq=False)
class Points:
    """Coefficients on lattices, one a node of the hyperparameters.

    Parameters
    ----------
    node
        Which node of the hyperparameters, shape (point,).
    location
        Coefficients, shape (point, coefficient).
    weight, coarse_weight
        Probabilities, shape (point,); at twice the step of the hyperparameters.
    values
        Hyperparameters by name, each of shape (node,).
    covariance
        A lattice's steps times their transpose, shape (node, coefficient, coefficient).
    mixing
        Probabilities of the mixing rule's nodes at each point, shape (point, mixing node).
    """

    node: IntArray
    location: FloatArray
    weight: FloatArray
    coarse_weight: FloatArray
    values: Mapping[str, FloatArray]
    covariance: FloatArray
    mixing: FloatArray

    @cached_property
    def both(self) -> FloatArray:
        """Both weights, shape (point, 2)."""
        return np.stack([self.weight, self.coarse_weight], axis=-1)
