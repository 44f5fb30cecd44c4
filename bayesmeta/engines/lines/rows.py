"""What rows say of a centre: their likelihoods, spread by normals of given variances."""

from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np
from scipy.special import ndtr

from bayesmeta.arrays import BoolArray, FloatArray


class Slopes(NamedTuple):
    """First derivative of the log in the centre, and how fast it surely falls, (..., row)."""

    slope: FloatArray
    curvature: FloatArray


class Rows(Protocol):
    """Likelihoods of rows, each convolved with a normal distribution."""

    def __len__(self) -> int:
        """Return how many rows there are."""
        ...

    def take(self, rows: BoolArray) -> "Rows":
        """Return some of the rows."""
        ...

    def rough(self) -> tuple[FloatArray, FloatArray]:
        """Return about where each likelihood lies, and its variance there, shape (row,)."""
        ...

    def log_spread(
        self, centre: FloatArray, variance: FloatArray, log_weight: FloatArray | float = 0.0
    ) -> FloatArray:
        """Return the log of the integral of L(theta) Normal(theta; centre, variance), weighted.

        Parameters
        ----------
        centre, variance, log_weight
            They broadcast against each other, the last axis the row.
        """
        ...

    @property
    def least(self) -> FloatArray:
        """Logs of integrals below which they are not known, shape (row,)."""
        ...

    @property
    def kinks(self) -> tuple[float, ...]:
        """Effects at which the likelihoods are not smooth."""
        ...

    def slopes(self, centre: FloatArray, variance: FloatArray) -> Slopes:
        """Return its derivatives in the centre."""
        ...

    def log_likelihood(self, theta: FloatArray) -> FloatArray:
        """Return log L at theta, shape (..., row)."""
        ...

    def below(self, theta: FloatArray) -> FloatArray:
        """Return the probability of data below the rows' own at theta, shape (..., row)."""
        ...


@dataclass(frozen=True, eq=False)
class NormalRows:
    """Estimates with known standard errors: all is closed form.

    Parameters
    ----------
    estimate, variance
        Shape (row,).
    """

    estimate: FloatArray
    variance: FloatArray

    def __len__(self) -> int:
        """Return how many rows there are."""
        return self.estimate.size

    def take(self, rows: BoolArray) -> "NormalRows":
        """Return some of the rows."""
        return NormalRows(self.estimate[rows], self.variance[rows])

    def rough(self) -> tuple[FloatArray, FloatArray]:
        """Return the estimates and their variances."""
        return self.estimate, self.variance

    def log_spread(
        self, centre: FloatArray, variance: FloatArray, log_weight: FloatArray | float = 0.0
    ) -> FloatArray:
        """Return Normal(estimate; centre, own variance + variance), weighted."""
        total = self.variance + variance
        constant = log_weight - 0.5 * np.log(2 * np.pi * total)
        found = (self.estimate - centre) ** 2 * (-0.5 / total)
        found += constant
        return np.asarray(found)

    @property
    def kinks(self) -> tuple[float, ...]:
        """None."""
        return ()

    @property
    def least(self) -> FloatArray:
        """Nothing: a normal is known everywhere."""
        return np.full(len(self), -np.inf)

    def slopes(self, centre: FloatArray, variance: FloatArray) -> Slopes:
        """Return its derivatives in the centre."""
        precision = 1 / (self.variance + variance)
        return Slopes((self.estimate - centre) * precision, precision)

    def log_likelihood(self, theta: FloatArray) -> FloatArray:
        """Return log L at theta, shape (..., row)."""
        return self.log_spread(theta, np.zeros(1))

    def below(self, theta: FloatArray) -> FloatArray:
        """Return the normal probability of an estimate below the rows' own."""
        return np.asarray(ndtr((self.estimate - theta) / np.sqrt(self.variance)))
