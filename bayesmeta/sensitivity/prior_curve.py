"""A prior as a table: its density, with what it says in plain terms."""

from collections.abc import Hashable
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import erf

from bayesmeta import schema
from bayesmeta.arrays import FloatArray
from bayesmeta.errors import AnalysisError, PriorError
from bayesmeta.priors import Context, Density, check_prior, density, is_proper
from bayesmeta.priors.inversion import invert
from bayesmeta.spec import Prior, prior_from_toml
from bayesmeta.within import within

if TYPE_CHECKING:
    import pandas as pd

_POINTS = 501
_MEDIANS, _QUARTILES = 8.0, 10.0
"""How far a heavy tail is followed: medians of tau; interquartile ranges of a coefficient."""
_MARGIN = 1.08
_POLE, _NEAR_POLE = 100.0, 0.2
"""A density so many times its middling height is a pole; probability that it may hide."""
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(32)
_PANELS = 1 - np.logspace(0, -15, 46)  # of probability, ever finer towards 1


def prior_curve(
    prior: Prior | str,
    parameter: str = schema.TAU,
    *,
    interval: float = 0.95,
    context: Context | None = None,
) -> "pd.DataFrame":
    """Return a prior's density, and in ``attrs`` its median and interval.

    For tau, ``attrs`` also have ``difference_median`` and ``difference_upper``: by how much the
    true effects of two new studies differ in the median, and at most with the probability of the
    interval. Given tau the difference is normal with SD sqrt(2) tau.

    Parameters
    ----------
    prior
        Proper; or its text.
    parameter
        ``mu``, ``tau`` or ``beta``.
    interval
        Probability of the central interval.
    context
        What data-dependent priors look at.

    Returns
    -------
    DataFrame
        ``x`` and ``density``. Heavy tails are cut: ``beyond`` in ``attrs`` is the probability
        that lies outside.

    Raises
    ------
    PriorError
        If the prior does not suit the parameter, or has no total mass.
    AnalysisError
        If the interval is not between 0 and 1.

    Examples
    --------
    >>> found = prior_curve("HalfNormal(sigma=5)").attrs
    >>> {name: round(found[name], 2) for name in ("median", "upper", "difference_upper")}
    {'median': 3.37, 'upper': 11.21, 'difference_upper': 15.43}
    """
    import pandas as pd

    stated = prior_from_toml(prior, where=parameter)
    check_prior(stated, parameter)
    if not is_proper(stated):
        raise PriorError(f"{parameter} ~ {stated} has no total mass, and so no density to show.")
    if not within(interval, 0, 1):
        raise AnalysisError(f"The interval is {interval}; it must be between 0 and 1.")
    found = density(stated, context)
    x = _points(found, interval, positive=parameter == schema.TAU)
    with np.errstate(over="ignore"):
        table = pd.DataFrame({"x": x, "density": np.exp(found.log_density(x))})
    table.attrs = {
        "prior": str(stated), "parameter": parameter, "interval": interval, "unit": stated.unit,
        "beyond": float(1 - (found.cdf(x[-1]) - found.cdf(x[0]))),
        "highest": _highest(table, found), **_statements(found, parameter, interval),
    }  # fmt: skip
    return table


def _points(found: Density, interval: float, *, positive: bool) -> FloatArray:
    """Return where the density is shown, denser near the median; from 0 for tau."""
    tail = (1 - interval) / 2
    low, first, middle, third, high = found.quantile(np.array([tail, 0.25, 0.5, 0.75, 1 - tail]))
    if positive:
        end = min(_MARGIN * high, _MEDIANS * middle, found.support()[1])
        return np.asarray(end * np.linspace(0, 1, _POINTS) ** 2)
    reach = _QUARTILES * (third - first)
    start = max(middle - min(_MARGIN * (middle - low), reach), found.support()[0])
    end = min(middle + min(_MARGIN * (high - middle), reach), found.support()[1])
    return np.linspace(start, end, _POINTS)


def _highest(table: "pd.DataFrame", found: Density) -> float:
    """Return the highest density worth showing: some have a pole at 0."""
    x, height = table["x"].to_numpy(), table["density"].to_numpy()
    steep = not height[0] < _POLE * np.median(height)
    shown = found.cdf(x) > (_NEAR_POLE if steep else 0.0)
    return float(height[shown & np.isfinite(height)].max())


def _statements(found: Density, parameter: str, interval: float) -> dict[Hashable | None, float]:
    tail = (1 - interval) / 2
    low, median, high = (float(q) for q in found.quantile(np.array([tail, 0.5, 1 - tail])))
    said: dict[Hashable | None, float] = {"median": median, "lower": low, "upper": high}
    if parameter != schema.TAU:
        return said
    typical, largest = (float(q) for q in _differences(found, np.array([0.5, interval])))
    return said | {"difference_median": typical, "difference_upper": largest}


def _differences(found: Density, p: FloatArray) -> FloatArray:
    """Return quantiles of the absolute difference of two new studies' effects, shape (p,)."""
    half = np.diff(_PANELS)[:, np.newaxis] / 2
    tau = found.quantile((_PANELS[:-1, np.newaxis] + half * (1 + _NODES)).ravel())
    weight = (half * _WEIGHTS).ravel()

    def smaller(difference: FloatArray) -> FloatArray:
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            share = erf(difference[..., np.newaxis] / (2 * tau))
        return np.asarray(np.sum(weight * np.nan_to_num(share), axis=-1))

    return invert(smaller, p, positive=True)
