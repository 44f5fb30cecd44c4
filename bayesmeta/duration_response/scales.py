"""Priors of a duration analysis, in the outcome's unit."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.assembly import PriorLike
from bayesmeta.catalogue import load_model
from bayesmeta.duration_response.others import Others
from bayesmeta.duration_response.weeks import Durations
from bayesmeta.errors import ImproperPosteriorError, PriorError
from bayesmeta.location import MU as MEAN
from bayesmeta.location import slopes
from bayesmeta.measures.effects import Effects
from bayesmeta.priors import (
    is_proper,
    rescale,
    resolve,
    tail_exponent,
    tail_integrable,
    unit_information_sd,
    with_defaults,
)
from bayesmeta.random_effects.normal import TAU as SPREAD
from bayesmeta.schema import BETA, MU, TAU, slope
from bayesmeta.spec import OUTCOME, UISD, Prior, prior_from_toml

CHANGE = "change"
"""Key of the prior on the change from the shortest to the longest observed week."""

_FLAT = "flat"
_SIZES = ("beta", "sigma", "scale")
"""What a family of tau's default prior may call its scale."""


@dataclass(frozen=True, eq=False)
class Scales:
    """Resolved priors: ``mu``, ``tau``, ``change``, those of further moderators and of a bias.

    Parameters
    ----------
    priors
        In the outcome's unit.
    others
        What the further coefficients are called: ``beta[term]``, ``bias``.
    studies
        Number of studies; one whose likelihood is raised to a power counts as that.
    """

    priors: Mapping[str, Prior]
    others: tuple[str, ...]
    studies: float

    @property
    def change(self) -> tuple[float, float]:
        """Mean and SD of the change from the shortest to the longest observed week."""
        return _normal(self.priors[CHANGE])

    @property
    def fixed(self) -> tuple[FloatArray, FloatArray]:
        """Prior means and precisions of mu and the further moderators; precision 0 is flat."""
        found = [self.priors[name] for name in (MU, *self.others)]
        mean, sd = np.array([_normal(prior) for prior in found]).T
        return mean, sd**-2

    @property
    def flat(self) -> int:
        """How many coefficients have flat priors."""
        return int((self.fixed[1] == 0).sum())

    def moments(self) -> int:
        """Return how many moments tau has in the posterior, 2 at most: as far as we need."""
        tau, spare = self.priors[TAU], self.studies - self.flat
        return sum(tail_integrable(tau, order - spare) for order in (1, 2))


def _normal(prior: Prior) -> tuple[float, float]:
    if prior.distribution == _FLAT:
        return 0.0, np.inf
    mean, sd = prior.parameters.get("mu", 0.0), prior.parameters["sigma"]
    return float(mean), float(sd)  # type: ignore[arg-type]


def resolve_scales(
    effects: Effects, durations: Durations, others: Others, priors: Mapping[str, PriorLike] | None
) -> Scales:
    """Return the priors in the outcome's unit, the user's before the model's.

    ``change`` is the prior of the change from the shortest to the longest observed week, the same
    in every shape. Where it is not stated, it follows from a slope's prior that is,
    ``beta[duration_weeks]`` or ``beta``, which is per week; else it is Normal(0, scale of tau's
    default prior).

    Raises
    ------
    PriorError
        If a prior is unknown, cannot be resolved, or is not normal where it must be.
    ImproperPosteriorError
        If the posterior would have no finite mass.
    """
    given = {
        name: prior_from_toml(prior, where=f"prior {name}")
        for name, prior in (priors or {}).items()
    }
    change = given.pop(CHANGE, None)
    own = slope(durations.column)
    weeks = durations.middle
    design = np.column_stack([np.ones(len(effects)), weeks - weeks.mean(), others.design])
    stated = {**load_model("meta-regression").priors, **given}
    by_slope = change is None and not given.keys().isdisjoint({own, BETA})
    if not by_slope:
        stated[own] = Prior("Normal", {"mu": 0.0, "sigma": 1.0})
    parameters = (MEAN, SPREAD, *slopes((durations.column,)), *others.parameters)
    found = resolve(stated, parameters, effects, design)
    per_week = found.pop(own)
    if by_slope:
        _require_family(per_week, own, flat=False)
        found[CHANGE] = rescale(per_week, durations.observed.span)
    else:
        found[CHANGE] = _default_change(effects) if change is None else _change(change, effects)
    names = tuple(item.name for item in others.parameters)
    scales = Scales(MappingProxyType(found), names, len(effects))
    _require_normal(scales)
    _require_proper(scales)
    return scales


def _default_change(effects: Effects) -> Prior:
    """Return Normal(0, scale of tau's default prior): a duration moves what studies differ by."""
    default = {TAU: load_model("meta-regression").priors[TAU]}
    stated = with_defaults(default, (SPREAD,), effects)
    tau = resolve(stated, (SPREAD,), effects, np.ones((len(effects), 1)))[TAU]
    sizes = [tau.parameters[name] for name in _SIZES if name in tau.parameters]
    return Prior("Normal", {"mu": 0.0, "sigma": sizes[0]})


def _change(change: Prior, effects: Effects) -> Prior:
    _require_family(change, CHANGE, flat=False)
    if change.unit == OUTCOME:
        return change
    if change.unit != UISD:
        raise PriorError(f"prior change: unit {change.unit!r}; use {OUTCOME!r} or {UISD!r}.")
    return replace(rescale(change, unit_information_sd(effects)), unit=OUTCOME)


def _require_normal(scales: Scales) -> None:
    for name in (MU, *scales.others):
        _require_family(scales.priors[name], name, flat=True)


def _require_family(prior: Prior, name: str, *, flat: bool) -> None:
    if prior.distribution == "Normal" or (flat and prior.distribution == _FLAT):
        return
    why = (
        "a flat one has no marginal likelihood, so that shapes could not be compared"
        if prior.distribution == _FLAT
        else "shapes are integrated in closed form"
    )
    raise PriorError(f"prior {name}: {prior} will not do for durations: {why}; use a Normal prior.")


def _require_proper(scales: Scales) -> None:
    tau, spare = scales.priors[TAU], scales.studies - scales.flat
    if spare < 0 or not tail_integrable(tau, -spare):
        kind = "" if is_proper(tau) else "improper "
        raise ImproperPosteriorError(
            f"With {scales.studies} studies, {scales.flat} flat coefficients and the {kind}prior "
            f"{tau} (tail exponent {tail_exponent(tau):g}) on tau the posterior is improper; "
            'use tau = "HalfNormal(sigma=...)", or a normal prior on mu.'
        )
