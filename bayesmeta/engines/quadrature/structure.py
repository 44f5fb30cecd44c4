"""What the parts of a model say of covariances, asked by the quadrature core."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.covariance import Rows, Values
from bayesmeta.random_effects import HETEROGENEITY, Heterogeneity
from bayesmeta.sampling import SAMPLING, Sampling
from bayesmeta.schema import TAU


@dataclass(frozen=True)
class Structure:
    """The parts that give covariances, and which hyperparameter the core integrates.

    Parameters
    ----------
    heterogeneity, sampling
        The parts.
    inner
        Name of the hyperparameter that the core integrates: the one that its rule walks.
    fixed
        Values of the hyperparameters that are not integrated at all.
    """

    heterogeneity: Heterogeneity = HETEROGENEITY["normal"]
    sampling: Sampling = SAMPLING["independent"]
    inner: str = TAU
    fixed: Mapping[str, float] = field(default_factory=dict)

    def spread(self, values: Values, rows: Rows) -> FloatArray:
        """Return the variances of study effects around their centres, shape (..., node, row).

        Parameters
        ----------
        values
            Of the other hyperparameters, each of shape (..., node).
        rows
            Standard errors of shape (..., 1, row).
        """
        return np.asarray(self.heterogeneity.covariance(self._by_row(values), rows).variance)

    def sampled(self, values: Values, rows: Rows) -> FloatArray:
        """Return the variances of estimates around study effects, as `spread`."""
        return np.asarray(self.sampling.covariance(self._by_row(values), rows).variance)

    def new_variance(self, values: Values) -> FloatArray:
        """Return the variance of a new study's effect around its centre, shape (..., node)."""
        return np.asarray(self.heterogeneity.new_variance({**values, **self.fixed}))

    def _by_row(self, values: Values) -> Values:
        spread = {name: np.asarray(array)[..., np.newaxis] for name, array in values.items()}
        return {**spread, **self.fixed}


NORMAL = Structure()
"""Normal study effects, independent estimates: one tau."""
