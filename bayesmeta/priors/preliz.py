"""Priors to and from PreliZ, which elicits them by hand, by eye and from constraints."""

from collections.abc import Callable, Mapping
from importlib import import_module

import numpy as np

from bayesmeta.errors import PriorError
from bayesmeta.priors.members import check_member
from bayesmeta.priors.register import FAMILIES
from bayesmeta.spec import OUTCOME, Prior, Value

PLAIN = (
    *("Normal", "StudentT", "Cauchy", "Uniform"),
    *("HalfNormal", "HalfStudentT", "HalfCauchy"),
    *("Exponential", "Gamma", "InverseGamma", "LogNormal", "Weibull"),
)
"""Families that both have, with the same names and parameters, as PyMC has them."""
_MADE_OF_OTHERS = ("Truncated", "Mixture")


def from_preliz(distribution: object, *, unit: str = OUTCOME, on: str = "tau") -> Prior:
    """Return a distribution that was found with PreliZ as a prior.

    Parameters
    ----------
    distribution
        Of PreliZ, its parameters known: of `PLAIN`, a ``Truncated`` or a ``Mixture`` of such.
    unit, on
        As in `Prior`: what the numbers are in, and whether they are of tau or of tau**2.

    Raises
    ------
    PriorError
        If this is no distribution of PreliZ, its parameters are not known yet, or there is no
        prior of its family.

    References
    ----------
    Icazatti A et al. (2023). PreliZ: a tool-box for prior elicitation. J Open Source Softw
    8(89):5499.

    Examples
    --------
    PreliZ is an extra, ``bayesmeta[elicit]``, so that this runs where it is installed:

    >>> import bayesmeta as bm
    >>> import preliz as pz  # doctest: +SKIP
    >>> print(bm.from_preliz(pz.HalfNormal(sigma=5)))  # doctest: +SKIP
    HalfNormal(sigma=5)
    """
    plain = _prior(distribution)
    prior = Prior(plain.distribution, plain.parameters, unit=unit, on=on)
    check_member(prior, where="PreliZ")
    return prior


def to_preliz(prior: Prior) -> object:
    """Return a prior as a distribution of PreliZ, to be plotted or changed there.

    Parameters
    ----------
    prior
        Of numbers in the outcome's unit, on mu or tau.

    Raises
    ------
    PriorError
        If PreliZ is not installed or has no such family, or the prior's numbers are not those of
        mu or tau in the outcome's unit.

    Examples
    --------
    PreliZ is an extra, ``bayesmeta[elicit]``, so that this runs where it is installed:

    >>> import bayesmeta as bm
    >>> bm.to_preliz(bm.Prior("HalfNormal", {"sigma": 5}))  # doctest: +SKIP
    HalfNormal(sigma=5.00)
    """
    check_member(prior, where="prior")
    if prior.unit != OUTCOME or prior.on != "tau":
        raise PriorError(
            f"{prior}: PreliZ knows neither units nor tau2; give the prior of tau itself, in the "
            "outcome's unit."
        )
    return _distribution(prior, _known())


def _prior(distribution: object) -> Prior:
    name = type(distribution).__name__
    if not type(distribution).__module__.startswith("preliz."):
        raise PriorError(f"{distribution!r} is no distribution of PreliZ, such as preliz.Normal().")
    if name not in (*PLAIN, *_MADE_OF_OTHERS):
        raise PriorError(
            f"No prior is a PreliZ {name}; known: {', '.join((*PLAIN, *_MADE_OF_OTHERS))}."
        )
    if not getattr(distribution, "is_frozen", False):
        raise PriorError(f"The parameters of PreliZ's {name} are not known yet; fit or give them.")
    return Prior(name, _READERS.get(name, _plain)(distribution))


def _plain(distribution: object) -> dict[str, Value]:
    names = FAMILIES[type(distribution).__name__].forms[0]
    return {name: float(getattr(distribution, name)) for name in names}


def _truncated(distribution: object) -> dict[str, Value]:
    bounds = {name: float(getattr(distribution, name)) for name in ("lower", "upper")}
    finite = {name: bound for name, bound in bounds.items() if np.isfinite(bound)}
    return {"dist": _prior(getattr(distribution, "dist", None)), **finite}


def _mixture(distribution: object) -> dict[str, Value]:
    weights = np.asarray(getattr(distribution, "weights", ()), dtype=float)
    members = tuple(_prior(member) for member in getattr(distribution, "dist", ()))
    return {"w": tuple(weights.tolist()), "comp_dists": members}


_READERS: Mapping[str, Callable[[object], dict[str, Value]]] = {
    "Truncated": _truncated,
    "Mixture": _mixture,
}


def _known() -> Mapping[str, Callable[..., object]]:
    """Return PreliZ's distributions by name."""
    try:
        preliz = import_module("preliz")
    except ImportError as error:
        raise PriorError(
            'PreliZ is not installed; install it with: pip install "bayesmeta[elicit]".'
        ) from error
    return {name: getattr(preliz, name) for name in (*PLAIN, *_MADE_OF_OTHERS)}


def _distribution(prior: Prior, known: Mapping[str, Callable[..., object]]) -> object:
    name, values = prior.distribution, dict(prior.parameters)
    if name not in known:
        raise PriorError(f"PreliZ has no {name}; both have: {', '.join(known)}.")
    if name == "Mixture":
        members = [_distribution(member, known) for member in values["comp_dists"]]  # type: ignore[union-attr,arg-type]
        return known[name](members, weights=list(values["w"]))  # type: ignore[arg-type]
    if name == "Truncated":
        return known[name](_distribution(values.pop("dist"), known), **values)  # type: ignore[arg-type]
    return known[name](**values)
