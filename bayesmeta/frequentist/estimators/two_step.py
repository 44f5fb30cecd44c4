"""DL2: the method of moments, weighted by what DerSimonian and Laird gave."""

from bayesmeta.arrays import FloatArray
from bayesmeta.frequentist.estimators import dersimonian_laird
from bayesmeta.frequentist.estimators.moments import moment_estimate
from bayesmeta.frequentist.weighting import Data


def estimate(data: Data) -> FloatArray:
    """Return the moment estimate with weights 1 / (variance + tau2 of DL).

    References
    ----------
    DerSimonian R, Kacker R (2007). Contemp Clin Trials 28:105-114.
    """
    first = dersimonian_laird.estimate(data)
    return moment_estimate(data, 1.0 / (data.variance + first[..., None]))
