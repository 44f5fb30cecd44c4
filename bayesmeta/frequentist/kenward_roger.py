"""Kenward and Roger's interval: REML, with the uncertainty of tau2 in se and t alike."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from bayesmeta.errors import ModelError
from bayesmeta.frequentist.distributions import two_sided_quantile
from bayesmeta.frequentist.entry import as_data
from bayesmeta.frequentist.pooling import pool
from bayesmeta.frequentist.weighting import coefficients, trace_of_square, weigh
from bayesmeta.measures.effects import Effects, FloatArray


class KenwardRoger(NamedTuple):
    """REML coefficients; every array has shape (coefficient,)."""

    coefficients: FloatArray
    se: FloatArray
    degrees_of_freedom: FloatArray
    lower: FloatArray
    upper: FloatArray
    tau2: float


def kenward_roger(
    effects: Effects | ArrayLike,
    variance: ArrayLike | None = None,
    design: ArrayLike | None = None,
    *,
    interval: float = 0.95,
) -> KenwardRoger:
    """Return REML coefficients with Kenward and Roger's standard errors and t intervals.

    tau2 is the only variance parameter and enters the variances linearly, so the method has a
    closed form. With W the weights at tau2, C = (X' W X)^-1 and v = 2 / trace(P P), the variance
    of tau2 by its expected information::

        covariance         = C + 2 v C (X' W^3 X - X' W^2 X C X' W^2 X) C
        degrees of freedom = 2 C[j, j]^2 / (v (C X' W^2 X C)[j, j]^2)

    For a single coefficient Kenward and Roger's F, its scale included, is t on these degrees of
    freedom. With equal variances it is the t interval of the estimates' mean, on k - 1. With
    few, unequal studies it is wide: five with standard errors of 0.3 to 1.5 and tau of 0.3 or 0.8
    were covered in all of 3000 simulations, where tau2 = 0 leaves t hardly any freedom.

    Parameters
    ----------
    effects, variance, design, interval
        As for `pool`.

    Raises
    ------
    StudiesError, ModelError
        If the arrays, the design or the level cannot be used, or there are no more studies
        than coefficients.

    References
    ----------
    Kenward MG, Roger JH (1997). Biometrics 53:983-997; in meta-analysis Partlett C, Riley RD
    (2017). Stat Med 36:301-317.

    Examples
    --------
    >>> found = kenward_roger([1.0, 2.0, 6.0], [1.0, 1.0, 1.0])
    >>> found.se.round(6), found.degrees_of_freedom.round(6)
    (array([1.527525]), array([2.]))
    """
    data = as_data(effects, variance, design)
    if not data.spare:
        raise ModelError(f"{data.k} studies are too few for as many coefficients; add studies.")
    reml = pool(data.estimate, data.variance, data.design, method="REML", interval=interval)
    fit = weigh(data, reml.tau2)
    estimate, covariance = coefficients(fit)
    squared, cubed = (data.design.T @ (fit.weight**power * data.design.T).T for power in (2, 3))
    spread = 2.0 / trace_of_square(fit)
    slope = covariance @ squared @ covariance
    correction = covariance @ cubed @ covariance - slope @ squared @ covariance
    se = np.sqrt(np.diagonal(covariance + 2.0 * spread * correction))
    freedom = 2.0 * np.diagonal(covariance) ** 2 / (spread * np.diagonal(slope) ** 2)
    half = se * [two_sided_quantile(interval, float(each)) for each in freedom]
    return KenwardRoger(estimate, se, freedom, estimate - half, estimate + half, reml.tau2)
