"""Covariances of rows by their structure, in arithmetic for NumPy arrays and PyTensor variables."""

from collections.abc import Mapping
from typing import NamedTuple

from bayesmeta.arrays import FloatArray

type Quantity = FloatArray | float
"""Numbers; the same arithmetic takes PyTensor variables, which carry no types."""


type Values = Mapping[str, Quantity]
"""Values of hyperparameters by name; arrays broadcast against the rows, shape (..., 1)."""


class Rows(NamedTuple):
    """What parts may look at of the rows of a table, each of shape (row,).

    Parameters
    ----------
    standard_error
        Of the estimates, in the outcome's unit.
    """

    standard_error: Quantity


class Conditional(NamedTuple):
    """Means and variances of study effects given their estimates and centres."""

    mean: Quantity
    variance: Quantity


class Diagonal(NamedTuple):
    """Rows that are independent of one another.

    Parameters
    ----------
    variance
        Of each row, in the outcome's unit squared; shape (..., row), or what broadcasts to it.

    Examples
    --------
    >>> Diagonal(9.0).plus(Diagonal(16.0))
    Diagonal(variance=25.0)
    """

    variance: Quantity

    def plus(self, other: "Diagonal") -> "Diagonal":
        """Return the covariance of a sum of independent terms."""
        return Diagonal(self.variance + other.variance)

    def given(self, sampling: "Diagonal", *, estimate: Quantity, centre: Quantity) -> Conditional:
        """Return the study effects, of this covariance around their centres, given estimates.

        With B = T / (S + T), T this variance and S the sampling variance::

            theta | y ~ Normal(c + B (y - c), B S)

        References
        ----------
        Gelman A et al. (2013). Bayesian Data Analysis, 3rd ed., equations 5.17 to 5.21.

        Examples
        --------
        >>> Diagonal(16.0).given(Diagonal(9.0), estimate=10.0, centre=0.0)
        Conditional(mean=6.4, variance=5.76)
        """
        kept = self.variance / self.plus(sampling).variance
        return Conditional(centre + kept * (estimate - centre), kept * sampling.variance)
