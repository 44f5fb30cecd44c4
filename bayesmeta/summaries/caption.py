"""What a figure of one quantity says in numbers."""

from typing import TYPE_CHECKING

import numpy as np

from bayesmeta import schema
from bayesmeta.summaries import digits, wording
from bayesmeta.summaries.quantities import resolve
from bayesmeta.summaries.summary import WITHOUT_SIGN
from bayesmeta.summaries.tails import tail

if TYPE_CHECKING:
    import xarray as xr

_THREE = ("median", "lower", "upper")


def caption_lines(
    posterior: "xr.DataTree", quantity: str, *, interval: float, shortest: bool, benefit: str | None
) -> list[str]:
    """Return median with interval, then the probability of lying below 0 or of benefit."""
    found = resolve(posterior, quantity)
    values = found.statistics(interval, shortest=shortest)
    errors = found.errors(interval, shortest=shortest)
    three = [(float(getattr(values, name)), float(getattr(errors, name))) for name in _THREE]
    shown = _shown(posterior, quantity, three).bracketed()
    unit = wording.quantity_unit(posterior, quantity)
    kind = "shortest interval" if shortest else "interval"
    lines = [f"median {shown}{f' {unit}' if unit else ''}, {100 * interval:g} % {kind}"]
    if quantity not in WITHOUT_SIGN:
        lines.append(_probability(posterior, quantity, benefit))
    return lines


def _shown(
    posterior: "xr.DataTree", quantity: str, three: list[tuple[float, float]]
) -> digits.Span:
    if quantity == schema.I2:
        return digits.Span(*(digits.per_cent(*pair) for pair in three))
    if wording.as_ratio(posterior, quantity):
        return digits.Span(*(ratio_text(*pair) for pair in three))
    return digits.span([value for value, _ in three], [error for _, error in three])


def ratio_text(value: float, error: float) -> str:
    """Return a log ratio as a ratio, with the digits that the log's error supports.

    Examples
    --------
    >>> ratio_text(-0.7133, 0.001), ratio_text(1.2, 0.03)
    ('0.49', '3.3')
    """
    ratio = float(np.exp(value))
    # The error of exp(x) is exp(x) times that of x, to first order.
    return digits.number(ratio, ratio * error, significant=2 if ratio < 1 else 3)


def _probability(posterior: "xr.DataTree", quantity: str, benefit: str | None) -> str:
    known = tail(posterior, quantity, benefit=benefit or "lower")
    name = f"P({quantity} < 0)" if benefit is None else f"P(benefit: {benefit})"
    return f"{name} = {digits.probability(known.benefit, known.benefit_error)}"
