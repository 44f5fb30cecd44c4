"""Study effects given their estimates and centres, whatever covariances they have."""

from typing import NamedTuple

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.covariance.blocks import Blocks
from bayesmeta.covariance.clustered import Clustered
from bayesmeta.covariance.contract import Covariance, Quantity
from bayesmeta.covariance.diagonal import Diagonal
from bayesmeta.covariance.sums import in_blocks, outer, total


class Shrinkage(NamedTuple):
    """How study effects follow from estimates.

    With T the covariance of the effects around their centres, S that of the estimates around
    them, V = S + T and K = T V^-1, estimates y with centres c::

        theta | y ~ Normal(c + K (y - c), T - K T)

    Parameters
    ----------
    spread, sampling
        T and S.

    References
    ----------
    Gelman A et al. (2013). Bayesian Data Analysis, 3rd ed., equations 5.17 to 5.21.
    Lindley DV, Smith AFM (1972). Bayes estimates for the linear model. J R Stat Soc B 34:1-41.

    Examples
    --------
    >>> found = Shrinkage(Diagonal(16.0), Diagonal(9.0))
    >>> found.gain(np.array([10.0])), found.left(1)
    (array([6.4]), array([5.76]))
    """

    spread: Covariance
    sampling: Covariance

    def gain(self, residual: FloatArray) -> FloatArray:
        """Return K times residuals of shape (..., row)."""
        if self.independent:
            return np.asarray(self._kept * residual)
        return self.spread.times(total(self.spread, self.sampling).solve(residual))

    @property
    def independent(self) -> bool:
        """Whether all rows are independent."""
        return isinstance(self.spread, Diagonal) and isinstance(self.sampling, Diagonal)

    @property
    def _kept(self) -> Quantity:
        """T / (T + S) of independent rows."""
        return self.spread.variance / (self.spread.variance + self.sampling.variance)

    def left(self, count: int) -> FloatArray:
        """Return the diagonal of T - K T, shape (..., row), for a table of so many rows."""
        spread, sampling = self.spread, self.sampling
        if self.independent:
            return np.asarray(self._kept * sampling.variance * np.ones(count))
        if isinstance(sampling, Diagonal) and isinstance(spread, Clustered):
            return spread.left_by(sampling.variance)
        groups = outer(spread, sampling)
        effects, estimates = (in_blocks(each, groups) for each in (spread, sampling))
        solved = np.linalg.solve(
            Blocks(effects.block + estimates.block, groups).whole, effects.alone
        )
        variance = np.einsum("...ii->...i", effects.alone - effects.alone @ solved)
        return np.asarray(variance[..., groups.code, groups.place])

    def draw(self, residual: FloatArray, generator: np.random.Generator) -> FloatArray:
        """Return draws of theta - c given residuals y - c of shape (..., row).

        Where rows are not independent, by drawing effects and estimates, and moving them to the
        ones observed (Matheron's rule).
        """
        if self.independent:
            noise = generator.standard_normal(residual.shape)
            return np.asarray(self.gain(residual) + np.sqrt(self.left(1)) * noise)
        effect = self.spread.draw(residual.shape, generator)
        estimate = effect + self.sampling.draw(residual.shape, generator)
        return np.asarray(effect + self.gain(residual - estimate))
