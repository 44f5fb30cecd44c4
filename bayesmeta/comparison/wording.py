"""How a comparison's numbers are said: measure, unit, decimals."""

import math

from bayesmeta import schema
from bayesmeta.comparison.row import Record
from bayesmeta.summaries import digits
from bayesmeta.summaries.own_scale import is_moved, kind_of, title_of
from bayesmeta.summaries.precision import Kind
from bayesmeta.summaries.wording import label_of, per_unit, with_unit

_EFFECTS = (schema.MU, schema.INTERCEPT)
_BIASES = ("bias",)
_SIMULATED = "simulated"
_LEAST, _MOST = 0, 6


def kind(attrs: Record, quantity: str = schema.MU) -> Kind:
    """Return what a quantity is shown as: logarithms of ratios as ratios, Fisher's z as r.

    A bias of a log ratio is the logarithm of a ratio of ratios; slopes stay as they are pooled.
    """
    if quantity.partition("[")[0] in _EFFECTS:
        return kind_of(str(attrs.get("measure", "")))
    return Kind.RATIO if is_ratio(attrs) and quantity in _BIASES else Kind.NUMBER


def is_ratio(attrs: Record, quantity: str = schema.MU) -> bool:
    """Return whether a quantity is an effect that is the logarithm of a ratio."""
    effect = quantity.partition("[")[0] in _EFFECTS
    return effect and kind_of(str(attrs.get("measure", ""))) is Kind.RATIO


def measure_title(attrs: Record) -> str:
    """Return the measure in words; generic is ``"Effect"``."""
    return title_of(str(attrs.get("measure", "")))


def unit(attrs: Record) -> str:
    """Return the unit that effects are read in: nothing for a ratio or a correlation."""
    return "" if is_moved(str(attrs.get("measure", ""))) else str(attrs.get("unit", ""))


def pooled_unit(attrs: Record) -> str:
    """Return the unit that the model has them in, such as ``"log risk ratio"``."""
    return str(attrs.get("unit", ""))


def quantity_title(attrs: Record, quantity: str = schema.MU) -> str:
    """Return what a table's estimates are of, in words.

    Examples
    --------
    >>> quantity_title({"measure": "MD", "unit": "days"})
    'Mean difference, days'
    >>> quantity_title({"measure": "MD", "unit": "days"}, "beta[duration_weeks]")
    'Slope of duration_weeks, days per week'
    >>> quantity_title({"measure": "RR", "unit": "log risk ratio"}, "bias")
    'Bias, a ratio of risk ratios'
    """
    variable, label = quantity.partition("[")[0], label_of(quantity)
    if variable == schema.BETA:
        per = f"per {per_unit(label)}"
        return with_unit(f"Slope of {label}", " ".join(part for part in (pooled_unit(attrs), per)
                                                       if part))  # fmt: skip
    if variable not in _EFFECTS:
        return _other_title(attrs, quantity)
    name = measure_title(attrs)
    if quantity == schema.INTERCEPT:
        name += " where moderators are 0"
    return with_unit(f"{name}, {label}" if label else name, unit(attrs))


def _other_title(attrs: Record, quantity: str) -> str:
    """Return what a coefficient is that is neither an effect nor a slope, such as a bias."""
    name = f"{quantity[:1].upper()}{quantity[1:]}"
    if kind(attrs, quantity) is Kind.RATIO:
        title = measure_title(attrs)
        return f"{name}, a ratio of {title[:1].lower()}{title[1:]}s"
    return with_unit(name, pooled_unit(attrs))


def heading(attrs: Record, title: str = "") -> str:
    """Return title and outcome; simulated data are called so even where the title does not."""
    outcome = str(attrs.get("outcome", ""))
    told = outcome.lower() in title.lower()
    text = ": ".join(part for part in (title, "" if told else outcome) if part)
    text = text or measure_title(attrs)
    said = f"{text} {attrs.get('notes', '')}".lower()
    return f"SIMULATED DATA. {text}" if _SIMULATED in said and "SIMULATED" not in text else text


def decimals(width: float) -> int:
    """Return decimals that show a width in three digits.

    Examples
    --------
    >>> decimals(35.07), decimals(0.184), decimals(1234.0)
    (1, 3, 0)
    """
    if not (math.isfinite(width) and width > 0):
        return 2
    return max(_LEAST, digits.places(width, significant=3))


def shown(value: float, error: float = 0.0, *, places: int) -> str:
    """Return a number with so many decimals, or the fewer that its error supports; – for none.

    Examples
    --------
    >>> shown(-15.106, places=1), shown(-15.106, 0.3, places=1), shown(float("nan"), places=1)
    ('−15.1', '−15', '–')
    """  # noqa: RUF002
    if math.isnan(value):
        return "\N{EN DASH}"
    known = digits.places(value, error, significant=15) if error > 0 else places
    return digits.fixed(value, min(places, known))
