"""How much of the heterogeneity the moderators explain."""

import math

from numpy.typing import ArrayLike

from bayesmeta.frequentist.design import mean_only
from bayesmeta.frequentist.entry import as_data
from bayesmeta.frequentist.pooling import between_study_variance, require_estimator
from bayesmeta.measures.effects import Effects


def variance_explained(
    effects: Effects | ArrayLike,
    variance: ArrayLike | None = None,
    *,
    design: ArrayLike,
    method: str = "REML",
) -> float:
    """Return R2 = 1 - tau2 with / tau2 without moderators, a fraction, not below zero.

    Not a number where there is no heterogeneity to explain. With few studies R2 is very
    uncertain: with k < 40 it is often far off (Lopez-Lopez et al. 2014).

    Parameters
    ----------
    effects, variance, method
        As for `pool`.
    design
        Shape (study, coefficient), with the intercept.

    Raises
    ------
    StudiesError
        If an estimate is not finite, or a variance not above 0.
    ModelError
        If the design has not a row a study, or there is no such method.

    References
    ----------
    Raudenbush SW (2009), in Cooper H et al., The Handbook of Research Synthesis and
    Meta-Analysis, 2nd ed., 295-315; Lopez-Lopez JA et al. (2014). Br J Math Stat Psychol 67:30-48.

    Examples
    --------
    >>> variance_explained([0.0, 4.0, 8.0, 12.0], [0.1] * 4,
    ...                    design=[[1, 0], [1, 1], [1, 2], [1, 3]])
    1.0
    """
    require_estimator(method)
    within = as_data(effects, variance, design)
    without = within._replace(design=mean_only(within.k))
    total = float(between_study_variance(without, method))
    residual = float(between_study_variance(within, method))
    return max(0.0, 1.0 - residual / total) if total > 0.0 else math.nan
