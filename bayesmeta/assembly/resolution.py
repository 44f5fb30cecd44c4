"""A model's statement resolved on a table's effects: design, and priors in the outcome's unit."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from types import MappingProxyType

from bayesmeta.arrays import FloatArray
from bayesmeta.assembly.layout import laid_out, with_columns
from bayesmeta.assembly.parts import Parts, parts_of
from bayesmeta.catalogue import load_model
from bayesmeta.covariance import NO_LAYOUT, Covariance, Groups, Layout, Rows, Values
from bayesmeta.errors import StudiesError
from bayesmeta.location import LOCATIONS, Location
from bayesmeta.measures.effects import Effects
from bayesmeta.parameters import Parameter
from bayesmeta.priors import LARGEST, SMALLEST, Context, resolve, with_defaults
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
    data
        What the likelihood reads of the table beside estimates, by column, shape (study,).
    """

    model: ModelSpec
    effects: Effects
    location: Location
    priors: Mapping[str, Prior]
    fixed: Mapping[str, float] = field(default_factory=dict)
    layout: Layout = NO_LAYOUT
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
        nuisance = self.parts.nuisance(self.layout)
        return (mu, *self.parts.hyperparameters(self.layout), *nuisance, *slopes)

    @property
    def hyperparameters(self) -> tuple[Parameter, ...]:
        """The hyperparameters that are not fixed."""
        every = self.parts.hyperparameters(self.layout)
        return tuple(item for item in every if item.name not in self.fixed)

    @property
    def variables(self) -> tuple[str, ...]:
        """Names of the variables of the free parameters: a vector's elements share one."""
        free = (item for item in self.parameters if item.name not in self.fixed)
        return tuple(dict.fromkeys(item.variable for item in free))

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
        joining = (role.name for role in self.parts.roles if role.joins)
        return next((name for name in joining if name in self.layout.groups), "")

    def valued(self, values: Values) -> Values:
        """Return values of the free hyperparameters with the fixed ones beside them."""
        return {**self.fixed, **values}

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
        stated = with_defaults(spec.priors, self.parameters, self.effects)
        spec = replace(spec, priors=stated)
        resolved = resolve(stated, self.parameters, self.effects, self.design)
        fixed = {name: prior.value for name, prior in resolved.items() if prior.value is not None}
        free = {name: prior for name, prior in resolved.items() if name not in fixed}
        return replace(self, model=spec, priors=free, fixed=fixed)


def usual_model(moderators: str | None) -> str:
    """Return the model of whoever names none."""
    return "meta-regression" if moderators else "random-effects"


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
    _require_effects(effects)
    spec = load_model(model or usual_model(moderators))
    parts_of(spec)
    spec = _with_formula(spec) if moderators else spec
    own = {
        name: prior_from_toml(prior, where=f"prior {name}")
        for name, prior in (priors or {}).items()
    }
    spec = spec.with_priors(**own).with_roles(**(roles or {}))
    parts = parts_of(spec)
    complete = with_columns(spec, parts, effects, missing=missing)
    used, location = parts.location.locate(complete, moderators, missing=missing)
    estimate, error = parts.likelihood.approximate(used)
    used = replace(used, estimate=estimate, standard_error=error)
    _require_sizes(used)
    layout, data = laid_out(spec, parts, used), parts.likelihood.data(used)
    return Assembly(spec, used, location, priors={}, layout=layout, data=data).under(spec)


def _with_formula(spec: ModelSpec) -> ModelSpec:
    """Return the model with a formula for its centre, where that was an intercept."""
    if spec.parts["location"] != _INTERCEPT:
        return spec
    own, wanted = (LOCATIONS[name].CENTRE for name in (_INTERCEPT, _FORMULA))
    statement = re.sub(rf"\b{own}\b", wanted, spec.statement)
    return replace(spec.with_part("location", _FORMULA), statement=statement)


def _require_effects(effects: object) -> None:
    if not isinstance(effects, Effects):
        raise StudiesError(
            f"Effects are needed, not a {type(effects).__name__}; they are made by "
            "effect_sizes(read_studies(table), measure=...)."
        )


def _require_sizes(effects: Effects) -> None:
    """Raise where the square of an estimate or a standard error would be no number."""
    for label, estimate, error in zip(
        effects.labels, effects.estimate, effects.standard_error, strict=True
    ):
        if not (SMALLEST <= error <= LARGEST and abs(estimate) <= LARGEST):
            raise StudiesError(
                f"{label}: the estimate is {estimate:g} with standard error {error:g}; numbers up "
                f"to {LARGEST:g}, and standard errors from {SMALLEST:g} on, are computed with. "
                "State the outcome in another unit."
            )
