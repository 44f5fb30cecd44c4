"""The quadrature's problem that many refits pose together."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.assembly import Assembly, is_line
from bayesmeta.engines.integration import integrate_assembly, structure_of
from bayesmeta.engines.quadrature import Problem
from bayesmeta.engines.tau_priors import tau_priors
from bayesmeta.priors import structure
from bayesmeta.refits.batch import Refit
from bayesmeta.refits.normals import are_normal, normals


def kind(assembly: Assembly, one: Refit) -> str:
    """Return what must be equal among refits that are integrated together."""
    hyperparameters = [structure(one.priors[item.name]) for item in assembly.hyperparameters]
    tau = "; ".join(hyperparameters)
    coefficients = [one.priors[name] for name in assembly.coefficients]
    # Rules for Student-t priors are made for one posterior: only who takes part may differ.
    return tau if are_normal(coefficients) else str([str(prior) for prior in one.priors.values()])


def is_plain(assembly: Assembly) -> bool:
    """Return whether rows are independent given one scale, or none: refits share arrays then."""
    if is_line(assembly.model):
        return False
    structure = structure_of(assembly)
    walked = [structure.inner] if structure.inner else []
    alike = assembly.parts.bias.CERTAIN and assembly.powers is None
    return (
        alike
        and [item.name for item in assembly.hyperparameters] == walked
        and structure.independent
    )


def problem_of(assembly: Assembly, refits: Sequence[Refit]) -> Problem:
    """Return the problem of refits of one kind."""
    mask, first = np.stack([one.members for one in refits]), refits[0].priors
    if not are_normal([first[name] for name in assembly.coefficients]):
        settled = integrate_assembly(replace(assembly, priors=first)).problem
        return _tempered(replace(settled, mask=mask), refits)
    effects = assembly.effects
    every = [first] if all(one.priors is first for one in refits) else [r.priors for r in refits]
    coefficients = [normals(priors, assembly.coefficients) for priors in every]
    plain = Problem(
        estimate=effects.estimate[np.newaxis],
        variance=effects.standard_error[np.newaxis] ** 2,
        design=assembly.design[np.newaxis],
        prior_mean=np.stack([prior.mean for prior in coefficients])[:, np.newaxis],
        prior_precision=np.stack([prior.precision for prior in coefficients])[:, np.newaxis],
        log_prior=None,
        mask=mask,
        structure=structure_of(assembly),
    )
    if not assembly.hyperparameters:
        return plain
    inner = assembly.hyperparameters[0].name
    tau = tau_priors([priors[inner] for priors in every], assembly.context)
    return _tempered(replace(plain, **tau._asdict()), refits)


def _tempered(problem: Problem, refits: Sequence[Refit]) -> Problem:
    """Return the problem with tau's prior densities raised to their powers."""
    inner = problem.structure.inner
    power = np.array([one.powers.get(inner, 1.0) for one in refits])
    inside = problem.log_prior
    if inside is None or (power == 1).all():
        return problem

    def log_prior(
        log_tau: FloatArray, *, power: FloatArray, **parameters: FloatArray
    ) -> FloatArray:
        return power * inside(log_tau, **parameters)

    return replace(
        problem, log_prior=log_prior, prior_parameters={**problem.prior_parameters, "power": power}
    )
