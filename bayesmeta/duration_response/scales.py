"""Priors of a duration analysis, in the outcome's unit."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from types import MappingProxyType

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.assembly import Assembly, PriorLike
from bayesmeta.biases import Patterns
from bayesmeta.catalogue import load_model
from bayesmeta.duration_response.beside import Beside, is_asked_by_study, plain
from bayesmeta.duration_response.lines.law import Law, law_of
from bayesmeta.duration_response.others import Others
from bayesmeta.duration_response.suitable import (
    FLAT,
    require_family,
    require_normal,
    require_proper,
)
from bayesmeta.duration_response.weeks import Durations
from bayesmeta.engines.coefficients import Product, forms, product
from bayesmeta.engines.further import Axis
from bayesmeta.engines.posed import further_axes
from bayesmeta.engines.telling import told_of
from bayesmeta.errors import PriorError
from bayesmeta.location import MU as MEAN
from bayesmeta.location import Location, slopes
from bayesmeta.measures.effects import Effects
from bayesmeta.priors import (
    rescale,
    resolve,
    tail_integrable,
    unit_information_sd,
    with_defaults,
)
from bayesmeta.random_effects import translated
from bayesmeta.random_effects.normal import TAU as SPREAD
from bayesmeta.schema import BETA, MU, TAU, slope
from bayesmeta.spec import OUTCOME, UISD, Prior, prior_from_toml

CHANGE = "change"
"""Key of the prior on the change from the shortest to the longest observed week."""

_ENOUGH = 2
"""Moments of tau that are asked for."""
_SIZES = ("beta", "sigma", "scale")
"""What a family of tau's default prior may call its scale."""


@dataclass(frozen=True, eq=False)
class Scales:
    """Resolved priors: ``mu``, ``tau``, ``change``, those of further moderators and of a model.

    Parameters
    ----------
    priors
        In the outcome's unit.
    others
        What the further coefficients are called: ``beta[term]``, ``bias``.
    effects
        The studies.
    beside
        The model beside the mean.
    """

    priors: Mapping[str, Prior]
    others: tuple[str, ...]
    effects: Effects
    beside: Beside

    @property
    def studies(self) -> int:
        """Number of studies."""
        return len(self.effects)

    @cached_property
    def assembly(self) -> Assembly:
        """The model on the table, its mean left open: covariances, powers, hyperparameters."""
        fixed = {name: prior.value for name, prior in self.priors.items()
                 if prior.value is not None}  # fmt: skip
        free = {name: prior for name, prior in self.priors.items() if name not in fixed}
        open_mean = Location(np.ones((self.studies, 1)), (), np.empty(0))
        return Assembly(self.beside.spec, self.effects, open_mean, free, fixed, self.beside.layout)

    @cached_property
    def law(self) -> Law | None:
        """What each study says of its centre, where that is not normal."""
        return law_of(self.assembly) if is_asked_by_study(self.beside.spec) else None

    @cached_property
    def normal(self) -> "Scales":
        """The same with normal study effects and no biases of their own: to find the way."""
        if not is_asked_by_study(self.beside.spec):
            return self
        spec = self.beside.spec.with_part("heterogeneity", "normal").with_part("power", "none")
        spec = spec if self.beside.parts.bias.CERTAIN else spec.with_part("bias", "none")
        names = (MU, TAU, CHANGE, *self.others)
        priors = MappingProxyType({name: self.priors[name] for name in names})
        return replace(self, priors=priors, beside=replace(self.beside, spec=spec))

    @cached_property
    def coefficients(self) -> Product:
        """Priors of mu and the further moderators; a bias that there may be has two cases."""
        part = self.beside.parts.bias
        own = {item.name for item in part.COEFFICIENTS}
        names = (MU, *self.others)
        priors = [
            part.coefficient_prior(self.priors[name], self.assembly.fixed)
            if name in own
            else self.priors[name]
            for name in names
        ]
        return product([form.normals() for form in forms(priors, names)])

    @cached_property
    def axes(self) -> list[Axis]:
        """The hyperparameters that are integrated around the first one."""
        return further_axes(self.assembly)

    @cached_property
    def patterns(self) -> Patterns | None:
        """Every case of who is biased; None where nothing is left open."""
        known = self.assembly
        return known.parts.bias.patterns(known.layout, known.priors, known.fixed)

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

    @cached_property
    def moments(self) -> dict[str, int]:
        """How many moments each tau has a posteriori, 2 at most: as far as we need."""
        names = [item.name for item in self.assembly.hyperparameters]
        return {name: self._moments(name) for name in names}

    def _moments(self, name: str) -> int:
        found = told_of(self.assembly, name)
        if found is None:  # no scale, whose prior has moments enough
            return _ENOUGH
        spare = found.rows - self.flat
        tau = self.priors[name]
        return sum(tail_integrable(tau, order - spare) for order in range(1, _ENOUGH + 1))

    @property
    def is_plain(self) -> bool:
        """Whether one tau is all that the studies' estimates spread by, each counted once."""
        return len(self.assembly.hyperparameters) == 1 and self.assembly.powers is None


