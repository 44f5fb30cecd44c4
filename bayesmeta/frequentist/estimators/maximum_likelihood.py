"""ML: the highest point of the likelihood."""

from bayesmeta.arrays import FloatArray
from bayesmeta.frequentist.likelihood import FULL
from bayesmeta.frequentist.modes import global_mode
from bayesmeta.frequentist.weighting import Data


def estimate(data: Data) -> FloatArray:
    """Return the global maximum over tau2 >= 0; biased downwards, for it spends no df on b.

    References
    ----------
    Hardy RJ, Thompson SG (1996). Stat Med 15:619-629.
    """
    return global_mode(data, FULL)
