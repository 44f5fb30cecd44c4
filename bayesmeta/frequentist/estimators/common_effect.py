"""CE: no between-study variance at all."""

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.frequentist.weighting import Data


def estimate(data: Data) -> FloatArray:
    """Return zero; the only row that a single study can give in full."""
    return np.zeros(data.estimate.shape[:-1])
