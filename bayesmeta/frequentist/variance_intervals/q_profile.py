"""Q-profile: the between-study variances at which Q is not surprising."""

import math

import numpy as np

from bayesmeta.frequentist.distributions import chi_square_quantile
from bayesmeta.frequentist.roots import variance_where_q_is
from bayesmeta.frequentist.weighting import Data


def interval(data: Data, level: float) -> tuple[float, float]:
    """Return tau2 where Q(tau2) meets the chi-square quantiles; exact under the model.

    Both limits are 0 where even tau2 = 0 makes Q surprisingly small; both are nan with as many
    coefficients as studies.

    References
    ----------
    Viechtbauer W (2007). Stat Med 26:37-52.

    Examples
    --------
    >>> from bayesmeta.frequentist.entry import as_data
    >>> schools = as_data([28.0, 8, -3, 7, -1, 1, 18, 12],
    ...                   np.array([15.0, 10, 16, 11, 9, 11, 10, 18]) ** 2)
    >>> lower, upper = interval(schools, 0.95)
    >>> round(lower, 1), round(upper, 1)
    (0.0, 270.4)
    """
    if not data.spare:
        return math.nan, math.nan
    tail = 0.5 * (1.0 - level)
    target = [chi_square_quantile(each, data.spare) for each in (tail, 1.0 - tail)]
    lower, upper = variance_where_q_is(data.spread(), np.array(target))
    return float(lower), float(upper)
