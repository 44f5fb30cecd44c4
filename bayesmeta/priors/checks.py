"""Refuse a prior that is no distribution, or not one for its parameter."""

import numpy as np

from bayesmeta.errors import PriorError
from bayesmeta.parameters import POSITIVE, SHARE, Parameter, Role
from bayesmeta.priors.binding import bind
from bayesmeta.priors.family import Family
from bayesmeta.priors.members import check_member, check_sizes, nested_in
from bayesmeta.priors.register import FAMILIES, families_for
from bayesmeta.schema import BETA
from bayesmeta.spec import OUTCOME, PER_COLUMN, PER_SD, Prior

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
        for nested in nested_in(prior):
            check_sizes(nested, where=where)


def _check_kind(prior: Prior, parameter: Parameter, *, where: str) -> None:
    """Raise unless a family, and those inside, are of what the parameter is."""
    family = FAMILIES[prior.distribution]
    if not _kinds(parameter) & family.suits:
        raise PriorError(f"{where}: {prior} {_unsuited(family, parameter)}.")
    if not parameter.is_positive:
        for nested in nested_in(prior):
            _check_kind(nested, parameter, where=where)


def _kinds(parameter: Parameter) -> set[str]:
    """Return whose families a parameter's prior may be of."""
    if parameter.is_positive:
        return {"tau"}
    if parameter.support == SHARE:
        return {"mu", _SHARE}
    lower, upper = parameter.support
    return {"mu", _CORRELATION} if lower >= -1 and upper <= 1 else {"mu"}


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
