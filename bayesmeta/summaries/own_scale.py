"""The scale that a measure's effects are read on, where they are pooled on another.

Log ratios are read as ratios, Fisher's z as correlations, logits of one group as proportions, its
log rates as rates; all else stands as it is pooled.
"""

import math

from bayesmeta.errors import PosteriorError
from bayesmeta.measures import MEASURES
from bayesmeta.summaries.precision import LEVELS, Kind

_OWN = {"ZCOR": Kind.CORRELATION, "PLO": Kind.PROPORTION, "IRLN": Kind.RATE}
_TITLES = {
    Kind.CORRELATION: "Correlation",
    Kind.PROPORTION: "Proportion",
    Kind.RATE: "Incidence rate per unit of person-time",
}
_EXAMPLES = {Kind.PROPORTION: ("proportion", 0.3, math.log(0.3 / 0.7)),
             Kind.RATE: ("rate", 0.01, math.log(0.01))}  # fmt: skip
"""A level, and where it stands on the scale that is pooled on."""
_CLOSED = math.log(1e300)
_POOLED_ON = {
    Kind.RATIO: "the log scale",
    Kind.CORRELATION: "the scale of Fisher's z",
    Kind.PROPORTION: "the logit scale",
    Kind.RATE: "the log scale",
    Kind.NUMBER: "",
}


def kind_of(measure: str) -> Kind:
    """Return what the effects of a measure are printed as.

    Parameters
    ----------
    measure
        Its code; an unknown one is printed as it stands.

    Examples
    --------
    >>> [kind_of(code).name for code in ("MD", "OR", "ZCOR", "PLO", "IRLN")]
    ['NUMBER', 'RATIO', 'CORRELATION', 'PROPORTION', 'RATE']
    """
    if measure in _OWN:
        return _OWN[measure]
    ratio = measure in MEASURES and MEASURES[measure].ratio
    return Kind.RATIO if ratio else Kind.NUMBER


def is_moved(measure: str) -> bool:
    """Return whether effects are read on another scale than they are pooled on."""
    return kind_of(measure) is not Kind.NUMBER


def has_null(measure: str) -> bool:
    """Return whether one value of a measure is that of no effect: not of one group's levels.

    Examples
    --------
    >>> has_null("MD"), has_null("PLO")
    (True, False)
    """
    return kind_of(measure) not in LEVELS


def no_null(measure: str) -> str:
    """Return why there is no probability of benefit of a level, and what would do; else nothing.

    Examples
    --------
    >>> no_null("PLO")
    'A proportion has no value of no effect, so that neither side of one is benefit; sensitivity \
compares with a value that you state on the logit scale: --null -0.8473, in Python null=-0.8473, \
for a proportion of 0.3.'
    """
    if has_null(measure):
        return ""
    name, level, place = _EXAMPLES[kind_of(measure)]
    said = f"--null {place:.4f}, in Python null={place:.4f}, for a {name} of {level:g}"
    return (
        f"A {name} has no value of no effect, so that neither side of one is benefit; sensitivity "
        f"compares with a value that you state on {scale_words(measure)}: {said}."
    )


def scale_words(measure: str) -> str:
    """Return which scale effects are pooled on, where it is not the one they are read on.

    Examples
    --------
    >>> scale_words("OR"), scale_words("MD")
    ('the log scale', '')
    """
    return _POOLED_ON[kind_of(measure)]


def on_scale(measure: str) -> str:
    """Return the same behind a number: led by a space and "on".

    Examples
    --------
    >>> on_scale("ZCOR")
    " on the scale of Fisher's z"
    """
    said = scale_words(measure)
    return f" on {said}" if said else ""


def symbol(measure: str, quantity: str = "mu") -> str:
    """Return what stands for a pooled effect in an event: ``RR``, ``r``, else its own name.

    Examples
    --------
    >>> symbol("RR"), symbol("ZCOR"), symbol("PLO"), symbol("MD")
    ('RR', 'r', 'proportion', 'mu')
    """
    known = {Kind.RATIO: measure, Kind.CORRELATION: "r", Kind.PROPORTION: "proportion",
             Kind.RATE: "rate", Kind.NUMBER: quantity}  # fmt: skip
    return known[kind_of(measure)]


def read_as(measure: str, value: float) -> float:
    """Return an effect as it is read.

    Examples
    --------
    >>> read_as("RR", 0.0), round(read_as("ZCOR", 0.5493), 4), read_as("MD", -3.0)
    (1.0, 0.5, -3.0)
    >>> read_as("PLO", 0.0), round(read_as("IRLN", -4.6052), 4)
    (0.5, 0.01)
    """
    kind = kind_of(measure)
    if kind is Kind.PROPORTION:
        return (1 + math.tanh(value / 2)) / 2
    if kind in (Kind.RATIO, Kind.RATE):
        return math.exp(value) if value < _CLOSED else math.inf
    return math.tanh(value) if kind is Kind.CORRELATION else value


def pooled_as(measure: str, difference: float) -> float:
    """Return how far from no effect a difference lies on the scale that is pooled on.

    Parameters
    ----------
    difference
        Above 0, as effects are read: of ratios 0.8 and 1.25 say the same.

    Raises
    ------
    PosteriorError
        If a correlation is not below 1, or the measure has no value of no effect.

    Examples
    --------
    >>> pooled_as("MD", 3.0), round(pooled_as("RR", 0.8), 6), round(pooled_as("ZCOR", 0.1), 6)
    (3.0, 0.223144, 0.100335)
    """
    kind = kind_of(measure)
    if not has_null(measure):
        raise PosteriorError(f"There is no minimal important difference. {no_null(measure)}")
    if kind is Kind.CORRELATION and difference >= 1:
        raise PosteriorError(
            f"The minimal important difference is {difference}; of correlations it is one below "
            "1, such as 0.1."
        )
    if kind is Kind.RATIO:
        return abs(math.log(difference))
    return math.atanh(difference) if kind is Kind.CORRELATION else float(difference)


def title_of(measure: str) -> str:
    """Return a measure's name as its effects are read; generic is ``"Effect"``.

    Examples
    --------
    >>> title_of("ZCOR"), title_of("RR"), title_of("generic")
    ('Correlation', 'Risk ratio', 'Effect')
    """
    if measure not in MEASURES or measure == "generic":
        return "Effect"
    return _TITLES.get(kind_of(measure), MEASURES[measure].title)
