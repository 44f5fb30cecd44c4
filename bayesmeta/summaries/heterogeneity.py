"""The table of heterogeneity: how much study effects differ."""

import numpy as np
import pandas as pd

from bayesmeta import schema
from bayesmeta.measures.typical_variance import typical_variance
from bayesmeta.summaries.quantities import require_level
from bayesmeta.summaries.summary import numbers
from bayesmeta.summaries.view import Posterior, View, view_of


def heterogeneity(
    posterior: Posterior, *, interval: float = 0.95, shortest: bool = False
) -> pd.DataFrame:
    """Return tau, tau², I² and H² with their errors, and the numbers they rest on.

    I² = tau² / (tau² + v) and H² = 1 + tau² / v, where v is the typical sampling variance
    (Higgins, Thompson 2002, Stat Med 21:1539-1558, equation 9).

    Parameters
    ----------
    posterior
        From `fit` or `read_posterior`, or any ``DataTree`` with the names of `bayesmeta.schema`.
    interval, shortest
        Probability of the intervals; whether they are the shortest ones, else they are central.

    Returns
    -------
    DataFrame
        Rows ``tau, tau2, I2, H2``, and what follows from further hyperparameters (without those
        that the model lacks; I² and H² are of posteriors that say they are normal-normal) with
        ``mean, sd, median, lower, upper, error``; then ``typical_variance`` and ``prior_weight``
        (the prior's share in mu, a fraction), known numbers that stand under ``median`` alone.

    Raises
    ------
    PosteriorError
        If the posterior lacks ``mu``, or the interval is not between 0 and 1.

    Examples
    --------
    Specialist stroke care, length of stay in days (Normand 1999):

    >>> import bayesmeta as bm
    >>> table = bm.read_studies("examples/data/normand1999.csv")
    >>> effects = bm.effect_sizes(table, "MD", unit="days")
    >>> priors = {"mu": "flat", "tau": "HalfNormal(sigma=10)"}
    >>> posterior = bm.fit(effects, priors=priors, engine="exact")
    >>> found = bm.heterogeneity(posterior).rename_axis(None)
    >>> found.loc[["tau", "I2"], ["median", "lower", "upper"]].round(3)
         median   lower   upper
    tau  20.887  14.257  30.546
    I2    0.984   0.966   0.992
    """
    view = view_of(posterior)
    require_level(interval)
    known = view.names.every
    rows = {
        name: numbers(
            view.quantity(name),
            view.moments(name),
            signed=view.has_sign(name),
            level=interval,
            shortest=shortest,
        )
        for name in (*view.hyperparameters, *view.follows.derived, schema.TAU2, schema.I2)
        if name in known
    }
    typical = _typical(view)
    if schema.TAU2 in rows and np.isfinite(typical) and view.is_normal_normal:
        rows["H2"] = _ratio(view, rows[schema.TAU2], typical)
    rows["typical_variance"] = {"median": typical}
    rows["prior_weight"] = {"median": view.prior_weight}
    columns = ["mean", "sd", "median", "lower", "upper", "error"]
    table = pd.DataFrame.from_dict(rows, orient="index", columns=columns)
    return table.rename_axis("quantity")


def _typical(view: View) -> float:
    data = view.studies
    if not data.known or not data.labels:
        return np.nan
    found = typical_variance(data.standard_error, data.design)
    return np.nan if found is None else found


def _ratio(view: View, row: dict[str, float], typical: float) -> dict[str, float]:
    """Return H² from tau²: a straight line, so each number goes with it."""
    spread = {name: row[name] / typical for name in ("sd", "error")}
    where = {name: 1 + row[name] / typical for name in ("mean", "median", "lower", "upper")}
    where["mean"] = where["mean"] if view.moments(schema.TAU2) >= 1 else np.inf
    return where | spread
