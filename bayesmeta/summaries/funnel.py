"""What a funnel plot draws: studies by their standard errors, and where estimates may lie."""

from statistics import NormalDist

import numpy as np
import pandas as pd

from bayesmeta.summaries.predictive import new_effect, new_estimates, require_data
from bayesmeta.summaries.quantities import require_level
from bayesmeta.summaries.view import Posterior, view_of

P_VALUES = (0.1, 0.05, 0.01)
"""Two-sided, around no effect."""
_LINES = 41
_BEYOND = 1.08


def funnel_table(posterior: Posterior) -> pd.DataFrame:
    """Return each study's estimate, its standard error and its two-sided p-value of no effect.

    Parameters
    ----------
    posterior
        From `fit` or `read_posterior`, or any ``DataTree`` with the names of `bayesmeta.schema`.

    Returns
    -------
    DataFrame
        A row a study, in file order: ``study``, ``estimate``, ``standard_error``, ``p``.

    Raises
    ------
    PosteriorError
        If the posterior does not hold the studies' data.

    Examples
    --------
    >>> import bayesmeta as bm
    >>> effects = bm.effect_sizes("examples/data/normand1999.csv", "MD", unit="days")
    >>> bm.funnel_table(bm.fit(effects, engine="exact"))["p"].round(3).head(2).to_list()
    [0.002, 0.166]
    """
    view = view_of(posterior)
    require_data(view, use="A funnel plot")
    data = view.studies
    ratio = np.abs(data.estimate / data.standard_error)
    p = np.array([2 * NormalDist().cdf(-value) for value in ratio.tolist()])
    return pd.DataFrame({"study": list(data.labels), "estimate": data.estimate,
                         "standard_error": data.standard_error, "p": p})  # fmt: skip


def funnel_bands(posterior: Posterior, *, interval: float = 0.95) -> pd.DataFrame:
    """Return where estimates may lie, by their standard error.

    Parameters
    ----------
    posterior
        From `fit` or `read_posterior`, or any ``DataTree`` with the names of `bayesmeta.schema`.
    interval
        Probability of the intervals.

    Returns
    -------
    DataFrame
        A row a standard error, from 0 on to a little beyond the largest: ``standard_error``;
        ``median``, ``lower``, ``upper``, the pooled effect, the same in each row; ``new_lower``,
        ``new_upper``, the estimate of a new study of that standard error, where the posterior
        says anything of new studies, else nan; and ``p_0.1``, ``p_0.05``, ``p_0.01``, the
        estimate above 0 with that two-sided p-value.

    Raises
    ------
    PosteriorError
        If the posterior does not hold the studies' data, or the interval is not between 0 and 1.

    Examples
    --------
    >>> import bayesmeta as bm
    >>> effects = bm.effect_sizes("examples/data/normand1999.csv", "MD", unit="days")
    >>> bands = bm.funnel_bands(bm.fit(effects, engine="exact"))
    >>> bands[["standard_error", "p_0.05"]].iloc[[0, -1]].round(2).values.tolist()
    [[0.0, 0.0], [13.24, 25.94]]
    """
    view = view_of(posterior)
    require_level(interval)
    require_data(view, use="A funnel plot")
    errors = np.linspace(0.0, _BEYOND * float(view.studies.standard_error.max()), _LINES)
    five = view.quantity(view.means[0]).statistics(interval)
    found = {"standard_error": errors, **{name: np.full(errors.shape, float(getattr(five, name)))
                                          for name in ("median", "lower", "upper")}}  # fmt: skip
    ends = np.full((2, len(errors)), np.nan)
    if new_effect(view) is not None:
        p = np.array([0.5 - interval / 2, 0.5 + interval / 2])
        ends = new_estimates(view, errors).quantile(p).T
    found |= {"new_lower": ends[0], "new_upper": ends[1]}
    found |= {f"p_{p:g}": NormalDist().inv_cdf(1 - p / 2) * errors for p in P_VALUES}
    return pd.DataFrame(found)
