"""Refuse a prior that is no member of a known family."""

from collections.abc import Callable, Iterator, Mapping
from difflib import get_close_matches
from numbers import Real

import numpy as np

from bayesmeta.errors import PriorError
from bayesmeta.priors.binding import bind
from bayesmeta.priors.family import Family, as_given
from bayesmeta.priors.register import FAMILIES
from bayesmeta.priors.traits import SHORTEST_TABLE, Kind
from bayesmeta.spec import Prior
from bayesmeta.within import is_number

SMALLEST, LARGEST = 1e-120, 1e120
"""Sizes whose squares, and sums and ratios of squares, are numbers."""


def check_member(prior: Prior, *, where: str) -> None:
    """Raise unless a prior is a member of a known family."""
    family = _family(prior, where=where)
    _check_names(prior, family, where=where)
    problems = [problem for name in prior.parameters for problem in _problems(prior, name, family)]
    if problems:
        raise PriorError("\n".join(f"{where}: {prior}: {problem}" for problem in problems))
    for nested in nested_in(prior):
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
    return is_number(value) and bool(np.isfinite(float(value))) and float(value) > above


def _is_positive(value: object) -> bool:
    return _is_number(value, above=0)


def _is_bound(value: object) -> bool:
    return is_number(value) and not np.isnan(float(value))


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


def nested_in(prior: Prior) -> Iterator[Prior]:
    """Yield the distributions that stand inside another."""
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
