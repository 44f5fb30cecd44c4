"""Families of priors on tau, each with one scale that may be varied."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from bayesmeta.errors import PriorError
from bayesmeta.priors import check_prior, density, is_proper, needs_context, rescale
from bayesmeta.schema import TAU
from bayesmeta.spec import OUTCOME, Prior, prior_from_toml

_ONE = {
    "HalfNormal": Prior("HalfNormal", {"sigma": 1.0}),
    "HalfCauchy": Prior("HalfCauchy", {"beta": 1.0}),
    "HalfStudentT": Prior("HalfStudentT", {"nu": 4.0, "sigma": 1.0}),
    "HalfLogistic": Prior("HalfLogistic", {"scale": 1.0}),
    "Exponential": Prior("Exponential", {"scale": 1.0}),
    "Uniform": Prior("Uniform", {"lower": 0.0, "upper": 1.0}),
    "LogNormal": Prior("LogNormal", {"mu": 0.0, "sigma": 1.0}),
}
SCALE_FAMILIES: Mapping[str, Prior] = MappingProxyType(_ONE)
"""Members of scale 1; a half-t with 4 degrees of freedom, a log-normal with log-sd 1."""

DEFAULT_FAMILIES = ("HalfNormal", "HalfCauchy")


@dataclass(frozen=True)
class ScaleFamily:
    """A proper prior on tau that is stretched.

    Parameters
    ----------
    name
        As it is shown.
    one
        The member of scale 1, in the outcome's unit.
    """

    name: str
    one: Prior

    def member(self, scale: float) -> Prior:
        """Return the member of a scale.

        Examples
        --------
        >>> print(scale_family("HalfNormal").member(2.5))
        HalfNormal(sigma=2.5)
        """
        return rescale(self.one, scale)


def scale_family(family: str | Prior) -> ScaleFamily:
    """Return a family by name, or by a prior that stands for scale 1.

    Raises
    ------
    PriorError
        If the family is unknown, or the prior has no total mass or looks at the data.
    """
    if isinstance(family, str) and family in SCALE_FAMILIES:
        return ScaleFamily(family, SCALE_FAMILIES[family])
    if isinstance(family, str) and "(" not in family:
        known = ", ".join(SCALE_FAMILIES)
        raise PriorError(
            f"No scale family {family!r}; known: {known}; or write a prior of scale 1, such as "
            '"HalfStudentT(nu=3, sigma=1)".'
        )
    one = prior_from_toml(family, where="family")
    check_prior(one, TAU, where="family")
    if not is_proper(one) or needs_context(one) or one.unit != OUTCOME:
        raise PriorError(f"{one} has no scale to vary: give a proper prior in the outcome's unit.")
    return ScaleFamily(str(one), one)


def scale_families(families: Sequence[str | Prior]) -> tuple[ScaleFamily, ...]:
    """Return several families.

    Raises
    ------
    PriorError
        As `scale_family`; if there is none or one stands twice.
    """
    found = tuple(scale_family(family) for family in families)
    names = [family.name for family in found]
    if not found or len(set(names)) < len(names):
        raise PriorError(f"families: {', '.join(names) or 'none'}; give at least one, each once.")
    return found


def scale_in(family: ScaleFamily, prior: Prior) -> float | None:
    """Return the scale at which a family has this prior; None where it is no member.

    Examples
    --------
    >>> scale_in(scale_family("HalfCauchy"), Prior("HalfCauchy", {"beta": 6.5}))
    6.5
    """
    same = prior.distribution == family.one.distribution and prior.on == family.one.on
    if not same or prior.unit != OUTCOME or not is_proper(prior):
        return None
    half = (float(density(one).quantile(0.5)) for one in (prior, family.one))
    scale = next(half) / next(half)
    return scale if _equal(family.member(scale), prior) else None


def _equal(one: Prior, other: Prior) -> bool:
    quantiles = (density(prior).quantile([0.1, 0.5, 0.9]) for prior in (one, other))
    return bool(np.allclose(next(quantiles), next(quantiles), rtol=1e-9))
