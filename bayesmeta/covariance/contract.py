"""What every covariance of rows offers."""

from typing import Any, Protocol

import numpy as np

from bayesmeta.arrays import FloatArray

type Quantity = FloatArray | float
"""Numbers; the same arithmetic takes PyTensor variables, which carry no types."""


def raised(value: Quantity, axes: int) -> Any:  # noqa: ANN401
    """Return a value of shape (..., 1) with further last axes of length 1; a scalar as it is."""
    if getattr(value, "ndim", 0) == 0:
        return value
    return value[(..., *[np.newaxis] * axes)]  # type: ignore[index]


class Covariance(Protocol):
    """A covariance of rows, or one at each node: arrays of shape (..., row)."""

    @property
    def variance(self) -> Quantity:
        """Of each row, in the outcome's unit squared; shape (..., row), or what broadcasts."""
        ...

    def solve(self, right: FloatArray) -> FloatArray:
        """Return the inverse times vectors of shape (..., row)."""
        ...

    def times(self, right: FloatArray) -> FloatArray:
        """Return the covariance times vectors of shape (..., row)."""
        ...

    def draw(self, shape: tuple[int, ...], generator: np.random.Generator) -> FloatArray:
        """Return normal deviates of this covariance, shape (..., row)."""
        ...

    def log_density(self, residual: FloatArray) -> FloatArray:
        """Return the log normal density of residuals by independent block: (..., block)."""
        ...

    def matrix(self, count: int) -> Any:  # noqa: ANN401  (an array, or a PyTensor variable)
        """Return it in full, shape (..., row, row), for a table of so many rows."""
        ...
