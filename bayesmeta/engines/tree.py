"""A posterior's DataTree from draws of the coefficients and tau.

Study effects, new studies, log prior and log likelihood follow in closed form, the same way
for every engine.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import xarray as xr

from bayesmeta import schema
from bayesmeta.arrays import FloatArray, IntArray
from bayesmeta.assembly import Assembly, NewDraws, new_deviates
from bayesmeta.engines.by_study import chance_of_bias, log_likelihood, study_effects
from bayesmeta.engines.drawn import Draws, Variables, labels_of
from bayesmeta.engines.following import following, named
from bayesmeta.engines.record import attributes
from bayesmeta.engines.replicates import posterior_predictive, priors_drawn, repeated
from bayesmeta.engines.settings import Settings
from bayesmeta.engines.stored_data import constant, moderators, observed
from bayesmeta.engines.weights import weights_from_draws
from bayesmeta.measures.typical_variance import typical_variance
from bayesmeta.parameters import Parameter
from bayesmeta.priors import log_density

LARGEST = 20_000_000
"""Draws of ``theta`` and ``log_likelihood`` are left out above this many values."""

_TOO_MANY = (
    "theta and log_likelihood are not stored: {count} values are more than {largest}; "
    "their summaries come from the mixture."
)


def build(assembly: Assembly, drawn: Draws, *, settings: Settings) -> xr.DataTree:
    """Return the posterior as a DataTree with the names of ``schema``."""
    count = drawn.coefficients[..., 0].size * len(assembly.effects)
    fits = count <= LARGEST
    notes = drawn.notes if fits else (*drawn.notes, _TOO_MANY.format(count=count, largest=LARGEST))
    labels = coordinates(assembly, drawn)
    posterior = xr.Dataset(
        _posterior(assembly, drawn, seed=settings.seed, with_theta=fits), coords=labels
    )
    groups = {
        schema.POSTERIOR: posterior,
        **_prior(assembly, posterior, labels, seed=settings.seed),
        schema.LOG_PRIOR: xr.Dataset(_log_prior(assembly, drawn), coords=labels),
        schema.OBSERVED_DATA: observed(assembly, labels),
        schema.CONSTANT_DATA: constant(assembly, labels),
        schema.WEIGHTS: _weights(assembly, drawn, labels),
        **(_by_study(assembly, drawn, labels, seed=settings.seed) if fits else {}),
        **({schema.MODERATORS: moderators(assembly, labels)}
           if assembly.location.moderators else {}),
        **drawn.groups,
    }  # fmt: skip
    tree = xr.DataTree()
    # Unlike `from_dict`, which copies each group twice.
    tree.children = {name: xr.DataTree(group) for name, group in groups.items()}
    tree.attrs = {**attributes(assembly, settings, notes=notes), **drawn.attributes}
    return tree


def _posterior(
    assembly: Assembly, drawn: Draws, *, seed: int, with_theta: bool
) -> dict[str, object]:
    generator = np.random.default_rng([seed, 1])
    found: dict[str, object] = dict(variables(assembly, drawn, generator))
    if with_theta:
        chance = chance_of_bias(assembly, drawn)
        if chance is not None:
            found[schema.P_BIASED] = ((schema.CHAIN, schema.DRAW, schema.STUDY), chance)
        found[schema.THETA] = study_effects(assembly, drawn, generator)
    return found


def variables(assembly: Assembly, drawn: Draws, generator: np.random.Generator) -> Variables:
    """Return the parameters and what follows from them alone, with their dimensions."""
    chain_draw = (schema.CHAIN, schema.DRAW)
    found = _variables(assembly.location.coefficients, drawn.coefficients)
    if assembly.location.formula and assembly.location.means == 1:
        found[schema.INTERCEPT] = (chain_draw, _intercept(assembly, drawn))
    found |= _by_name(assembly, drawn.hyperparameters, assembly.fixed)
    found |= _fraction(assembly, drawn)
    found |= following(assembly, drawn.coefficients, drawn.hyperparameters)
    return found | _new_studies(assembly, drawn, generator)


def _new_studies(assembly: Assembly, drawn: Draws, generator: np.random.Generator) -> Variables:
    """Return draws of the effect in a new study: of all kinds in the same one, where several."""
    part, values = assembly.parts.heterogeneity, assembly.valued(drawn.hyperparameters)
    kinds = part.kinds(assembly.layout)
    centres = [drawn.coefficients[..., assembly.location.centre(kind)] for kind in kinds]
    dims = (schema.CHAIN, schema.DRAW)
    if kinds == ("",):
        return {schema.THETA_NEW: (dims, part.new_study(centres[0], values, generator))}
    wanted = NewDraws(centres[0].shape, generator)
    around = new_deviates(part, values, assembly.layout, wanted)
    return {schema.THETA_NEW: ((*dims, part.KIND), np.stack(centres, axis=-1) + around)}


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
        drawn.coefficients[..., 0]
        - drawn.coefficients[..., assembly.location.slopes] @ assembly.location.column_means
    )


def _fraction(assembly: Assembly, drawn: Draws) -> Variables:
    spread = assembly.parts.heterogeneity.SPREAD
    variance = typical_variance(assembly.effects.standard_error, assembly.design)
    if variance is None or spread is None or spread not in drawn.hyperparameters:
        return {}
    tau = drawn.hyperparameters[spread]
    return {schema.I2: ((schema.CHAIN, schema.DRAW), tau**2 / (tau**2 + variance))}


def _by_study(
    assembly: Assembly, drawn: Draws, labels: xr.Coordinates, *, seed: int
) -> dict[str, xr.Dataset]:
    """Return what there is of each study beside its effect: made when it is read."""
    found = {
        schema.LOG_LIKELIHOOD: log_likelihood(assembly, drawn),
        schema.POSTERIOR_PREDICTIVE: posterior_predictive(assembly, drawn, seed=seed),
    }
    return {name: xr.Dataset({schema.ESTIMATE: value}, coords=labels_of(labels, value.dims))
            for name, value in found.items()}  # fmt: skip


def _prior(
    assembly: Assembly, posterior: xr.Dataset, labels: xr.Coordinates, *, seed: int
) -> dict[str, xr.Dataset]:
    """Return the parameters drawn from their priors, where all of those are proper."""
    like = {str(name): posterior.variables[name] for name in posterior.data_vars
            if name != schema.P_BIASED}  # fmt: skip

    def follow(
        coefficients: FloatArray, values: Mapping[str, FloatArray], generator: np.random.Generator
    ) -> Variables:
        drawn = Draws(coefficients, values)
        own = variables(assembly, drawn, generator)
        if schema.THETA in like:
            dims = (schema.CHAIN, schema.DRAW, schema.STUDY)
            own[schema.THETA] = (dims, repeated(assembly, drawn, generator)[0])
        return own

    found = priors_drawn(assembly, like, follow, seed=seed)
    used = {dim for value in found.values() for dim in value.dims}
    return {schema.PRIOR: xr.Dataset(found, coords=labels_of(labels, used))} if found else {}


def _log_prior(assembly: Assembly, drawn: Draws) -> Variables:
    priors = assembly.coefficient_priors
    columns = [log_density(priors[name], drawn.coefficients[..., column], assembly.context)
               for column, name in enumerate(assembly.coefficients)]  # fmt: skip
    found = _variables(assembly.location.coefficients, np.stack(columns, axis=-1))
    densities = {
        name: log_density(assembly.priors[name], value, assembly.context)
        for name, value in drawn.hyperparameters.items()
    }
    return found | _by_name(assembly, densities, dict.fromkeys(assembly.fixed, 0.0))


def coordinates(assembly: Assembly, drawn: Draws) -> xr.Coordinates:
    """Return the labels of chains, draws, studies and terms."""
    chains, draws = drawn.coefficients.shape[:2]
    found: dict[str, Sequence[str] | IntArray] = {
        schema.CHAIN: np.arange(chains),
        schema.DRAW: np.arange(draws),
        schema.STUDY: list(assembly.effects.labels),
    }
    found |= {role: list(groups.labels) for role, groups in assembly.layout.groups.items()}
    found |= named(assembly)
    own = [*assembly.location.coefficients, *assembly.parts.hyperparameters(assembly.layout)]
    for dim in dict.fromkeys(item.dim for item in own if item.dim):
        labels = dict.fromkeys(item.label for item in own if item.dim == dim)
        found.setdefault(dim, list(labels))
    return xr.Coordinates({dim: (dim, labels) for dim, labels in found.items()})


def _weights(assembly: Assembly, drawn: Draws, labels: xr.Coordinates) -> xr.Dataset:
    shares = drawn.weights or weights_from_draws(assembly, drawn.hyperparameters)
    return xr.Dataset(
        {
            schema.STUDY_WEIGHT: (schema.STUDY, shares.study),
            schema.PRIOR_WEIGHT: shares.prior,
            **{name: (schema.STUDY, values) for name, values in shares.marks.items()},
        },
        coords=labels_of(labels, (schema.STUDY,)),
    )
