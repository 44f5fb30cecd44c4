"""From statements in plain terms to priors."""

import numpy as np
from scipy import special

from bayesmeta.arrays import FloatArray
from bayesmeta.errors import PriorError
from bayesmeta.priors.binding import bind
from bayesmeta.priors.checks import check_prior
from bayesmeta.priors.densities import rescale
from bayesmeta.priors.inversion import invert
from bayesmeta.priors.register import FAMILIES
from bayesmeta.priors.traits import Kind
from bayesmeta.spec import Prior
from bayesmeta.within import is_number, is_positive, within

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(64)
_PANELS = 1 - np.logspace(0, -15, 46)  # of probability, ever finer towards 1


def tau_below(
    value: float, *, probability: float, family: str = "HalfNormal", **shapes: float
) -> Prior:
    """Return the prior under which tau is below a value with a given probability.

    Parameters
    ----------
    value
        In the outcome's unit.
    probability
        Between 0 and 1.
    family
        A family for tau with one scale: "HalfNormal", "HalfCauchy", "HalfStudentT",
        "Exponential", "HalfLogistic", "Lomax", ...
    shapes
        The family's other parameters, such as ``nu=4``.

    Raises
    ------
    PriorError
        If the value or the probability is out of range, or the family has no such member.

    Examples
    --------
    >>> round(tau_below(5, probability=0.9).parameters["sigma"], 6)
    3.039784
    """
    _check_statement(value, probability)
    unit = _unit_member(family, shapes)
    return rescale(unit, value / float(bind(unit).quantile(probability)))


def studies_differ_by(
    value: float, *, probability: float = 0.95, family: str = "HalfNormal", **shapes: float
) -> Prior:
    """Return the prior under which two new studies' true effects differ by at most a value.

    Given tau the difference of two study effects is normal with SD sqrt(2) tau; the
    probability is the one averaged over the prior of tau.

    Parameters
    ----------
    value
        Largest difference, in the outcome's unit.
    probability
        Of a smaller difference, between 0 and 1.
    family, shapes
        As for `tau_below`.

    Raises
    ------
    PriorError
        If the value or the probability is out of range, or the family has no such member.

    Examples
    --------
    >>> round(studies_differ_by(10).parameters["sigma"], 4)
    3.2407
    """
    _check_statement(value, probability)
    unit = _unit_member(family, shapes)
    tau, weight = _averaging(unit)

    def smaller(difference: FloatArray) -> FloatArray:
        return np.sum(weight * special.erf(difference[..., np.newaxis] / (2 * tau)), axis=-1)

    return rescale(unit, value / float(invert(smaller, np.asarray(probability), positive=True)))


def effect_between(lower: float, upper: float, *, probability: float = 0.95) -> Prior:
    """Return the normal prior under which an effect lies between two values.

    Parameters
    ----------
    lower, upper
        Both ends, on the scale of the effects (ratios: their logarithms).
    probability
        Of lying between them; half of the rest lies on each side.

    Raises
    ------
    PriorError
        If the ends are not in order, or the probability is not between 0 and 1.

    Examples
    --------
    >>> round(effect_between(-1.96, 1.96).parameters["sigma"], 4)
    1.0
    """
    if not lower < upper:
        raise PriorError(f"No effect lies between {lower:g} and {upper:g}.")
    _check_statement(upper - lower, probability)
    sigma = (upper - lower) / 2 / float(special.ndtri((1 + probability) / 2))
    return Prior("Normal", {"mu": (lower + upper) / 2, "sigma": sigma})


def _check_statement(value: float, probability: float) -> None:
    if not is_positive(value):
        shown = f"{value:g}" if is_number(value) else repr(value)
        raise PriorError(f"The value is {shown}; a finite number above 0 is needed.")
    if not within(probability, 0, 1):
        raise PriorError(f"The probability is {probability}; it lies between 0 and 1.")


def _unit_member(family: str, shapes: dict[str, float]) -> Prior:
    """Return the member of scale 1."""
    known = FAMILIES.get(family)
    scales = [] if known is None else [name for name in known.forms[0] if _is_scale(family, name)]
    if len(scales) != 1:
        usable = [name for name in FAMILIES if name in _ONE_SCALE]
        raise PriorError(f"{family} has no single scale; known: {', '.join(usable)}.")
    prior = Prior(family, {**shapes, scales[0]: 1.0})
    check_prior(prior, "tau")
    return prior


def _is_scale(family: str, name: str) -> bool:
    return FAMILIES[family].kinds[name] in (Kind.SCALE, Kind.RATE)


_ONE_SCALE = {
    name
    for name, family in FAMILIES.items()
    if "tau" in family.suits and sum(_is_scale(name, item) for item in family.forms[0]) == 1
}


def _averaging(unit: Prior) -> tuple[FloatArray, FloatArray]:
    """Return values of tau with weights, by Gauss-Legendre in probability."""
    half = np.diff(_PANELS)[:, np.newaxis] / 2
    p = _PANELS[:-1, np.newaxis] + half * (1 + _NODES)
    return bind(unit).quantile(p).ravel(), (half * _WEIGHTS).ravel()
