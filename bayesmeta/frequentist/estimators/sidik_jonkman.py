"""SJ: the crude variance of the estimates, corrected once by its own weights."""

from bayesmeta.arrays import FloatArray
from bayesmeta.frequentist.weighting import Data, q, weigh


def estimate(data: Data) -> FloatArray:
    """Return tau2 = crude * Q(crude) / (k - p), with crude = sum((y - mean(y))**2) / k.

    Positive unless all estimates are equal, also where no other estimator finds heterogeneity.

    References
    ----------
    Sidik K, Jonkman JN (2005). J R Stat Soc C 54:367-384.
    """
    centred = data.estimate - data.estimate.mean(axis=-1, keepdims=True)
    crude = (centred**2).mean(axis=-1)
    return crude * q(weigh(data, crude)) / data.spare
