"""A model resolved on a table's effects: its parts, design, and priors in the outcome's unit."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.assembly.lacking import resolved
from bayesmeta.assembly.parts import Parts, parts_of
from bayesmeta.assembly.requirements import (
    require_alone,
)
from bayesmeta.covariance import NO_LAYOUT, Covariance, Groups, Layout, Rows, Values
from bayesmeta.location import Location
from bayesmeta.measures.effects import Effects
from bayesmeta.parameters import Parameter
from bayesmeta.priors import Context, with_defaults
from bayesmeta.random_effects import translated
from bayesmeta.spec import ModelSpec, Prior


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

    @cached_property
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

    @cached_property
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

    @cached_property
    def rows(self) -> Rows:
        """What the parts look at of the table."""
        nuisance = {item.name for item in self.parts.nuisance(self.layout)}
        priors = {name: prior for name, prior in self.priors.items() if name in nuisance}
        return Rows(self.effects.standard_error, self.layout, self.data, priors)

    @cached_property
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