def _normal(prior: Prior) -> tuple[float, float]:
    if prior.distribution == FLAT:
        return 0.0, np.inf
    mean, sd = prior.parameters.get("mu", 0.0), prior.parameters["sigma"]
    return float(mean), float(sd)  # type: ignore[arg-type]


def resolve_scales(
    effects: Effects, durations: Durations, others: Others,
    priors: Mapping[str, PriorLike] | None, model: Beside | None = None,
) -> Scales:  # fmt: skip
    """Return the priors in the outcome's unit, the user's before the model's.

    ``change`` is the prior of the change from the shortest to the longest observed week, the same
    in every shape. Where it is not stated, it follows from a slope's prior that is,
    ``beta[duration_weeks]`` or ``beta``, which is per week; else it is Normal(0, scale of tau's
    default prior).

    Parameters
    ----------
    model
        What stands beside the mean; by default one tau.

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
    model = plain() if model is None else model
    stated = {**_stated(model), **translated(model.parts.heterogeneity, given)}
    by_slope = change is None and not given.keys().isdisjoint({own, BETA})
    if not by_slope:
        stated[own] = Prior("Normal", {"mu": 0.0, "sigma": 1.0})
    parameters = (MEAN, *model.hyperparameters, *slopes((durations.column,)), *others.parameters)
    found = resolve(stated, parameters, effects, design)
    per_week = found.pop(own)
    if by_slope:
        require_family(per_week, own, flat=False)
        found[CHANGE] = rescale(per_week, durations.observed.span)
    else:
        found[CHANGE] = _default_change(effects) if change is None else _change(change, effects)
    names = tuple(item.name for item in others.parameters)
    scales = Scales(MappingProxyType(found), names, effects, model)
    require_normal(scales)
    require_proper(scales)
    return scales


def _stated(model: Beside) -> dict[str, Prior]:
    """Return the priors that the model's file states of what stands here, slopes' by default."""
    own = (MEAN, *model.hyperparameters, *model.parts.bias.COEFFICIENTS)
    known = {BETA, *(name for item in own for name in (item.name, item.variable))}
    slope_prior = load_model("meta-regression").priors[BETA]
    stated = {name: prior for name, prior in model.spec.priors.items() if name in known}
    return {BETA: slope_prior, **stated}


def _default_change(effects: Effects) -> Prior:
    """Return Normal(0, scale of tau's default prior): a duration moves what studies differ by."""
    default = {TAU: load_model("meta-regression").priors[TAU]}
    stated = with_defaults(default, (SPREAD,), effects)
    tau = resolve(stated, (SPREAD,), effects, np.ones((len(effects), 1)))[TAU]
    sizes = [tau.parameters[name] for name in _SIZES if name in tau.parameters]
    return Prior("Normal", {"mu": 0.0, "sigma": sizes[0]})


def _change(change: Prior, effects: Effects) -> Prior:
    require_family(change, CHANGE, flat=False)
    if change.unit == OUTCOME:
        return change
    if change.unit != UISD:
        raise PriorError(f"prior change: unit {change.unit!r}; use {OUTCOME!r} or {UISD!r}.")
    return replace(rescale(change, unit_information_sd(effects)), unit=OUTCOME)
