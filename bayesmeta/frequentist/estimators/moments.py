"""The general method of moments for the between-study variance."""

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.frequentist.weighting import Data, leftover, q, weigh


def moment_estimate(data: Data, weight: FloatArray) -> FloatArray:
    """Return tau2 that makes the weighted Q equal its expectation, or 0.

    With P made of the given weights a, V the sampling variances::

        E[y' P y] = tr(P V) + tau2 tr(P)

    References
    ----------
    DerSimonian R, Kacker R (2007). Contemp Clin Trials 28:105-114, equation 6.
    """
    fit = weigh(data.reweighted(weight), 0.0)
    diagonal = leftover(fit)
    expected = (diagonal * data.variance).sum(axis=-1)
    return np.maximum((q(fit) - expected) / diagonal.sum(axis=-1), 0.0)
