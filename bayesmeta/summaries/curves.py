"""What a figure of one quantity shows: its density over a grid, its numbers in words."""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from bayesmeta import schema
from bayesmeta.arrays import FloatArray
from bayesmeta.priors import Context, is_proper, log_density
from bayesmeta.spec import parse_prior
from bayesmeta.summaries import digits, wording
from bayesmeta.summaries.precision import Kind
from bayesmeta.summaries.printing import THREE, Printer
from bayesmeta.summaries.tails import tail
from bayesmeta.summaries.view import Posterior, View, view_of

_POINTS = 401
_TAIL = 0.001
_BESIDE, _ROOM = 101, 0.04


def density_table(
    posterior: Posterior, quantity: str = "mu", *, within: Iterable[float] = ()
) -> pd.DataFrame:
    """Return posterior and prior density of a quantity over the posterior's bulk.

    Parameters
    ----------
    within
        What else has to be in view, such as 0; a little room is left around it.

    Returns
    -------
    DataFrame
        ``x`` from the 0.1 % to the 99.9 % quantile (from 0 for tau), ``posterior`` and ``prior``
        there, further where something else has to be in view; the prior is nan where it is
        improper, unknown, or has no density of its own.

    Raises
    ------
    PosteriorError
        If the posterior has no such quantity.
    """
    view = view_of(posterior)
    found = view.quantity(quantity)
    low, high = (float(value) for value in found.quantile(np.array([_TAIL, 1 - _TAIL])))
    low = 0.0 if quantity == schema.TAU else low
    x = _grid(low, high, [*within])
    prior = _prior(view, quantity, x)
    return pd.DataFrame({"x": x, "posterior": found.density(x), "prior": prior})


def _grid(low: float, high: float, within: list[float]) -> FloatArray:
    """Return points, as many over the bulk, and more beside it."""
    x = np.linspace(low, high, _POINTS)
    first, last = min([low, *within]), max([high, *within])
    room = _ROOM * (last - first)
    before = np.linspace(first - room, low, _BESIDE if first < low else 1)[:-1]
    after = np.linspace(high, last + room, _BESIDE if last > high else 1)[1:]
    return np.concatenate([before, x, after])


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


def caption_lines(
    view: View, quantity: str, *, interval: float, shortest: bool, benefit: str | None
) -> list[str]:
    """Return median with interval, then the probability of lying below 0 or of benefit."""
    found = view.quantity(quantity)
    values, errors = (
        {name: float(number) for name, number in five._asdict().items()}
        for five in (
            found.statistics(interval, shortest=shortest),
            found.errors(interval, shortest=shortest),
        )
    )
    three = ([each[name] for name in THREE] for each in (values, errors))
    shown = Printer.of(view).precision(quantity, values, errors).span(*three).bracketed()
    unit = wording.quantity_unit(view, quantity)
    kind = "shortest interval" if shortest else "interval"
    lines = [f"median {shown}{f' {unit}' if unit else ''}, {100 * interval:g} % {kind}"]
    if view.has_sign(quantity):
        lines.append(_probability(view, quantity, benefit))
    return lines


def _probability(view: View, quantity: str, benefit: str | None) -> str:
    known = tail(view, quantity, benefit=benefit or "lower")
    kind = wording.kind(view, quantity)
    own = quantity if kind is Kind.NUMBER or quantity != schema.MU else wording.measure_code(view)
    null = 1 if kind is Kind.RATIO else 0
    name = f"P({own} < {null})" if benefit is None else f"P(benefit: {benefit})"
    return f"{name} {digits.stated(digits.probability(known.benefit, known.benefit_error))}"
