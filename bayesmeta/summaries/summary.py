"""The main table: one row a parameter."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from bayesmeta import schema
from bayesmeta.summaries import simulated
from bayesmeta.summaries.contents import group, record
from bayesmeta.summaries.convergence import ess, r_hat
from bayesmeta.summaries.quantities import parameter_names, require_level, resolve
from bayesmeta.summaries.quantity import Quantity, Statistics

if TYPE_CHECKING:
    import xarray as xr

WITHOUT_SIGN = (schema.TAU, schema.TAU2, schema.I2)
"""Quantities that cannot be below 0."""


def summary(
    posterior: "xr.DataTree",
    *,
    interval: float = 0.95,
    shortest: bool = False,
    beyond: float | None = None,
) -> pd.DataFrame:
    """Return the posterior of every parameter in five numbers, with their error.

    Parameters
    ----------
    interval
        Probability of the interval.
    shortest
        Whether the interval is the shortest one; else it is central.
    beyond
        A threshold such as minus the minimal important difference; adds ``p_beyond``, the
        probability of lying further from 0 than it, on its side.

    Returns
    -------
    DataFrame
        One row a parameter, in the outcome's unit (ratios on the log scale, I² a fraction):
        ``mean, sd, median, lower, upper, p_below_0, error``. Where it does not exist, a sd, and
        the mean of tau, is inf, and the mean of what has a sign is NaN. ``error`` is the mean's
        (the median's where the mean does not exist): what halving the quadrature step changed, or
        the Monte Carlo standard error. A sampled
        posterior has ``r_hat, ess_bulk, ess_tail, difference_from_exact`` (in Monte Carlo
        standard errors) too.

    Raises
    ------
    PosteriorError
        If the posterior lacks ``mu``, or the interval is not between 0 and 1.

    Examples
    --------
    ``bm.summary(posterior).loc["mu", ["median", "lower", "upper"]]``
    """
    require_level(interval)
    names = parameter_names(posterior)
    rows = []
    for name in names:
        found = resolve(posterior, name)
        row = numbers(posterior, name, found, level=interval, shortest=shortest)
        row |= _convergence(posterior, name)
        rows.append(row | _tails(found, name, beyond=beyond))
    table = pd.DataFrame(rows, index=pd.Index(names, name="parameter"))
    last = [name for name in ("p_below_0", "p_beyond", "error") if name in table]
    first = ["mean", "sd", "median", "lower", "upper"]
    return table[[*first, *last, *(name for name in table if name not in (*first, *last))]]


def errors(
    posterior: "xr.DataTree", *, interval: float = 0.95, shortest: bool = False
) -> pd.DataFrame:
    """Return the numerical error of each of the numbers of `summary`, same rows."""
    require_level(interval)
    names = parameter_names(posterior)
    rows = []
    for name in names:
        found = resolve(posterior, name)
        below = float(found.cdf_error(np.array(0.0))) if name not in WITHOUT_SIGN else np.nan
        rows.append(_floats(found.errors(interval, shortest=shortest)) | {"p_below_0": below})
    return pd.DataFrame(rows, index=pd.Index(names, name="parameter"))


def finite_moments(posterior: "xr.DataTree", name: str) -> float:
    """Return how many moments of a quantity exist, as the engine proved; inf where it says none.

    The moments of tau squared are every second of tau's.
    """
    known = record(posterior, "moments")
    if name == schema.TAU2 and name not in known:
        return float(np.floor(finite_moments(posterior, schema.TAU) / 2))
    value = known.get(name, known.get(name.partition("[")[0]))
    return float(value) if isinstance(value, int | float) else np.inf


def numbers(
    posterior: "xr.DataTree", name: str, quantity: Quantity, *, level: float, shortest: bool
) -> dict[str, float]:
    """Return mean, sd, median, lower, upper and error of a quantity.

    Without a sd it is inf; so is a mean, or NaN of what has a sign.
    """
    found = _floats(quantity.statistics(level, shortest=shortest))
    error = _floats(quantity.errors(level, shortest=shortest))
    moments = finite_moments(posterior, name)
    none = np.inf if name in WITHOUT_SIGN else np.nan
    found["mean"] = found["mean"] if moments >= 1 else none
    found["sd"] = found["sd"] if moments >= 2 else np.inf  # noqa: PLR2004 - the second moment
    return found | {"error": error["mean" if np.isfinite(found["mean"]) else "median"]}


def _floats(found: Statistics) -> dict[str, float]:
    return {name: float(value) for name, value in found._asdict().items()}


def _tails(quantity: Quantity, name: str, *, beyond: float | None) -> dict[str, float]:
    signed = name not in WITHOUT_SIGN
    below = float(quantity.cdf(np.array(0.0))) if signed else np.nan
    if beyond is None:
        return {"p_below_0": below}
    under = float(quantity.cdf(np.array(beyond))) if signed else np.nan
    return {"p_below_0": below, "p_beyond": under if beyond < 0 else 1 - under}


def _convergence(posterior: "xr.DataTree", name: str) -> dict[str, float]:
    """Return how well chains agree; nothing where draws are not what the numbers rest on."""
    if group(posterior, schema.MIXTURE) is not None:
        return {}
    drawn = simulated.quantity(posterior, name).values  # noqa: PD011 - no frame
    differences = record(posterior, "diagnostics").get("exact_difference")
    known = differences.get(name) if isinstance(differences, dict) else None
    return {
        "r_hat": r_hat(drawn),
        "ess_bulk": ess(drawn, "bulk"),
        "ess_tail": ess(drawn, "tail"),
        "difference_from_exact": float(known) if isinstance(known, int | float) else np.nan,
    }
