"""Curves over the effect: how far a value is from what is believed, or was observed."""

import numpy as np
import pandas as pd
from scipy.special import ndtr

from bayesmeta import schema
from bayesmeta.summaries.predictive import new_effect, require_data
from bayesmeta.summaries.view import Posterior, view_of

_POINTS = 401
_REACH = 3.5
"""Standard errors to each side of an estimate that the curves show, of half the studies."""


def confidence_curves(posterior: Posterior) -> pd.DataFrame:
    """Return a curve for the pooled effect, that in a new study, and each study.

    Of a quantity with distribution function F, the curve at x is 2 min(F(x), 1 - F(x)): 1 at
    the median, and the central interval of probability q lies where the curve is above 1 - q. Of
    a study as it was observed, F is the normal distribution around its estimate, and the curve is
    the two-sided p-value of x.

    Parameters
    ----------
    posterior
        From `fit` or `read_posterior`, or any ``DataTree`` with the names of `bayesmeta.schema`.

    Returns
    -------
    DataFrame
        A row a value ``x`` of the effect (ratios as logarithms); ``mu``, ``theta_new`` where the
        posterior has one, and ``observed[study]`` for each study.

    Raises
    ------
    PosteriorError
        If the posterior does not hold the studies' data.

    References
    ----------
    Ruecker G, Schwarzer G (2021). Beyond the forest plot: the drapery plot. Res Synth Methods
    12(1):13-19.

    Examples
    --------
    >>> import bayesmeta as bm
    >>> effects = bm.effect_sizes("examples/data/normand1999.csv", "MD", unit="days")
    >>> posterior = bm.fit(effects, engine="exact")
    >>> curves = bm.confidence_curves(posterior)
    >>> known = curves["x"][curves["mu"] > 0.05]  # the central interval of 95 %
    >>> low, high = bm.interval(posterior, "mu")
    >>> bool(known.min() > low and known.max() < high)
    True
    """
    view = view_of(posterior)
    require_data(view, use="A drapery plot")
    data, ends = view.studies, np.array([0.001, 0.999])
    new = new_effect(view)
    names = [view.means[0], *([] if new is None else [new])]
    reach = _REACH * float(np.median(data.standard_error))
    span = [0.0, *(data.estimate - reach), *(data.estimate + reach)]
    span += [*view.quantity(names[0]).quantile(ends)]
    x = np.linspace(min(span), max(span), _POINTS)
    found = {"x": x}
    for name, label in zip(names, (schema.MU, schema.THETA_NEW), strict=False):
        below = view.quantity(name).cdf(x)
        found[label] = 2 * np.minimum(below, 1 - below)
    z = (x[:, np.newaxis] - data.estimate) / data.standard_error
    observed = 2 * ndtr(-np.abs(z))
    found |= {f"observed[{label}]": observed[:, row] for row, label in enumerate(data.labels)}
    return pd.DataFrame(found)
