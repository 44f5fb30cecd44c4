"""What data-dependent priors look at."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.errors import PriorError
from bayesmeta.measures.typical_variance import typical_variance

_BLOCK = 2048  # studies at a time: bounds memory at nodes x block
STEP = 0.125  # of log tau: the error is exp(-pi**2 / (2 * step)) in the cdf, its square in the mass


@dataclass(frozen=True, eq=False)
class Context:
    """The standard errors and the design that a data-dependent prior looks at.

    Parameters
    ----------
    standard_error
        Shape (study,), positive.
    design
        Shape (study, coefficient), its first column ones; None stands for that column alone.
    """

    standard_error: FloatArray
    design: FloatArray | None = None

    @property
    def coefficients(self) -> int:
        """The number of columns of the design, p."""
        return 1 if self.design is None else int(self.design.shape[1])

    @cached_property
    def harmonic_sd(self) -> float:
        """The root of the harmonic mean of the squared standard errors, s0."""
        smallest = float(np.min(self.standard_error))
        return smallest / float(np.sqrt(np.mean((smallest / self.standard_error) ** 2)))

    @cached_property
    def typical_sd(self) -> float:
        """The root of Higgins and Thompson's (2002) typical variance, (k - p) / trace(P)."""
        k = self.standard_error.size
        columns = np.ones((k, 1)) if self.design is None else self.design
        # Relative to the smallest error, so that its square is within range.
        smallest = float(np.min(self.standard_error))
        found = typical_variance(self.standard_error / smallest, columns)
        if found is None:
            raise PriorError(
                f"I2 needs more studies than coefficients; there are {k} and {self.coefficients}."
            )
        return smallest * float(np.sqrt(found))

    def log_weight_sum(self, log_tau: FloatArray, *, power: float) -> FloatArray:
        """Return log(sum((s**2 + tau**2)**-power)), in the shape of tau."""
        total = np.full(log_tau.shape, -np.inf)
        for block in self._log_variances(log_tau):
            total = np.logaddexp(total, np.logaddexp.reduce(-power * block, axis=-1))
        return total

    def mean_log_variance(self, log_tau: FloatArray) -> FloatArray:
        """Return mean(log(s**2 + tau**2)), in the shape of tau."""
        total = sum(
            (block.sum(axis=-1) for block in self._log_variances(log_tau)),
            start=np.zeros(log_tau.shape),
        )
        return total / self.standard_error.size

    def log_information(self, log_tau: FloatArray) -> FloatArray:
        """Return log(det(X' W X)) with W = diag(1 / (s**2 + tau**2)), in the shape of tau."""
        if self.design is None or self.coefficients == 1:
            return self.log_weight_sum(log_tau, power=1.0)
        # Weights relative to the largest keep the determinant within range.
        offset: FloatArray = np.logaddexp(2 * np.log(np.min(self.standard_error)), 2 * log_tau)
        information = np.zeros((*log_tau.shape, self.coefficients, self.coefficients))
        for rows, block in zip(self._blocks(), self._log_variances(log_tau), strict=True):
            weight = np.exp(offset[..., np.newaxis] - block)
            information += np.einsum(
                "...i,ia,ib->...ab", weight, self.design[rows], self.design[rows]
            )
        log_determinant: FloatArray = np.linalg.slogdet(information)[1]
        return log_determinant - self.coefficients * offset

    @cached_property
    def conventional(self) -> tuple[FloatArray, FloatArray]:
        """Log tau, and the log of prod(tau / (s**2 + tau**2)**(3/2))**(1/k) * tau there."""
        # The second falls as exp(2u) on the left of u = log(tau), as exp(-u) on its right.
        logs = np.log(self.standard_error)
        u = np.arange(np.min(logs) - 20, np.max(logs) + 40, STEP)
        return u, 2 * u - 1.5 * self.mean_log_variance(u)

    @cached_property
    def log_conventional_mass(self) -> float:
        """The log of the integral of prod(tau / (s**2 + tau**2)**(3/2))**(1/k) over tau."""
        return float(np.logaddexp.reduce(self.conventional[1]) + np.log(STEP))

    def _blocks(self) -> list[slice]:
        return [slice(at, at + _BLOCK) for at in range(0, self.standard_error.size, _BLOCK)]

    def _log_variances(self, log_tau: FloatArray) -> list[FloatArray]:
        twice = 2 * log_tau[..., np.newaxis]
        logs = 2 * np.log(self.standard_error)
        return [np.logaddexp(logs[rows], twice) for rows in self._blocks()]
