"""Pool many meta-analyses at once, for simulations."""

from typing import NamedTuple

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.frequentist.design import design_of, mean_only
from bayesmeta.frequentist.distributions import two_sided_quantile
from bayesmeta.frequentist.inference import infer
from bayesmeta.frequentist.pooling import between_study_variance
from bayesmeta.frequentist.weighting import Data


class Pooled(NamedTuple):
    """Results of a batch, each of shape (...,), at the mean row of the design.

    ``pi_lower`` and ``pi_upper`` are metafor's prediction interval, as in `Fit`.
    """

    mu: FloatArray
    se: FloatArray
    lower: FloatArray
    upper: FloatArray
    pi_lower: FloatArray
    pi_upper: FloatArray
    tau2: FloatArray


def between_study_variances(
    estimate: FloatArray, variance: FloatArray, design: FloatArray | None = None, *, method: str
) -> FloatArray:
    """Return tau2 of each meta-analysis; arguments as for `pool_many`."""
    return between_study_variance(_data(estimate, variance, design), method)


def pool_many(
    estimate: FloatArray,
    variance: FloatArray,
    tau2: FloatArray,
    *,
    design: FloatArray | None = None,
    test: str = "z",
    interval: float = 0.95,
) -> Pooled:
    """Return what `pool` gives for each meta-analysis, at the given between-study variances.

    Parameters
    ----------
    estimate
        Shape (..., study), not checked.
    variance
        Sampling variances, of a shape that broadcasts to the estimates'.
    tau2
        Shape (...,), from `between_study_variances`; one serves several tests.
    design
        Shape (study, coefficient), the same for all; a column of ones where absent.
    test, interval
        As for `pool`.

    Examples
    --------
    >>> estimate, variance = np.array([[1.0, 2.0, 6.0], [1.0, 1.0, 4.0]]), np.ones((2, 3))
    >>> tau2 = between_study_variances(estimate, variance, method="DL")
    >>> pool_many(estimate, variance, tau2).mu
    array([3., 2.])
    """
    data = _data(estimate, variance, design)
    inference = infer(data, tau2, test)
    mu, squared = inference.mu, inference.reference.scale * inference.mu_variance
    critical = two_sided_quantile(interval, inference.reference.degrees_of_freedom)
    half, wide = critical * np.sqrt(squared), critical * np.sqrt(squared + tau2)
    return Pooled(mu, np.sqrt(squared), mu - half, mu + half, mu - wide, mu + wide, tau2)


def _data(estimate: FloatArray, variance: FloatArray, design: FloatArray | None) -> Data:
    found = mean_only(estimate.shape[-1]) if design is None else design_of(design)
    return Data(estimate, np.broadcast_to(variance, estimate.shape), found)
