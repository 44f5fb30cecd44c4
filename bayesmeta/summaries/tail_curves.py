"""Probabilities of an effect beyond each value, as a curve."""

import numpy as np
import pandas as pd

from bayesmeta.summaries.predictive import new_effect
from bayesmeta.summaries.tails import distance
from bayesmeta.summaries.view import Posterior, view_of

_POINTS = 401
_FAR = 0.005


def tail_curve(
    posterior: Posterior, *, minimal_important_difference: float | None = None
) -> pd.DataFrame:
    """Return P(effect > c) and P(effect in a new study > c) for values c.

    Parameters
    ----------
    posterior
        From `fit` or `read_posterior`, or any ``DataTree`` with the names of `bayesmeta.schema`.
    minimal_important_difference
        Above 0; c goes on to both its sides of no effect. For ratio measures a ratio.

    Returns
    -------
    DataFrame
        ``c`` (ratios as logarithms), over what is probable of both effects and 0; ``p_above``
        of the pooled effect, ``p_above_new`` of the effect in a new study (nan where the
        posterior has none).

    Raises
    ------
    PosteriorError
        If the difference is not above 0 (for a ratio: is 1).

    Examples
    --------
    >>> import bayesmeta as bm
    >>> effects = bm.effect_sizes("examples/data/normand1999.csv", "MD", unit="days")
    >>> found = bm.tail_curve(bm.fit(effects, engine="exact"))
    >>> bool((found["p_above"].diff().dropna() <= 0).all())
    True
    """
    view = view_of(posterior)
    new = new_effect(view)
    shown = [view.quantity(name) for name in (view.means[0], new) if name is not None]
    ends = np.concatenate([each.quantile(np.array([_FAR, 1 - _FAR])).ravel() for each in shown])
    away = 0.0
    if minimal_important_difference is not None:
        away = 1.1 * distance(view.word("measure"), minimal_important_difference)
    c = np.linspace(min(-away, *ends, 0.0), max(away, *ends, 0.0), _POINTS)
    above = [1 - each.cdf(c) for each in shown]
    missing = np.full(c.shape, np.nan)
    table = pd.DataFrame({"c": c, "p_above": above[0], "p_above_new": above[1] if new else missing})
    table.attrs = {"quantity": view.means[0], "new": new or ""}
    return table
