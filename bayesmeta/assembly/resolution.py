"""A model's statement resolved on a table's effects: design, and priors in the outcome's unit."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from types import MappingProxyType

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.assembly.choices import with_choices
from bayesmeta.assembly.lacking import resolved
from bayesmeta.assembly.layout import laid_out, with_columns
from bayesmeta.assembly.parts import Parts, parts_of
from bayesmeta.assembly.requirements import (
    require_alone,
    require_own_errors,
    require_sizes,
    require_spread,
)
from bayesmeta.catalogue import load_model
from bayesmeta.covariance import NO_LAYOUT, Covariance, Groups, Layout, Rows, Values
from bayesmeta.errors import ModelError, PriorError
from bayesmeta.location import LOCATIONS, Location
from bayesmeta.location.columns import joined
from bayesmeta.measures.effects import Effects
from bayesmeta.measures.given import require_effects
from bayesmeta.parameters import Parameter
from bayesmeta.priors import Context, with_defaults
from bayesmeta.random_effects import translated
from bayesmeta.spec import ModelSpec, Prior, prior_from_toml

type PriorLike = Prior | str | float | Mapping[str, object]

_INTERCEPT, _FORMULA = "intercept", "formula"


@dataclass(frozen=True, eq=False)
class Assembly:
    """What an engine takes: parts, data and resolved priors.

    Parameters
    ----------
    model
        The model as stated, with the user's priors in place.
    effects
        The rows used.
    location
        Design matrix and what it was made of.
    priors
        One a free parameter, by name, in the outcome's unit.
    fixed
        Values of the parameters that a number stands for, in the outcome's unit.
    layout
        How the rows hang together, by the roles that the model's parts have.
    prior_powers
        What the prior densities of hyperparameters are raised to, where that is not 1.
    data
        What the likelihood reads of the table beside estimates, by column, shape (study,).
    """

    model: ModelSpec
    effects: Effects
    location: Location
    priors: Mapping[str, Prior]
    fixed: Mapping[str, float] = field(default_factory=dict)
    layout: Layout = NO_LAYOUT
    prior_powers: Mapping[str, float] = field(default_factory=dict)
    data: Mapping[str, FloatArray] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Freeze what is mutable."""
        object.__setattr__(self, "priors", MappingProxyType(dict(self.priors)))
        object.__setattr__(self, "fixed", MappingProxyType(dict(self.fixed)))

    @cached_property
    def parts(self) -> Parts:
        """The model's parts."""
        return parts_of(self.model)

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """Every parameter, fixed ones too: mu, hyperparameters, nuisance, further coefficients."""
        mu, *slopes = self.location.coefficients
        hyperparameters, latent = self.parts.hyperparameters(self.layout), self.parts.bias.LATENT
        nuisance = self.parts.nuisance(self.layout)
        return (mu, *hyperparameters, *nuisance, *slopes, *latent)

    @property
    def hyperparameters(self) -> tuple[Parameter, ...]:
        """The hyperparameters that are not fixed."""
        every = self.parts.hyperparameters(self.layout)
        return tuple(item for item in every if item.name not in self.fixed)

    @property
    def variables(self) -> tuple[str, ...]:
        """Names of the variables of the free parameters: a vector's elements share one."""
        latent = {item.name for item in self.parts.bias.LATENT}
        gone = {*self.fixed, *latent}
        free = (item for item in self.parameters if item.name not in gone)
        return tuple(dict.fromkeys(item.variable for item in free))

    @property
    def coefficient_priors(self) -> dict[str, Prior]:
        """One a coefficient; where it may be none at all, that is part of it."""
        own = [item.name for item in self.parts.bias.COEFFICIENTS]
        return {
            name: self.parts.bias.coefficient_prior(self.priors[name], self.fixed)
            if name in own
            else self.priors[name]
            for name in self.coefficients
        }

    @cached_property
    def constants(self) -> Mapping[str, float]:
        """What covariances take as numbers: fixed parameters, and what is latent's priors."""
        return {**self.fixed, **self.parts.bias.constants(self.priors)}

    @cached_property
    def powers(self) -> FloatArray | None:
        """The power of each row's likelihood, shape (study,); None where all are 1."""
        found = self.parts.power.powers(self.fixed, self.rows)
        return None if found is None else np.asarray(found, dtype=float)

    def require_alone(self, covariance: Covariance) -> None:
        """Raise where rows that depend on each other have powers, or biases of their own."""
        require_alone(self.model, self.parts, covariance)

    @property
    def coefficients(self) -> tuple[str, ...]:
        """``mu``, then the slopes, as the posterior names them."""
        return tuple(parameter.name for parameter in self.location.coefficients)

    @property
    def design(self) -> FloatArray:
        """Design matrix, shape (study, coefficient): ones, then centred slope columns."""
        return self.location.design

    @property
    def terms(self) -> tuple[str, ...]:
        """Names of the design's columns but the first."""
        return self.location.terms

    @property
    def rows(self) -> Rows:
        """What the parts look at of the table."""
        nuisance = {item.name for item in self.parts.nuisance(self.layout)}
        priors = {name: prior for name, prior in self.priors.items() if name in nuisance}
        return Rows(self.effects.standard_error, self.layout, self.data, priors)

    @property
    def context(self) -> Context:
        """What data-dependent priors look at."""
        return Context(self.effects.standard_error, self.design)

    @property
    def blocks(self) -> Groups:
        """Rows that depend on each other: the outermost groups; each its own where none do."""
        joining = self._joining
        return self.layout.groups[joining] if joining else Groups.of(self.effects.labels)

    @property
    def block_name(self) -> str:
        """What one of the blocks is: ``"study"``, or the role that joins its rows."""
        return self._joining or "study"

    @property
    def _joining(self) -> str:
        groups = self.layout.groups
        joining = [item.name for item in self.parts.roles if item.joins and item.name in groups]
        return min(joining, key=lambda name: len(groups[name]), default="")

    def valued(self, values: Values) -> Values:
        """Return values of the free hyperparameters with the fixed ones beside them."""
        return {**self.constants, **values}

    def covariance(self, values: Values) -> Covariance:
        """Return the covariance of the estimates at values of the free hyperparameters."""
        return self.parts.covariance(self.valued(values), self.rows)

    def stated(self) -> dict[str, Prior]:
        """Return the priors of all parameters in their order, fixed ones as numbers."""
        fixed = {name: Prior.fixed(value) for name, value in self.fixed.items()}
        every = {**self.priors, **fixed}
        return {item.name: every[item.name] for item in self.parameters}

    def under(self, spec: ModelSpec) -> "Assembly":
        """Return the same table and design under the priors of a specification.

        Raises
        ------
        PriorError
            If a prior is unknown or unsuited, or its unit cannot be resolved on this table.
        """
        # What defaults stand for is written into the record, so that it is read back the same.
        own = translated(self.parts.heterogeneity, spec.priors)
        stated = with_defaults(own, self.parameters, self.effects)
        spec = replace(spec, priors=stated)
        priors = resolved(spec, self.parameters, self.effects, self.design)
        fixed = {name: prior.value for name, prior in priors.items() if prior.value is not None}
        free = {name: prior for name, prior in priors.items() if name not in fixed}
        return replace(self, model=spec, priors=free, fixed=fixed)


