"""The table that a posterior plot draws: density of posterior and prior over a grid."""

import numpy as np
import pandas as pd

from bayesmeta import schema
from bayesmeta.arrays import FloatArray
from bayesmeta.priors import Context, is_proper, log_density
from bayesmeta.spec import parse_prior
from bayesmeta.summaries.view import Posterior, View, view_of

_POINTS = 401
_TAIL = 0.001


def density_table(posterior: Posterior, quantity: str = "mu") -> pd.DataFrame:
    """Return posterior and prior density of a quantity over the posterior's bulk.

    Returns
    -------
    DataFrame
        ``x`` from the 0.1 % to the 99.9 % quantile (from 0 for tau), ``posterior`` and ``prior``
        there; the prior is nan where it is improper, unknown, or has no density of its own.

    Raises
    ------
    PosteriorError
        If the posterior has no such quantity.
    """
    view = view_of(posterior)
    found = view.quantity(quantity)
    low, high = (float(value) for value in found.quantile(np.array([_TAIL, 1 - _TAIL])))
    low = 0.0 if quantity == schema.TAU else low
    x = np.linspace(low, high, _POINTS)
    prior = _prior(view, quantity, x)
    return pd.DataFrame({"x": x, "posterior": found.density(x), "prior": prior})


def _prior(view: View, quantity: str, x: FloatArray) -> FloatArray:
    text = view.record("priors").get(quantity)
    if not isinstance(text, str):
        return np.full_like(x, np.nan)
    prior = parse_prior(text, where=f"prior {quantity}")
    if not is_proper(prior):
        return np.full_like(x, np.nan)
    data = view.studies
    with np.errstate(divide="ignore"):
        return np.exp(log_density(prior, x, Context(data.standard_error, data.design)))
