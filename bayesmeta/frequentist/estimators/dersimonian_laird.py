"""DL: the method of moments with inverse-variance weights."""

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.frequentist.weighting import Data, q, trace, weigh


def estimate(data: Data) -> FloatArray:
    """Return tau2 = (Q - (k - p)) / tr(P), or 0.

    References
    ----------
    DerSimonian R, Laird N (1986). Control Clin Trials 7:177-188.
    """
    fit = weigh(data, 0.0)
    return np.maximum((q(fit) - data.spare) / trace(fit), 0.0)
