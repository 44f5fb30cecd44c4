"""REML: the highest point of the likelihood of the error contrasts."""

from bayesmeta.arrays import FloatArray
from bayesmeta.frequentist.likelihood import RESTRICTED
from bayesmeta.frequentist.modes import global_mode
from bayesmeta.frequentist.weighting import Data


def estimate(data: Data) -> FloatArray:
    """Return the global maximum over tau2 >= 0 of the restricted likelihood.

    References
    ----------
    Viechtbauer W (2005). J Educ Behav Stat 30:261-293.
    """
    return global_mode(data, RESTRICTED)
