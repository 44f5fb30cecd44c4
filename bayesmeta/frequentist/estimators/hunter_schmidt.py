"""HS: Q against the number of studies."""

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.frequentist.weighting import Data, q, weigh


def estimate(data: Data) -> FloatArray:
    """Return tau2 = (Q - k) / sum(w), or 0; biased downwards.

    References
    ----------
    Hunter JE, Schmidt FL (1990). Methods of Meta-Analysis; in this form Viechtbauer W (2005).
    J Educ Behav Stat 30:261-293.
    """
    fit = weigh(data, 0.0)
    return np.maximum((q(fit) - data.k) / fit.weight.sum(axis=-1), 0.0)
