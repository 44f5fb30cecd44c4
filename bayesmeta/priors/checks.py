"""Refuse a prior that is no distribution, or not one for its parameter."""

from collections.abc import Callable, Iterator, Mapping
from difflib import get_close_matches
from numbers import Real

import numpy as np

from bayesmeta.errors import PriorError
from bayesmeta.parameters import POSITIVE, SHARE, Parameter, Role
from bayesmeta.priors.binding import bind
from bayesmeta.priors.family import Family, as_given
from bayesmeta.priors.register import FAMILIES, families_for
from bayesmeta.priors.traits import SHORTEST_TABLE, Kind
from bayesmeta.schema import BETA
from bayesmeta.spec import OUTCOME, PER_COLUMN, PER_SD, Prior

SMALLEST, LARGEST = 1e-120, 1e120
"""Sizes whose squares, and sums and ratios of squares, are numbers."""
_SHARE, _CORRELATION = "share", "correlation"
_HALVES = {
    "Normal": "HalfNormal(sigma=...)",
    "StudentT": "HalfStudentT(nu=..., sigma=...)",
    "Cauchy": "HalfCauchy(beta=...)",
    "flat": "uniform",
}


_STANDARD = {
    "mu": Parameter("mu", Role.COEFFICIENT),
    "beta": Parameter("beta", Role.COEFFICIENT),
    "tau": Parameter("tau", Role.HYPERPARAMETER, POSITIVE),
}


def check_prior(prior: Prior, parameter: Parameter | str, *, where: str = "") -> None:
    """Raise unless a prior suits a parameter.

    Parameters
    ----------
    prior
        The prior; what fixes a parameter at a number is one too.
    parameter
        As its part states it; or ``"mu"``, ``"tau"``, ``"beta"``, ``"beta[term]"``.
    where
        What messages begin with; by default the parameter's name.

    Raises
    ------
    PriorError
        If the family is unknown, a parameter is missing, unknown or out of range, or the
        support, the scale or the unit does not suit.

    Examples
    --------
    >>> check_prior(Prior("Normal", {"mu": 0, "sigma": 5}), "tau")
    Traceback (most recent call last):
    bayesmeta.errors.PriorError: tau: Normal(mu=0, sigma=5) reaches below 0, where tau \
cannot be; write HalfNormal(sigma=...).
    """
    known = _standard(parameter) if isinstance(parameter, str) else parameter
    where = where or str(parameter if isinstance(parameter, str) else parameter.name)
    if prior.value is not None:
        _check_value(prior.value, known, where=where)
        return
    if known.number:
        raise PriorError(f"{where}: {prior} is a distribution; {known.name} is a number.")
    check_member(prior, where=where)
    _check_place(prior, known, where=where)
    _check_suits(prior, known, where=where)


def _standard(name: str) -> Parameter:
    variable = name.split("[", 1)[0]
    if variable not in _STANDARD or variable not in (BETA, name):
        raise PriorError(f"Unknown parameter {name!r}; priors are for mu, tau, beta, beta[term].")
    return _STANDARD[variable]


def _check_value(value: float, parameter: Parameter, *, where: str) -> None:
    lower, upper = parameter.support
    if parameter.is_coefficient:
        raise PriorError(
            f"{where} is fixed at {value:g}, but a coefficient needs a distribution; "
            f"write a narrow one, such as Normal(mu={value:g}, sigma=...)."
        )
    if value == lower == 0 and parameter.unit_power == 0 and np.isinf(upper):
        raise PriorError(f"{where} is fixed at 0; it lies above 0.")
    if not lower <= value <= upper:
        raise PriorError(f"{where} is fixed at {value:g}; it lies between {lower:g} and {upper:g}.")


def check_member(prior: Prior, *, where: str) -> None:
    """Raise unless a prior is a member of a known family."""
    family = _family(prior, where=where)
    _check_names(prior, family, where=where)
    problems = [problem for name in prior.parameters for problem in _problems(prior, name, family)]
    if problems:
        raise PriorError("\n".join(f"{where}: {prior}: {problem}" for problem in problems))
    for nested in _nested(prior):
        _check_nested(nested, where=f"{where}: {prior.distribution}")
    complaint = family.complaint(**{**family.defaults, **bind(prior).parameters})
    if complaint:
        raise PriorError(f"{where}: {prior}: {complaint}.")
    _check_canonical(prior, family, where=where)