def usual_model(moderators: str | None) -> str:
    """Return the model of whoever names none."""
    return "meta-regression" if moderators else "random-effects"


_MISSING = ("error", "drop")


def assemble(
    effects: Effects,
    model: str | Path | ModelSpec | None = None,
    *,
    moderators: str | None = None,
    priors: Mapping[str, PriorLike] | None = None,
    missing: str = "error",
    roles: Mapping[str, str] | None = None,
) -> Assembly:
    """Return a model resolved on effects.

    Parameters
    ----------
    model
        Name on the shelf, path of a model file, or a ``ModelSpec``; by default
        ``"meta-regression"`` where there are moderators and ``"random-effects"`` otherwise.
    moderators
        Formula in the table's columns; any model whose centre is an intercept takes one.
    priors
        Priors that replace the model's: ``{"tau": "HalfNormal(sigma=5)"}``; a number fixes a
        hyperparameter.
    missing
        ``"error"``, or ``"drop"`` for rows without a moderator's value.
    roles
        Columns that rows are grouped by, beside those that the model names:
        ``{"cluster": "district"}``.

    Raises
    ------
    ModelError, PriorError, StudiesError
        If the parts do not fit each other or the table.
    """
    require_effects(effects)
    if missing not in _MISSING:
        raise ModelError(f"Unknown missing={missing!r}; known: {', '.join(_MISSING)}.")
    moderators = joined(moderators)
    _require_mapping(priors)
    spec = load_model(model or usual_model(moderators))
    parts_of(spec)
    spec = _with_formula(spec) if moderators else spec
    own = {
        name: prior_from_toml(prior, where=f"prior {name}")
        for name, prior in (priors or {}).items()
    }
    spec = with_choices(spec, roles or {})
    parts = parts_of(spec)
    spec = spec.with_priors(**_translated(parts, own))
    complete = with_columns(spec, parts, effects, missing=missing)
    used, location = parts.location.locate(complete, moderators, missing=missing)
    estimate, error = parts.likelihood.approximate(used)
    used = replace(used, estimate=estimate, standard_error=error)
    require_sizes(used)
    layout, data = laid_out(spec, parts, used), parts.likelihood.data(used)
    location = location.beside(parts.bias.COEFFICIENTS, layout.marks)
    found = Assembly(spec, used, location, priors={}, layout=layout, data=data).under(spec)
    require_own_errors(spec, parts, found.rows, found.fixed)
    require_spread(spec, parts)
    return found


def _translated(parts: Parts, own: Mapping[str, Prior]) -> dict[str, Prior]:
    """Return the user's priors by the names of the model's parameters.

    Raises
    ------
    PriorError
        If a parameter has two priors, by two names.
    """
    found = translated(parts.heterogeneity, own)
    if len(found) < len(own):
        raise PriorError(f"priors: {', '.join(own)}: two of them are of one parameter; keep one.")
    return found


def _with_formula(spec: ModelSpec) -> ModelSpec:
    """Return the model with a formula for its centre, where that was an intercept."""
    if spec.parts["location"] != _INTERCEPT:
        return spec
    own, wanted = (LOCATIONS[name].CENTRE for name in (_INTERCEPT, _FORMULA))
    statement = re.sub(rf"\b{own}\b", wanted, spec.statement)
    return replace(spec.with_part("location", _FORMULA), statement=statement)


def _require_mapping(priors: object) -> None:
    if priors is not None and not isinstance(priors, Mapping):
        raise PriorError(
            f"priors: {priors!r} does not say of which parameters; write "
            '{"tau": "HalfNormal(sigma=5)"}.'
        )
    if odd := [name for name in priors or {} if not isinstance(name, str)]:
        raise PriorError(f"priors: {odd[0]!r} is no parameter's name; write such as 'tau'.")
