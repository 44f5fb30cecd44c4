"""HE: the method of moments without weights."""

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.frequentist.estimators.moments import moment_estimate
from bayesmeta.frequentist.weighting import Data


def estimate(data: Data) -> FloatArray:
    """Return the residual variance of the estimates less their mean sampling variance, or 0.

    References
    ----------
    Hedges LV, Olkin I (1985). Statistical Methods for Meta-Analysis, chapter 9.
    """
    return moment_estimate(data, np.ones_like(data.variance))