def _check_canonical(prior: Prior, family: Family, *, where: str) -> None:
    """Raise where what a prior's parameters stand for is no number above 0."""
    if family.contextual or family.canonical is as_given:
        return
    with np.errstate(all="ignore"):
        found = family.canonical(**bind(prior).parameters)
    for name, value in found.items():
        number = float(np.asarray(value))
        if not (number > 0 and np.isfinite(number)):
            raise PriorError(
                f"{where}: {prior}: its {name} comes out as {number:g}; the numbers are too large, "
                "too small or too far apart to compute with."
            )


def _family(prior: Prior, *, where: str) -> Family:
    if prior.distribution in FAMILIES:
        return FAMILIES[prior.distribution]
    close = get_close_matches(prior.distribution, FAMILIES, n=1)
    hint = f"did you mean {close[0]}? " if close else ""
    raise PriorError(
        f"{where}: unknown distribution {prior.distribution!r}; {hint}known: {', '.join(FAMILIES)}."
    )


def _check_names(prior: Prior, family: Family, *, where: str) -> None:
    given = set(prior.parameters)
    if any(set(form) - set(family.defaults) <= given <= set(form) for form in family.forms):
        return
    wanted = " or ".join(", ".join(form) for form in family.forms) or "no parameters"
    raise PriorError(
        f"{where}: {prior}: {family.name} takes {wanted}; "
        f"given: {', '.join(prior.parameters) or 'none'}."
    )


def _problems(prior: Prior, name: str, family: Family) -> Iterator[str]:
    value, kind = prior.parameters[name], family.kinds[name]
    if not _FITS[kind](value):
        yield f"{name} is {_shown(value)}; {kind.value} is needed"


def _shown(value: object) -> str:
    return f"{value:.12g}" if isinstance(value, Real) else repr(value)


def _is_number(value: object, *, above: float = -np.inf) -> bool:
    return isinstance(value, Real) and bool(np.isfinite(float(value))) and float(value) > above


def _is_positive(value: object) -> bool:
    return _is_number(value, above=0)


def _is_bound(value: object) -> bool:
    return isinstance(value, Real) and not np.isnan(float(value))


def _is_prior(value: object) -> bool:
    return isinstance(value, Prior)


def _are_priors(value: object) -> bool:
    return isinstance(value, tuple) and len(value) > 0 and all(map(_is_prior, value))


def _are_weights(value: object) -> bool:
    return isinstance(value, tuple) and all(map(_is_positive, value))


def _are_points(value: object) -> bool:
    return isinstance(value, tuple) and len(value) >= SHORTEST_TABLE and all(map(_is_number, value))


def _are_heights(value: object) -> bool:
    return _are_points(value) and _are_weights(value)


_FITS: Mapping[Kind, Callable[[object], bool]] = {
    Kind.LOCATION: _is_number,
    Kind.LOG_LOCATION: _is_number,
    Kind.SCALE: _is_positive,
    Kind.RATE: _is_positive,
    Kind.SHAPE: _is_positive,
    Kind.BOUND: _is_bound,
    Kind.WEIGHTS: _are_weights,
    Kind.PRIOR: _is_prior,
    Kind.PRIORS: _are_priors,
    Kind.POINTS: _are_points,
    Kind.HEIGHTS: _are_heights,
}


def _nested(prior: Prior) -> Iterator[Prior]:
    for value in prior.parameters.values():
        items = value if isinstance(value, tuple) else (value,)
        yield from (item for item in items if isinstance(item, Prior))


def _check_nested(prior: Prior, *, where: str) -> None:
    check_member(prior, where=where)
    family = FAMILIES[prior.distribution]
    if not family.proper or family.contextual:
        raise PriorError(f"{where}: {prior} cannot stand inside another distribution.")
    if prior != Prior(prior.distribution, prior.parameters):
        raise PriorError(f"{where}: {prior}: unit and on stand on the outer distribution only.")


