"""What a posterior is about, in the field's words: measure, unit, model, priors, sides."""

from typing import NamedTuple

from bayesmeta import schema
from bayesmeta.errors import PosteriorError
from bayesmeta.measures import MEASURES
from bayesmeta.studies.times import time_unit
from bayesmeta.summaries.own_scale import has_null, is_moved, kind_of, symbol, title_of
from bayesmeta.summaries.phrases import moderators
from bayesmeta.summaries.precision import Kind
from bayesmeta.summaries.view import View

RATIOS = frozenset(code for code, measure in MEASURES.items() if measure.ratio)
"""Measures whose estimates are logarithms of a ratio."""

_POOLED = {"MD": "Weighted mean difference (WMD)"}
_ENGINES = {"exact": "exact integration", "nuts": "NUTS"}
_CHECKED = "exact integration beside NUTS"
_BY_MODEL = "as the model defines it"
AXES = {
    Kind.RATIO: " (log scale)",
    Kind.CORRELATION: " (scale of Fisher's z)",
    Kind.PROPORTION: " (logit scale)",
    Kind.RATE: " (log scale)",
    Kind.NUMBER: "",
}
"""How an axis says that its steps are even on the scale that is pooled on, not on its own."""


OF_ONE_GROUP = frozenset(
    code
    for code, measure in MEASURES.items()
    if measure.columns != MEASURES["generic"].columns
    and not any(name.endswith("_control") for name in measure.columns)
)
"""Measures of one group of patients, whose tables have no arm beside it."""
_WITH = ("lower with treatment", "higher with treatment")


class Sides(NamedTuple):
    """What lies to the left and to the right of no effect."""

    left: str
    right: str


def measure_title(view: View) -> str:
    """Return the measure in words, such as ``"Mean difference"``; generic is ``"Effect"``."""
    return title_of(view.word("measure"))


def measure_code(view: View) -> str:
    """Return the measure's code for the head of a column; generic is ``"Estimate"``."""
    code = symbol(view.word("measure"), view.word("measure"))
    return code if code and code != "generic" else "Estimate"


def pooled_title(view: View) -> str:
    """Return what the pooled effect is called: for MD, the weighted mean difference (WMD).

    Where no weights are defined, it is no weighted mean.
    """
    code = view.word("measure")
    pooled = f"Pooled {_lower_first(measure_title(view))}"
    return _POOLED.get(code, pooled) if view.is_normal_normal else pooled


def tau_title(view: View) -> str:
    """Return what tau is: the SD between studies, of a model that says so."""
    known = view.parameter(schema.TAU)
    if view.is_normal_normal:
        return "tau, SD between studies"
    told = "" if known is None else known.says
    return f"tau, {told or _BY_MODEL}"


def label_of(quantity: str) -> str:
    """Return which element of a vector a quantity is; empty for a scalar.

    Examples
    --------
    >>> label_of("mu[IL-6]"), label_of("mu")
    ('IL-6', '')
    """
    return quantity.partition("[")[2].removesuffix("]")


def parameter_title(view: View, name: str) -> str:
    """Return a hyperparameter's name with what it is, as its part says."""
    known = view.parameter(name)
    return f"{name}, {known.says}" if known is not None and known.says else name


def fraction_title(view: View) -> str:
    """Return what I² is: the share of heterogeneity, of a model that says so."""
    return f"I², {'share of heterogeneity' if view.is_normal_normal else _BY_MODEL}"


def unit(view: View) -> str:
    """Return the unit that effects are shown in: nothing for a ratio or a correlation."""
    return "" if is_moved(view.word("measure")) else view.word("unit")


def kind(view: View, quantity: str) -> Kind:
    """Return what a quantity is shown as: a ratio's logarithm as the ratio, Fisher's z as r."""
    return kind_of(view.word("measure")) if is_effect(quantity) else Kind.NUMBER


def is_effect(quantity: str) -> bool:
    """Return whether a quantity is an effect, on the scale of the estimates.

    Examples
    --------
    >>> is_effect("theta[Umea]"), is_effect("beta[weeks]")
    (True, False)
    """
    effects = (schema.MU, schema.MU_DIFFERENCE, schema.THETA_NEW, schema.INTERCEPT, schema.THETA)
    return quantity.partition("[")[0] in effects


def quantity_unit(view: View, quantity: str) -> str:
    """Return the unit that a quantity is shown in; none for ratios, correlations, fractions."""
    outcome = view.follows.unit_of(quantity)
    known = view.parameter(quantity) or view.follows.derived.get(quantity)
    plain = quantity == schema.I2 or (known is not None and known.unit_power == 0)
    if not outcome or plain or kind(view, quantity) is not Kind.NUMBER:
        return ""
    if quantity.startswith(f"{schema.BETA}["):
        return f"{outcome} per {per_unit(label_of(quantity))}"
    return f"({outcome})²" if quantity == schema.TAU2 else outcome


