"""Priors of coefficients as the engines integrate them: bells, normal given their own precision."""

import numpy as np

from bayesmeta.errors import PriorError
from bayesmeta.priors.binding import bind
from bayesmeta.priors.family import Density
from bayesmeta.priors.register import FAMILIES
from bayesmeta.priors.traits import Bell
from bayesmeta.spec import Prior


def bells(prior: Prior) -> tuple[tuple[float, Bell], ...]:
    """Return the bells that a prior is made of, each with its share; none where it is of no bells.

    Examples
    --------
    >>> bells(Prior("Cauchy", {"alpha": 0, "beta": 2}))
    ((1.0, Bell(mean=0.0, sd=2.0, nu=1.0)),)
    >>> bells(Prior("Uniform", {"lower": -1, "upper": 1}))
    ()
    """
    return _bells(bind(prior)) if prior.value is None else ()


def _bells(density: Density) -> tuple[tuple[float, Bell], ...]:
    if density.family.bell is not None and density.on == "tau":
        return ((1.0, density.family.bell(**density.parameters)),)
    members, shares = density.parameters.get("comp_dists"), density.parameters.get("w")
    if not isinstance(members, tuple) or not isinstance(shares, tuple):
        return ()
    each = [_bells(member) for member in members if isinstance(member, Density)]
    if len(each) < len(members) or any(len(found) != 1 for found in each):
        return ()
    parts = zip(shares, each, strict=True)
    return tuple((float(share), found[0][1]) for share, found in parts)  # type: ignore[arg-type]


def bell(prior: Prior) -> Bell | None:
    """Return the one bell that a prior is; None where it is none, or several.

    Examples
    --------
    >>> bell(Prior("flat")).is_flat, bell(Prior("Normal", {"mu": 1, "sigma": 2})).sd
    (True, 2.0)
    """
    found = bells(prior)
    return found[0][1] if len(found) == 1 else None


def normal(prior: Prior) -> Bell | None:
    """Return a normal or flat prior's mean and SD; None where a prior is neither."""
    found = bell(prior)
    return found if found is not None and found.is_normal else None


def is_flat(prior: Prior) -> bool:
    """Return whether a prior of a coefficient is flat: of one density everywhere."""
    found = bell(prior)
    return found is not None and found.is_flat


def powered(prior: Prior, alpha: float, name: str) -> Prior:
    """Return the prior of a coefficient whose density is proportional to a prior's power.

    Parameters
    ----------
    name
        The coefficient, for messages.

    Raises
    ------
    PriorError
        If there is none in closed form, or it has no total mass.

    Examples
    --------
    >>> print(powered(Prior("Normal", {"mu": 0.0, "sigma": 5.0}), 4.0, "mu"))
    Normal(mu=0, sigma=2.5)
    """
    found = bell(prior)
    if FAMILIES[prior.distribution].level or (found is not None and found.is_flat):
        return prior
    if found is None:
        raise PriorError(
            f"{name} ~ {prior}: its power has no closed form; take Normal or StudentT."
        )
    if found.is_normal:
        return Prior("Normal", {"mu": found.mean, "sigma": found.sd / float(np.sqrt(alpha))})
    return _powered_t(found, alpha)


def _powered_t(found: Bell, alpha: float) -> Prior:
    """Return (1 + z**2 / nu)**(-alpha (nu + 1) / 2) as a t density of other degrees and scale."""
    degrees = alpha * (found.nu + 1) - 1
    if degrees <= 0:
        raise PriorError(
            f"A t prior with {found.nu:g} degrees of freedom to the power {alpha} is improper."
        )
    scale = found.sd * float(np.sqrt(found.nu / degrees))
    return Prior("StudentT", {"nu": degrees, "mu": found.mean, "sigma": scale})
