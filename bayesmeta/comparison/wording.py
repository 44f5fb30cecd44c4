"""How a comparison's numbers are said: measure, unit, decimals."""

import math

from bayesmeta import schema
from bayesmeta.comparison.row import Record
from bayesmeta.measures import MEASURES
from bayesmeta.summaries import digits
from bayesmeta.summaries.wording import RATIOS

_SIMULATED = "simulated"
_LEAST, _MOST = 0, 6


def is_ratio(attrs: Record, quantity: str = schema.MU) -> bool:
    """Return whether a quantity's numbers are logarithms of a ratio, shown as the ratio."""
    return attrs.get("measure") in RATIOS and quantity in (schema.MU, schema.INTERCEPT)


def measure_title(attrs: Record) -> str:
    """Return the measure in words; generic is ``"Effect"``."""
    code = str(attrs.get("measure", ""))
    return MEASURES[code].title if code in MEASURES and code != "generic" else "Effect"


def unit(attrs: Record) -> str:
    """Return the unit of the estimates; nothing for a ratio."""
    return "" if attrs.get("measure") in RATIOS else str(attrs.get("unit", ""))


def quantity_title(attrs: Record, quantity: str = schema.MU) -> str:
    """Return what a table's estimates are of, in words.

    Examples
    --------
    >>> quantity_title({"measure": "MD", "unit": "days"})
    'Mean difference, days'
    >>> quantity_title({"measure": "MD", "unit": "days"}, "beta[weeks]")
    'beta[weeks], days per unit of the moderator'
    """
    said = unit(attrs)
    if quantity.startswith(f"{schema.BETA}["):
        return f"{quantity}, {said} per unit of the moderator" if said else quantity
    name = measure_title(attrs)
    if quantity == schema.BIAS and attrs.get("measure") in RATIOS:
        return f"log {attrs['measure']}"
    if quantity == schema.INTERCEPT:
        name += " where moderators are 0"
    return f"{name}, {said}" if said else name


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
