"""A posterior's DataTree from draws of the coefficients and tau.

Study effects, new studies, log prior and log likelihood follow in closed form, the same way
for every engine.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from bayesmeta import schema
from bayesmeta.arrays import FloatArray
from bayesmeta.assembly import Assembly, is_conjugate
from bayesmeta.covariance import Blocks, Clustered, Values
from bayesmeta.engines.record import attributes
from bayesmeta.engines.settings import Settings
from bayesmeta.engines.weights import StudyWeights, weights_from_draws
from bayesmeta.measures.typical_variance import typical_variance
from bayesmeta.parameters import Parameter
from bayesmeta.priors import log_density

if TYPE_CHECKING:
    from bayesmeta.studies import Column

type Variables = dict[str, tuple[tuple[str, ...], FloatArray]]
"""Dimensions and values by name."""

LARGEST = 20_000_000
"""Draws of ``theta`` and ``log_likelihood`` are left out above this many values."""

_TOO_MANY = (
    "theta and log_likelihood are not stored: {count} values are more than {largest}; "
    "their summaries come from the mixture."
)


@dataclass(frozen=True, eq=False)
class Draws:
    """What an engine drew.

    Parameters
    ----------
    coefficients
        Shape (chain, draw, coefficient): mu, then the slopes, per raw unit.
    hyperparameters
        By name, each of shape (chain, draw).
    theta
        Shape (chain, draw, study) where the engine sampled them; else drawn here.
    weights
        Posterior mean of each study's share in mu, where the engine knows it exactly.
    attributes
        What else to say of the fit, as text and numbers.
    groups
        Further groups, such as ``sample_stats`` and ``mixture``.
    """

    coefficients: FloatArray
    hyperparameters: Mapping[str, FloatArray] = field(default_factory=dict)
    theta: FloatArray | None = None
    weights: StudyWeights | None = None
    attributes: Mapping[str, str | int | float] = field(default_factory=dict)
    groups: Mapping[str, xr.Dataset] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def build(assembly: Assembly, drawn: Draws, *, settings: Settings) -> xr.DataTree:
    """Return the posterior as a DataTree with the names of ``schema``."""
    count = drawn.coefficients[..., 0].size * len(assembly.effects)
    fits = count <= LARGEST
    notes = drawn.notes if fits else (*drawn.notes, _TOO_MANY.format(count=count, largest=LARGEST))
    groups = {
        schema.POSTERIOR: _posterior(assembly, drawn, seed=settings.seed, with_theta=fits),
        schema.LOG_PRIOR: _log_prior(assembly, drawn),
        schema.OBSERVED_DATA: _observed(assembly),
        schema.CONSTANT_DATA: _constant(assembly),
        schema.WEIGHTS: _weights(assembly, drawn),
        **({schema.LOG_LIKELIHOOD: _log_likelihood(assembly, drawn)} if fits else {}),
        **({schema.MODERATORS: _moderators(assembly)} if assembly.location.moderators else {}),
        **drawn.groups,
    }
    tree = xr.DataTree.from_dict(groups)
    tree.attrs = {**attributes(assembly, settings, notes=notes), **drawn.attributes}
    return tree


def _posterior(assembly: Assembly, drawn: Draws, *, seed: int, with_theta: bool) -> xr.Dataset:
    generator = np.random.default_rng([seed, 1])
    found = variables(assembly, drawn, generator)
    if with_theta:
        theta = _study_effects(assembly, drawn, generator) if drawn.theta is None else drawn.theta
        found[schema.THETA] = ((schema.CHAIN, schema.DRAW, schema.STUDY), theta)
    return xr.Dataset(found, coords=coordinates(assembly, drawn))


def variables(assembly: Assembly, drawn: Draws, generator: np.random.Generator) -> Variables:
    """Return the parameters and what follows from them alone, with their dimensions."""
    chain_draw = (schema.CHAIN, schema.DRAW)
    found = _variables(assembly.location.coefficients, drawn.coefficients)
    if assembly.location.formula and assembly.location.means == 1:
        found[schema.INTERCEPT] = (chain_draw, _intercept(assembly, drawn))
    found |= _by_name(assembly, drawn.hyperparameters, assembly.fixed)
    found |= _fraction(assembly, drawn)
    return found | _new_studies(assembly, drawn, generator)


def _new_studies(assembly: Assembly, drawn: Draws, generator: np.random.Generator) -> Variables:
    """Return draws of the effect in a new study, of each kind that there is."""
    part, values = assembly.parts.heterogeneity, assembly.valued(drawn.hyperparameters)
    kinds = part.kinds(assembly.layout)
    centres = [drawn.coefficients[..., assembly.location.centre(kind)] for kind in kinds]
    found = [part.new_study(mu, values, generator, kind)
             for mu, kind in zip(centres, kinds, strict=True)]  # fmt: skip
    dims = (schema.CHAIN, schema.DRAW)
    if kinds == ("",):
        return {schema.THETA_NEW: (dims, found[0])}
    return {schema.THETA_NEW: ((*dims, part.KIND), np.stack(found, axis=-1))}


def _variables(parameters: Sequence[Parameter], values: FloatArray) -> Variables:
    """Return the variables that elements along the last axis, one a parameter, make up."""
    found: Variables = {}
    for name in dict.fromkeys(item.variable for item in parameters):
        own = [place for place, item in enumerate(parameters) if item.variable == name]
        dim = parameters[own[0]].dim
        dims = (schema.CHAIN, schema.DRAW, *([dim] if dim else []))
        found[name] = (dims, values[..., own] if dim else values[..., own[0]])
    return found


def _by_name(
    assembly: Assembly, values: Mapping[str, FloatArray], fixed: Mapping[str, float]
) -> Variables:
    """Return the variables of the hyperparameters, known by their names.

    Elements of a vector that are fixed stand in it beside those that are not.
    """
    if not values:
        return {}
    shape = next(iter(values.values())).shape
    every = {**{name: np.full(shape, value) for name, value in fixed.items()}, **values}
    free = {item.variable for item in assembly.hyperparameters}
    own = [item for item in assembly.parts.hyperparameters(assembly.layout)
           if item.variable in free]  # fmt: skip
    return _variables(own, np.stack([every[item.name] for item in own], axis=-1))


def _intercept(assembly: Assembly, drawn: Draws) -> FloatArray:
    return np.asarray(
        drawn.coefficients[..., 0] - drawn.coefficients[..., 1:] @ assembly.location.column_means
    )


def _fraction(assembly: Assembly, drawn: Draws) -> Variables:
    spread = assembly.parts.heterogeneity.SPREAD
    variance = typical_variance(assembly.effects.standard_error, assembly.design)
    if variance is None or spread is None or spread not in drawn.hyperparameters:
        return {}
    tau = drawn.hyperparameters[spread]
    return {schema.I2: ((schema.CHAIN, schema.DRAW), tau**2 / (tau**2 + variance))}


def by_row(assembly: Assembly, drawn: Draws) -> Values:
    """Return the hyperparameters so that they broadcast against rows."""
    return assembly.valued({name: v[..., np.newaxis] for name, v in drawn.hyperparameters.items()})


def _study_effects(assembly: Assembly, drawn: Draws, generator: np.random.Generator) -> FloatArray:
    """Draw study effects given coefficients and hyperparameters, shape (chain, draw, study)."""
    known = assembly.parts.shrinkage(by_row(assembly, drawn), assembly.rows)
    centre = drawn.coefficients @ assembly.design.T
    return np.asarray(centre + known.draw(assembly.effects.estimate - centre, generator))


def _log_likelihood(assembly: Assembly, drawn: Draws) -> xr.Dataset:
    """Return log p(y | coefficients, hyperparameters), study effects integrated out.

    By study; by cluster where estimates of one are not independent. Where study effects do not
    integrate out, log p(y | theta).
    """
    values, estimate = by_row(assembly, drawn), assembly.effects.estimate
    unit = schema.STUDY
    if is_conjugate(assembly.model):
        covariance = assembly.parts.covariance(values, assembly.rows)
        value = covariance.log_density(estimate - drawn.coefficients @ assembly.design.T)
        if isinstance(covariance, Clustered | Blocks):
            groups = assembly.layout.groups
            unit = next(role for role in groups if groups[role] is covariance.groups)
    else:
        theta = np.asarray(drawn.theta)
        value = assembly.parts.likelihood.log_density(estimate, theta, values, assembly.rows)
    dims = (schema.CHAIN, schema.DRAW, unit)
    return xr.Dataset({schema.ESTIMATE: (dims, value)}, coords=coordinates(assembly, drawn))


def _log_prior(assembly: Assembly, drawn: Draws) -> xr.Dataset:
    columns = [log_density(assembly.priors[name], drawn.coefficients[..., column], assembly.context)
               for column, name in enumerate(assembly.coefficients)]  # fmt: skip
    found = _variables(assembly.location.coefficients, np.stack(columns, axis=-1))
    densities = {
        name: log_density(assembly.priors[name], value, assembly.context)
        for name, value in drawn.hyperparameters.items()
    }
    found |= _by_name(assembly, densities, dict.fromkeys(assembly.fixed, 0.0))
    return xr.Dataset(found, coords=coordinates(assembly, drawn))


def coordinates(assembly: Assembly, drawn: Draws) -> dict[str, list[str] | list[int]]:
    """Return the labels of chains, draws, studies and terms."""
    chains, draws = drawn.coefficients.shape[:2]
    found: dict[str, list[str] | list[int]] = {
        schema.CHAIN: list(range(chains)),
        schema.DRAW: list(range(draws)),
        schema.STUDY: list(assembly.effects.labels),
    }
    found |= {role: list(groups.labels) for role, groups in assembly.layout.groups.items()}
    own = [*assembly.location.coefficients, *assembly.parts.hyperparameters(assembly.layout)]
    for dim in dict.fromkeys(item.dim for item in own if item.dim):
        labels = dict.fromkeys(item.label for item in own if item.dim == dim)
        found.setdefault(dim, list(labels))
    return found


def _observed(assembly: Assembly) -> xr.Dataset:
    effects = assembly.effects
    columns = {schema.ESTIMATE: effects.estimate, **assembly.data}
    return xr.Dataset(
        {name: (schema.STUDY, column) for name, column in columns.items()},
        coords={schema.STUDY: list(effects.labels)},
    )


def _constant(assembly: Assembly) -> xr.Dataset:
    effects, location = assembly.effects, assembly.location
    found: dict[str, tuple[tuple[str, ...], Column]] = {
        schema.STANDARD_ERROR: ((schema.STUDY,), effects.standard_error)
    }
    if effects.n is not None:
        found[schema.PARTICIPANTS] = ((schema.STUDY,), effects.n)
    found |= {role: ((schema.STUDY,), np.array(groups.names))
              for role, groups in assembly.layout.groups.items()}  # fmt: skip
    coordinates = {schema.STUDY: list(effects.labels)}
    for role, table in assembly.layout.tables.items():
        found[role] = ((schema.STUDY, schema.term(role)), table.values)
        coordinates[schema.term(role)] = list(table.labels)
    if location.means > 1:
        own = location.design[:, : location.means]
        found[schema.MEAN_DESIGN] = ((schema.STUDY, schema.MEAN_EFFECT), own)
        means = location.coefficients[: location.means]
        coordinates[schema.MEAN_EFFECT] = [item.name for item in means]
    if location.terms:
        raw = location.design[:, location.means :] + location.column_means
        found[schema.DESIGN] = ((schema.STUDY, schema.TERM), raw)
        found[schema.DESIGN_MEAN] = ((schema.TERM,), location.column_means)
        coordinates[schema.TERM] = list(location.terms)
    return xr.Dataset(found, coords=coordinates)


def _moderators(assembly: Assembly) -> xr.Dataset:
    columns = {name: (schema.STUDY, column if column.dtype.kind == "f" else column.astype(str))
               for name, column in assembly.location.moderators.items()}  # fmt: skip
    return xr.Dataset(columns, coords={schema.STUDY: list(assembly.effects.labels)})


def _weights(assembly: Assembly, drawn: Draws) -> xr.Dataset:
    shares = drawn.weights or weights_from_draws(assembly, drawn.hyperparameters)
    return xr.Dataset(
        {
            schema.STUDY_WEIGHT: (schema.STUDY, shares.study),
            schema.PRIOR_WEIGHT: shares.prior,
            **{name: (schema.STUDY, values) for name, values in shares.marks.items()},
        },
        coords={schema.STUDY: list(assembly.effects.labels)},
    )
