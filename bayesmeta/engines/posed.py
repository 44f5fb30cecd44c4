"""The problem that an assembly poses to the quadrature core, and its further axes."""

import numpy as np

from bayesmeta.assembly import Assembly
from bayesmeta.engines.coefficients import Product
from bayesmeta.engines.further import Axis
from bayesmeta.engines.quadrature import Problem
from bayesmeta.engines.quadrature.structure import Structure
from bayesmeta.engines.tau_priors import Together, tau_prior
from bayesmeta.errors import ImproperPosteriorError
from bayesmeta.parameters import Parameter
from bayesmeta.priors import Density, Raised, density, is_proper, raised


def further_axes(assembly: Assembly) -> list[Axis]:
    """Return the hyperparameters that are integrated around the first one.

    Raises
    ------
    ImproperPosteriorError
        If one's prior has no total mass: no theorem says that the posterior would have.
    """
    own = {item.name for item in assembly.parts.bias.parameters(assembly.layout)}
    others = [item for item in assembly.hyperparameters[1 if _inner(assembly) else 0 :]
              if item.name not in own]  # fmt: skip
    for name in (item.name for item in others):
        if not is_proper(assembly.priors[name]):
            raise ImproperPosteriorError(
                f"{name} ~ {assembly.priors[name]} has no total mass; give {name} a proper prior."
            )
    return [_axis(assembly, item) for item in others]


def _axis(assembly: Assembly, item: Parameter) -> Axis:
    first = assembly.hyperparameters[0].name
    inner = _density(assembly, first) if item.relative and _inner(assembly) else None
    return Axis(item.name, _density(assembly, item.name), inner)


def _density(assembly: Assembly, name: str) -> Density | Raised:
    """Return the density of a hyperparameter's prior, raised to its power."""
    own = density(assembly.priors[name], assembly.context)
    return raised(own, assembly.prior_powers.get(name, 1.0))


def _inner(assembly: Assembly) -> str:
    """Return the hyperparameter that is integrated innermost; none where none can be.

    Covariances have to be affine in its square: they are in those of scales, and neither in those
    of correlations nor of slopes of log tau, which come first where tau is a number. A number in
    place of one of several scales that go together ends that too.
    """
    every = assembly.parts.hyperparameters(assembly.layout)
    together = any(item.relative for item in every)
    fixed = [item for item in every if item.name in assembly.fixed and item.unit_power]
    first = next(iter(assembly.hyperparameters), None)
    if first is None or not (first.is_positive and first.unit_power) or (together and fixed):
        return ""
    return first.name


def problem_of(assembly: Assembly, coefficients: Product) -> Problem:
    """Return the problem that an assembly poses, a batch of one.

    Hyperparameters beside the first are left open: see `further_axes`.
    """
    effects, structure = assembly.effects, structure_of(assembly)
    inner = structure.inner
    power = assembly.prior_powers.get(inner, 1.0)
    tau = {}
    if inner:
        tau = tau_prior(assembly.priors[inner], assembly.context, power=power)._asdict()
    if structure.relative:
        tau["log_prior"] = _together(assembly, structure)
    several = coefficients.mean.shape[1] > 1
    return Problem(
        estimate=effects.estimate[np.newaxis],
        variance=effects.standard_error[np.newaxis] ** 2,
        design=assembly.design[np.newaxis],
        prior_mean=coefficients.mean,
        prior_precision=coefficients.precision,
        log_component_weight=coefficients.log_weight if several else None,
        coarse_component=coefficients.coarse if several else None,
        mask=None if assembly.powers is None else assembly.powers[np.newaxis],
        structure=structure,
        **{"log_prior": None, **tau},
    )


def _together(assembly: Assembly, structure: Structure) -> Together:
    own, *others = (_density(assembly, name) for name in (structure.inner, *structure.relative))
    return Together(own, dict(zip(structure.relative, others, strict=True)))


def structure_of(assembly: Assembly) -> Structure:
    """Return what the core asks of a model's parts."""
    parts = assembly.parts
    inner = _inner(assembly)
    relative = [item.name for item in assembly.hyperparameters if item.relative]
    return Structure(
        parts.heterogeneity,
        parts.sampling,
        inner=inner,
        fixed=assembly.constants,
        layout=assembly.layout,
        relative=tuple(relative) if inner else (),
        bias=parts.bias,
    )
