"""What a posterior is about, in the field's words: measure, unit, model, priors, sides."""

import re
from typing import TYPE_CHECKING, NamedTuple

from bayesmeta import schema
from bayesmeta.measures import MEASURES
from bayesmeta.summaries.contents import (
    is_exact,
    is_normal_normal,
    record,
    specification,
    word,
)

if TYPE_CHECKING:
    import xarray as xr

RATIOS = frozenset(code for code, measure in MEASURES.items() if measure.ratio)
"""Measures whose estimates are logarithms of a ratio."""

_POOLED = {"MD": "Weighted mean difference (WMD)"}
_ENGINES = {"exact": "exact integration", "nuts": "NUTS"}
_CHECKED = "exact integration beside NUTS"
_NO_MEASURE = "Effect"
_BY_MODEL = "as the model defines it"


class Sides(NamedTuple):
    """What lies to the left and to the right of no effect."""

    left: str
    right: str


def is_ratio(posterior: "xr.DataTree") -> bool:
    """Return whether effects are logarithms of a ratio."""
    return word(posterior, "measure") in RATIOS


def measure_title(posterior: "xr.DataTree") -> str:
    """Return the measure in words, such as ``"Mean difference"``; generic is ``"Effect"``."""
    code = word(posterior, "measure")
    return MEASURES[code].title if code in MEASURES and code != "generic" else _NO_MEASURE


def measure_code(posterior: "xr.DataTree") -> str:
    """Return the measure's code for the head of a column; generic is ``"Estimate"``."""
    code = word(posterior, "measure")
    return code if code and code != "generic" else "Estimate"


def pooled_title(posterior: "xr.DataTree") -> str:
    """Return what the pooled effect is called: for MD, the weighted mean difference (WMD).

    Where no weights are defined, it is no weighted mean.
    """
    code = word(posterior, "measure")
    pooled = f"Pooled {_lower_first(measure_title(posterior))}"
    return _POOLED.get(code, pooled) if is_normal_normal(posterior) else pooled


def tau_title(posterior: "xr.DataTree") -> str:
    """Return what tau is: the SD between studies, of a model that says so."""
    known = is_normal_normal(posterior)
    return "tau, SD between studies" if known else f"tau, {_BY_MODEL}"


def fraction_title(posterior: "xr.DataTree") -> str:
    """Return what I² is: the share of heterogeneity, of a model that says so."""
    return f"I², {'share of heterogeneity' if is_normal_normal(posterior) else _BY_MODEL}"


def unit(posterior: "xr.DataTree") -> str:
    """Return the unit that effects are shown in: nothing for a ratio."""
    return "" if is_ratio(posterior) else word(posterior, "unit")


def as_ratio(posterior: "xr.DataTree", quantity: str) -> bool:
    """Return whether a quantity is the logarithm of a ratio, and shown as the ratio."""
    effects = (schema.MU, schema.THETA_NEW, schema.INTERCEPT)
    study = quantity.startswith(f"{schema.THETA}[")
    return is_ratio(posterior) and (quantity in effects or study)


def quantity_unit(posterior: "xr.DataTree", quantity: str) -> str:
    """Return the unit that a quantity is shown in; nothing for ratios and fractions."""
    outcome = word(posterior, "unit")
    if not outcome or quantity == schema.I2 or as_ratio(posterior, quantity):
        return ""
    if quantity.startswith(f"{schema.BETA}["):
        return f"{outcome} per unit of the moderator"
    return f"({outcome})²" if quantity == schema.TAU2 else outcome


def quantity_title(posterior: "xr.DataTree", quantity: str) -> str:
    """Return a quantity's name in words with its unit, for an axis."""
    known = is_normal_normal(posterior)
    names = {
        schema.MU: pooled_title(posterior),
        schema.TAU: tau_title(posterior),
        schema.TAU2: "tau², " + ("variance between studies" if known else _BY_MODEL),
        schema.I2: f"{fraction_title(posterior)}, per cent",
        schema.THETA_NEW: f"{measure_title(posterior)} in a new study",
        schema.INTERCEPT: f"{measure_title(posterior)} where moderators are 0",
    }
    scale = " (log scale)" if as_ratio(posterior, quantity) else ""
    return with_unit(names.get(quantity, quantity) + scale, quantity_unit(posterior, quantity))


def with_unit(text: str, unit: str) -> str:
    """Return a name followed by its unit, where there is one.

    Examples
    --------
    >>> with_unit("Mean difference", "days"), with_unit("Odds ratio", "")
    ('Mean difference, days', 'Odds ratio')
    """
    return f"{text}, {unit}" if unit else text


def heading(posterior: "xr.DataTree", title: str = "") -> str:
    """Return title and outcome; simulated data are called so even where the title does not."""
    outcome = word(posterior, "outcome")
    parts = [part for part in (title, outcome) if part]
    if len(parts) == 2 and outcome.lower() in title.lower():  # noqa: PLR2004 - both are there
        parts = [title]
    text = ": ".join(parts) or measure_title(posterior)
    hidden = is_simulated(posterior, title) and "SIMULATED" not in text
    return f"SIMULATED DATA. {text}" if hidden else text


def is_simulated(posterior: "xr.DataTree", title: str = "") -> bool:
    """Return whether title, outcome or notes say that the data are simulated."""
    said = (title, word(posterior, "outcome"), word(posterior, "notes"), word(posterior, "source"))
    return any("simulated" in text.lower() for text in said)


def model_line(posterior: "xr.DataTree") -> str:
    """Return model and engine, as one phrase; a model written by hand is called so."""
    name = word(posterior, "model")
    if not name:
        return "A model written by hand"
    formula = word(posterior, "formula")
    parts = [
        _specified_title(posterior) or f"Model {name}",
        f"moderators {formula}" if formula else "",
    ]
    return ", ".join(part for part in (*parts, _engine(posterior)) if part)


def prior_lines(posterior: "xr.DataTree") -> tuple[str, ...]:
    """Return one phrase a prior, resolved to the outcome's unit, numbers to four digits."""
    priors = record(posterior, "priors")
    return tuple(f"{name} ~ {_rounded(str(prior))}" for name, prior in priors.items())


def sides(benefit: str | None) -> Sides:
    """Return what each side of no effect means, by the direction that is benefit."""
    if benefit is None:
        return Sides("lower with treatment", "higher with treatment")
    favours = ("favours treatment", "favours control")
    return Sides(*favours) if benefit == "lower" else Sides(*reversed(favours))


def _engine(posterior: "xr.DataTree") -> str:
    name = word(posterior, "engine")
    if name == "nuts" and is_exact(posterior):
        return _CHECKED
    return _ENGINES.get(name, name)


def _specified_title(posterior: "xr.DataTree") -> str:
    return str(specification(posterior).get("title", ""))


def _rounded(text: str) -> str:
    number = r"(?<![\w.])(\d+\.?\d*(?:e[+-]?\d+)?)(?![\w.])"
    return re.sub(number, lambda found: f"{float(found.group(1)):.4g}", text)


def _lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]
