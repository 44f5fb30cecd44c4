"""EB: Morris's empirical Bayes variance."""

from bayesmeta.arrays import FloatArray
from bayesmeta.frequentist.estimators import paule_mandel
from bayesmeta.frequentist.weighting import Data


def estimate(data: Data) -> FloatArray:
    """Return the fixed point of Morris's iteration, which is Paule and Mandel's root.

    Morris's step stands still where Q(tau2) * k / (k - p) = k. The iteration may stop
    short of that; the root is what it is after.

    References
    ----------
    Morris CN (1983). J Am Stat Assoc 78:47-55; Viechtbauer W, Lopez-Lopez JA, Sanchez-Meca J,
    Marin-Martinez F (2015). Psychol Methods 20:360-374.
    """
    return paule_mandel.estimate(data)
