"""The covariance of study effects around their centres, biases of their own included."""

from typing import Protocol

import numpy as np

from bayesmeta.biases.part import Bias
from bayesmeta.covariance import Covariance, Diagonal, Rows, Values, total


class _Spreading(Protocol):
    def covariance(self, values: Values, rows: Rows) -> Covariance:
        """Return the covariance of study effects around their centres."""
        ...


def spread_of(heterogeneity: _Spreading, bias: Bias, values: Values, rows: Rows) -> Covariance:
    """Return the covariance that both parts give together."""
    own, further = heterogeneity.covariance(values, rows), bias.variance(values, rows)
    if np.ndim(further) == 0:
        return own
    return total(own, Diagonal(further))