def per_unit(term: str) -> str:
    """Return what a slope is per: a week where the moderator says so.

    Examples
    --------
    >>> per_unit("duration_weeks"), per_unit("year"), per_unit("dose")
    ('week', 'year', 'unit of the moderator')
    """
    return (
        time_unit(term)[:-1]
        if term.isidentifier() and time_unit(term)
        else ("unit of the moderator")
    )


def quantity_title(view: View, quantity: str) -> str:
    """Return a quantity's name in words with its unit, for an axis."""
    known = view.is_normal_normal
    names = {
        schema.MU: pooled_title(view),
        schema.TAU: tau_title(view),
        schema.TAU2: "tau², " + ("variance between studies" if known else _BY_MODEL),
        schema.I2: f"{fraction_title(view)}, per cent",
        schema.THETA_NEW: f"{measure_title(view)} in a new study",
        schema.INTERCEPT: f"{measure_title(view)} where moderators are 0",
    }
    variable, label = quantity.partition("[")[0], label_of(quantity)
    if variable in (schema.MU, schema.THETA_NEW) and label:
        names[quantity] = f"{names[variable]}, {label}"
    elif view.parameter(quantity) is not None and quantity != schema.TAU:
        names[quantity] = parameter_title(view, quantity)
    elif quantity in view.follows.derived:
        item = view.follows.derived[quantity]
        said = f"{item.variable.replace('_', ' ')}, {item.says}"
        names[quantity] = f"{said}, per cent" if item.is_fraction else said
    elif quantity in view.follows.contrasts:
        names[quantity] = view.follows.contrasts[quantity].says
    scale = AXES[kind(view, quantity)]
    return with_unit(names.get(quantity, quantity) + scale, quantity_unit(view, quantity))


def with_unit(text: str, unit: str) -> str:
    """Return a name followed by its unit, where there is one that the name does not say.

    Examples
    --------
    >>> with_unit("Mean difference", "days"), with_unit("Odds ratio", "")
    ('Mean difference, days', 'Odds ratio')
    >>> with_unit("Pooled risk difference", "risk difference")
    'Pooled risk difference'
    """
    said = not unit or text.lower().endswith(unit.lower())
    return text if said else f"{text}, {unit}"


def counted(number: str, unit: str) -> str:
    """Return a unit as it stands behind a number: in the singular behind 1.

    Examples
    --------
    >>> counted("1", "points"), counted("2", "points"), counted("1", "ms"), counted("1", "mmHg")
    ('point', 'points', 'ms', 'mmHg')
    """
    letters = unit.replace(" ", "").isalpha()
    plural = number == "1" and len(unit) > _SHORT and letters and unit.endswith("s")
    return unit.removesuffix("s") if plural and not unit.endswith("ss") else unit


_SHORT = 3
"""Letters of a unit that ends in s and is no plural: ms, lbs."""


def heading(view: View, title: str = "") -> str:
    """Return title and outcome; simulated data are called so even where the title does not."""
    text = titled(title, view.word("outcome")) or measure_title(view)
    hidden = is_simulated(view, title) and "SIMULATED" not in text
    return f"SIMULATED DATA. {text}" if hidden else text


def titled(title: str, outcome: str) -> str:
    """Return a title that names the outcome once.

    Examples
    --------
    >>> titled("IL-6 after rTMS", "IL-6"), titled("My two outcomes", "IL-6"), titled("", "IL-6")
    ('IL-6 after rTMS', 'My two outcomes: IL-6', 'IL-6')
    """
    if not isinstance(title, str):
        raise PosteriorError(f"title is {title!r}; it must be text.")
    if outcome.lower() in title.lower():
        return title
    return ": ".join(part for part in (title, outcome) if part)


def is_simulated(view: View, title: str = "") -> bool:
    """Return whether title, outcome or notes say that the data are simulated."""
    said = (
        title,
        view.word("outcome"),
        view.word("notes"),
        view.word("source"),
    )
    return any("simulated" in text.lower() for text in said)


def model_line(view: View) -> str:
    """Return model and engine, as one phrase; a model written by hand is called so."""
    name = view.word("model")
    if not name:
        return "A model written by hand"
    formula, engine = view.word("formula"), view.word("engine")
    checked = engine == "nuts" and view.is_exact
    engine = _CHECKED if checked else _ENGINES.get(engine, engine)
    parts = [
        f"Model {name}" if view.model is None else view.model.title,
        moderators(formula),
    ]
    return ", ".join(part for part in (*parts, engine) if part)


def sides(benefit: str | None, measure: str) -> Sides:
    """Return what each side of no effect means, by the direction that is benefit.

    Parameters
    ----------
    measure
        Its code: of one group there is neither a treatment nor a control to be named.
    """
    alone = measure in OF_ONE_GROUP
    if benefit is None or not has_null(measure):
        return Sides("lower", "higher") if alone else Sides(*_WITH)
    favours = ("benefit", "harm") if alone else ("favours treatment", "favours control")
    return Sides(*favours) if benefit == "lower" else Sides(*reversed(favours))


def _lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]
