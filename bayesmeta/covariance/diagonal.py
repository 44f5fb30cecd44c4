"""Rows that are independent of one another."""

from typing import Any, NamedTuple

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.covariance.contract import Quantity


class Diagonal(NamedTuple):
    """Rows that are independent of one another.

    Parameters
    ----------
    variance
        Of each row, in the outcome's unit squared; shape (..., row), or what broadcasts to it.

    Examples
    --------
    >>> Diagonal(4.0).solve(np.array([2.0, 6.0]))
    array([0.5, 1.5])
    """

    variance: Quantity

    def solve(self, right: FloatArray) -> FloatArray:
        """Return the inverse times vectors."""
        return np.asarray(right / self.variance)

    def times(self, right: FloatArray) -> FloatArray:
        """Return the covariance times vectors."""
        return np.asarray(right * self.variance)

    def draw(self, shape: tuple[int, ...], generator: np.random.Generator) -> FloatArray:
        """Return normal deviates of this covariance."""
        return np.asarray(np.sqrt(self.variance) * generator.standard_normal(shape))

    def log_density(self, residual: FloatArray) -> FloatArray:
        """Return the log normal density of each row's residual."""
        log_variance = np.log(2 * np.pi * self.variance)
        return np.asarray(-0.5 * (residual**2 / self.variance + log_variance))

    def matrix(self, count: int) -> Any:  # noqa: ANN401
        """Return it in full."""
        variance = self.variance * np.ones(count)
        return variance[..., np.newaxis, :] * np.eye(count)
