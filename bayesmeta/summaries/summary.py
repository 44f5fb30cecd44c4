"""The main table: one row a parameter."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from bayesmeta.errors import PosteriorError
from bayesmeta.summaries.chains import DRAWN, chain_columns
from bayesmeta.summaries.quantities import require_level
from bayesmeta.summaries.quantity import Quantity, Statistics
from bayesmeta.summaries.view import Posterior, View, view_of
from bayesmeta.summaries.wide import Wide

_FOREMOST = ("mean", "sd", "median", "lower", "upper", "p_below_0", "p_beyond", "error")


def summary(
    posterior: Posterior,
    *,
    interval: float = 0.95,
    shortest: bool = False,
    beyond: float | None = None,
    sampled: bool = False,
) -> pd.DataFrame:
    """Return the posterior of every parameter in five numbers, with their error.

    The numbers are exact where the posterior stores what it is exactly, after NUTS too; what the
    draws say then stands beside them.

    Parameters
    ----------
    posterior
        From `fit` or `read_posterior`, or any ``DataTree`` with the names of `bayesmeta.schema`.
    interval
        Probability of the interval.
    shortest
        Whether the interval is the shortest one; else it is central.
    beyond
        A threshold such as minus the minimal important difference; adds ``p_beyond``, the
        probability of lying further from 0 than it, on its side.
    sampled
        Whether to take the numbers from the draws even where exact ones are stored.

    Returns
    -------
    DataFrame
        Printed with all of its columns. One row a parameter, in the outcome's unit (ratios on the
        log scale, correlations as Fisher's z, I² a fraction):
        ``mean, sd, median, lower, upper, p_below_0, error``. Where it does not exist, a sd, and
        the mean of tau, is inf, and the mean of what has a sign is NaN. ``error`` is the mean's
        (the median's where the mean does not exist): what halving the quadrature step changed, or
        the Monte Carlo standard error. A sampled
        posterior has ``r_hat, ess_bulk, ess_tail, difference_from_exact`` (in Monte Carlo
        standard errors) too; and before them, where its numbers are exact, ``draws_mean, draws_sd,
        draws_error``: what its draws alone say, and the Monte Carlo standard error of their mean
        (of their median where the mean does not exist).

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
    >>> found = bm.summary(posterior).rename_axis(None)
    >>> found[["mean", "sd", "lower", "upper"]].round(2)
                mean     sd  lower  upper
    mu        -14.73   7.50 -29.77  -0.02
    tau        21.28   4.18  14.26  30.55
    theta_new -14.73  22.95 -60.53  30.73
    I2          0.98   0.01   0.97   0.99
    """
    return summary_of(
        view_of(posterior), interval=interval, shortest=shortest, beyond=beyond, sampled=sampled
    )


def summary_of(
    view: View, *, interval: float, shortest: bool, beyond: float | None = None,
    sampled: bool = False,
) -> pd.DataFrame:  # fmt: skip
    """Return the same of a view."""
    require_level(interval)
    choices = _Choices(interval, shortest, beyond, sampled and view.is_exact)
    return Wide(view.once(choices, lambda: _table(view, choices)).copy())


class _Choices(NamedTuple):
    interval: float
    shortest: bool
    beyond: float | None
    sampled: bool


def _table(view: View, choices: _Choices) -> pd.DataFrame:
    interval, shortest, beyond, drawn = choices
    rows = []
    for name in view.names.main:
        found, moments, signed = view.quantity(name), view.moments(name), view.has_sign(name)
        row = _numbers_of(name, found, moments, signed=signed, choices=choices)
        chains = chain_columns(view, name, row) if view.has_chains else {}
        if drawn:  # the draws' difference from the exact number stays
            found = view.quantity(name, sampled=True)
            row = numbers(found, moments, signed=signed, level=interval, shortest=shortest)
            chains = {column: value for column, value in chains.items() if column not in DRAWN}
        rows.append(row | _tails(found, signed=signed, beyond=beyond) | chains)
    columns = [name for name in dict.fromkeys([*_FOREMOST, *rows[0]]) if name in rows[0]]
    return pd.DataFrame({name: [row[name] for row in rows] for name in columns},
                        index=pd.Index(view.names.main, name="parameter"))  # fmt: skip


def _numbers_of(
    name: str, found: Quantity, moments: float, *, signed: bool, choices: _Choices
) -> dict[str, float]:
    """Return the numbers of a quantity; where they cannot be had, the error names it."""
    level, shortest = choices.interval, choices.shortest
    try:
        return numbers(found, moments, signed=signed, level=level, shortest=shortest)
    except PosteriorError as error:
        raise PosteriorError(f"{name}: {error}") from error


def errors(posterior: Posterior, *, interval: float = 0.95, shortest: bool = False) -> pd.DataFrame:
    """Return the numerical error of each of the numbers of `summary`, same rows."""
    return errors_of(view_of(posterior), interval=interval, shortest=shortest)


def errors_of(view: View, *, interval: float, shortest: bool) -> pd.DataFrame:
    """Return the same of a view."""
    rows = []
    for name in view.names.main:
        found = view.quantity(name)
        below = float(found.cdf_error(np.array(0.0))) if view.has_sign(name) else np.nan
        rows.append(_floats(found.errors(interval, shortest=shortest)) | {"p_below_0": below})
    return pd.DataFrame(rows, index=pd.Index(view.names.main, name="parameter"))


def numbers(
    quantity: Quantity, moments: float, *, signed: bool, level: float, shortest: bool
) -> dict[str, float]:
    """Return mean, sd, median, lower, upper and error of a quantity.

    Without a sd it is inf; so is a mean, or NaN of what has a sign.
    """
    found = _floats(quantity.statistics(level, shortest=shortest))
    error = _floats(quantity.errors(level, shortest=shortest))
    none = np.nan if signed else np.inf
    found["mean"] = found["mean"] if moments >= 1 else none
    found["sd"] = found["sd"] if moments >= 2 else np.inf  # noqa: PLR2004 - the second moment
    return found | {"error": error["mean" if np.isfinite(found["mean"]) else "median"]}


def _floats(found: Statistics) -> dict[str, float]:
    return {name: float(value) for name, value in found._asdict().items()}


def _tails(quantity: Quantity, *, signed: bool, beyond: float | None) -> dict[str, float]:
    below = float(quantity.cdf(np.array(0.0))) if signed else np.nan
    if beyond is None:
        return {"p_below_0": below}
    under = float(quantity.cdf(np.array(beyond))) if signed else np.nan
    return {"p_below_0": below, "p_beyond": under if beyond < 0 else 1 - under}