def _check_place(prior: Prior, parameter: Parameter, *, where: str) -> None:
    if prior.unit != OUTCOME and not parameter.unit_power:
        raise PriorError(f"{where}: {prior}: {parameter.name} has no unit; leave out unit.")
    if prior.unit in PER_COLUMN and parameter.variable != BETA:
        instead = "leave out unit" if prior.unit == PER_SD else 'write unit="uisd"'
        raise PriorError(f'{where}: {prior}: unit="{prior.unit}" is for slopes; {instead}.')
    if prior.on == "tau2" and not (parameter.is_positive and parameter.unit_power == 1):
        raise PriorError(f'{where}: {prior}: on="tau2" is for tau.')
    if prior.on == "tau2" and FAMILIES[prior.distribution].contextual:
        raise PriorError(f"{where}: {prior}: {prior.distribution} is defined on tau; leave out on.")


def _check_suits(prior: Prior, parameter: Parameter, *, where: str) -> None:
    name = parameter.name
    _check_kind(prior, parameter, where=where)
    lower, upper = bind(prior).support()
    if parameter.is_positive and lower < 0:
        raise PriorError(f"{where}: {prior} reaches below 0, where {name} cannot be; set lower=0.")
    if lower < parameter.support[0] or upper > parameter.support[1]:
        ends = "{:g} and {:g}".format(*parameter.support)
        raise PriorError(f"{where}: {prior} leaves the range of {name}, which lies between {ends}.")
    if not parameter.is_positive:
        check_sizes(prior, where=where)
        for nested in _nested(prior):
            check_sizes(nested, where=where)


def _check_kind(prior: Prior, parameter: Parameter, *, where: str) -> None:
    """Raise unless a family, and those inside, are of what the parameter is."""
    family = FAMILIES[prior.distribution]
    if not _kinds(parameter) & family.suits:
        raise PriorError(f"{where}: {prior} {_unsuited(family, parameter)}.")
    if not parameter.is_positive:
        for nested in _nested(prior):
            _check_kind(nested, parameter, where=where)


def _kinds(parameter: Parameter) -> set[str]:
    """Return whose families a parameter's prior may be of."""
    if parameter.is_positive:
        return {"tau"}
    if parameter.support == SHARE:
        return {"mu", _SHARE}
    lower, upper = parameter.support
    return {"mu", _CORRELATION} if lower >= -1 and upper <= 1 else {"mu"}


def check_sizes(prior: Prior, *, where: str) -> None:
    """Raise where the square of a location or a scale would be no number.

    Examples
    --------
    >>> check_sizes(Prior("Normal", {"mu": 0, "sigma": 1e155}), where="mu")
    Traceback (most recent call last):
    bayesmeta.errors.PriorError: mu: Normal(mu=0, sigma=1e+155): sigma is 1e+155; locations and \
scales are computed with up to 1e+120, and scales from 1e-120 on; use flat, or another unit.
    """
    kinds = FAMILIES[prior.distribution].kinds
    for name, value in prior.parameters.items():
        size = abs(value) if isinstance(value, Real) and np.isfinite(float(value)) else 1.0
        least = SMALLEST if kinds[name] == Kind.SCALE else 0.0
        if kinds[name] in (Kind.SCALE, Kind.LOCATION) and not least <= size <= LARGEST:
            raise PriorError(
                f"{where}: {prior}: {name} is {_shown(value)}; locations and scales are computed "
                f"with up to {LARGEST:g}, and scales from {SMALLEST:g} on; use flat, or another "
                "unit."
            )


def _unsuited(family: Family, parameter: Parameter) -> str:
    if family.suits in ({_SHARE}, {_CORRELATION}):
        what = "a share, between 0" if _SHARE in family.suits else "a correlation, between -1"
        known = ", ".join(families_for("tau" if parameter.is_positive else "mu"))
        return f"is for {what} and 1; known for {parameter.name}: {known}"
    if parameter.is_positive:
        write = _HALVES.get(family.name, "HalfNormal(sigma=...)")
        return f"reaches below 0, where {parameter.name} cannot be; write {write}"
    known = ", ".join(families_for("mu"))
    return f"is for tau; known for effects and slopes: {known}"
