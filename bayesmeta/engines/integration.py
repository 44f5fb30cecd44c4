"""From an assembly to its integral: the problem posed, its coefficient rules settled."""

from collections.abc import Sequence
from dataclasses import replace
from typing import cast

import numpy as np

from bayesmeta.arrays import FloatArray, IntArray
from bayesmeta.assembly import Assembly, require_conjugate
from bayesmeta.biases import Patterns
from bayesmeta.engines.coefficients import (
    Fixed,
    Form,
    Normals,
    StudentT,
    forms,
    product,
)
from bayesmeta.engines.flat_together import flat_together
from bayesmeta.engines.further import Axis, Joint, integrate_further, integrate_like, turned
from bayesmeta.engines.posed import further_axes, problem_of, structure_of
from bayesmeta.engines.propriety import require_proper
from bayesmeta.engines.quadrature import Integral, Problem, integrate
from bayesmeta.engines.quadrature.search import Window, find_bulk
from bayesmeta.engines.telling import told
from bayesmeta.errors import ImproperPosteriorError, PriorError
from bayesmeta.priors import is_proper, normal
from bayesmeta.sinc.interpolation import midpoints

__all__ = [
    "TOLERANCE",
    "further_axes",
    "integrate_as",
    "integrate_assembly",
    "problem_of",
    "structure_of",
]

TOLERANCE = 1e-6
_PILOT = 1e-2
_HALVINGS = 5
_COMPONENTS = 200
"""Of the coefficients' priors, where further hyperparameters are integrated: time goes with it."""


def integrate_assembly(
    assembly: Assembly, *, tolerance: float = TOLERANCE, members: FloatArray | None = None
) -> Integral:
    """Return the posterior of a model on its effects as a finite normal mixture.

    Parameters
    ----------
    tolerance
        As `integrate`.
    members
        1 for studies that take part, 0 for others, shape (study,), where rows are independent
        given the hyperparameters; None for all.

    Raises
    ------
    ImproperPosteriorError
        If there is no proper posterior.
    PriorError
        If a coefficient's prior is no mixture of normals, or if they are too many normals
        together beside further hyperparameters.
    PosteriorError
        As `integrate`.
    """
    require_conjugate(assembly.model)
    _require_proper_of_powers(assembly)
    values = dict.fromkeys((item.name for item in assembly.hyperparameters), np.ones(1))
    assembly.require_alone(assembly.covariance(values))
    design = assembly.design if members is None else assembly.design[members > 0]
    require_proper(
        design, assembly.priors, assembly.coefficients, context=assembly.context,
        told=told(assembly, members),
    )  # fmt: skip
    further = further_axes(assembly)
    patterns = assembly.parts.bias.patterns(assembly.layout, assembly.priors, assembly.fixed)
    priors = list(assembly.coefficient_priors.values())
    found = forms(priors, assembly.coefficients)
    for column, form in enumerate(found):
        if isinstance(form, StudentT):
            found[column] = _centred(assembly, found, column, further)
    for _ in range(_HALVINGS):
        parts = [form.normals() for form in found]
        problem = _with_members(problem_of(assembly, product(parts)), members)
        _require_few_components(problem, assembly, further)
        spreads = [item.name for item in assembly.hyperparameters]
        with flat_together(assembly.priors, assembly.coefficients, spreads):
            integral = _integrated(problem, further, patterns, tolerance)
        finer = _finer(integral, found, parts, tolerance)
        if finer == found:
            break
        found = finer
    return integral


def integrate_as(assembly: Assembly, like: Integral) -> Integral:
    """Return the posterior of a model that differs little from one that is integrated already.

    On the other's nodes of further hyperparameters where they serve, and anew where not. Where
    they do, the hyperparameters' distributions are not there.

    Parameters
    ----------
    like
        From `integrate_assembly`, of a model with the same hyperparameters.
    """
    further = further_axes(assembly)
    found = forms(list(assembly.coefficient_priors.values()), assembly.coefficients)
    settled = all(isinstance(form, Fixed) for form in found)
    if further and settled and isinstance(like, Joint):
        problem = problem_of(assembly, product([form.normals() for form in found]))
        known = integrate_like(problem, further, like)
        if known is not None:
            return known
    return integrate_assembly(assembly)


def _with_members(problem: Problem, members: FloatArray | None) -> Problem:
    if members is None:
        return problem
    return replace(problem, mask=problem.used * members[np.newaxis])


def _require_proper_of_powers(assembly: Assembly) -> None:
    """Raise where the theorem counts rows that a power makes less than one.

    Raises
    ------
    ImproperPosteriorError
        If a likelihood is raised to a power, and a prior has no total mass.
    """
    if assembly.powers is None:
        return
    improper = [name for name, prior in assembly.priors.items() if not is_proper(prior)]
    if improper:
        name = improper[0]
        raise ImproperPosteriorError(
            f"{name} ~ {assembly.priors[name]} has no total mass; beside likelihoods raised to a "
            f"power all priors need one: give {name} a proper prior."
        )


def _require_few_components(problem: Problem, assembly: Assembly, further: Sequence[Axis]) -> None:
    count = problem.prior_mean.shape[1]
    if further and count > _COMPONENTS:
        heavy = [name for name in assembly.coefficients if normal(assembly.priors[name]) is None]
        raise PriorError(
            f"The priors of {', '.join(heavy)} are {count} normals together; beside "
            f"{', '.join(axis.name for axis in further)} no more than {_COMPONENTS} are integrated "
            'exactly. Give all but one of them normal priors, or sample with engine="nuts".'
        )


def _integrated(
    problem: Problem, further: Sequence[Axis], patterns: Patterns | None, tolerance: float
) -> Integral:
    """Return the posterior of a batch of one, whose rows may depend on each other."""
    if further or patterns is not None:
        return integrate_further(problem, further, patterns)
    if problem.structure.independent:
        return integrate(problem, tolerance=tolerance)
    return replace(integrate(turned(problem, {}), tolerance=tolerance), asked=problem)


def _centred(
    assembly: Assembly, found: Sequence[Form], column: int, further: Sequence[Axis]
) -> StudentT:
    """Return a Student-t prior's rule where the posterior has its precision.

    At each precision the prior is normal: the marginal likelihoods of a batch of problems, with
    further hyperparameters at their prior medians.
    """
    form = cast("StudentT", found[column])
    start = problem_of(assembly, product([other.pilot() for other in found]))
    if further or not start.structure.independent:
        start = turned(start, {axis.name: axis.middle for axis in further})

    def log_integrand(u: FloatArray, _: IntArray) -> FloatArray:
        shape = (u.size, *start.prior_precision.shape[1:])
        precision = np.array(np.broadcast_to(start.prior_precision, shape))
        precision[..., column] = form.precision(u[0])[:, np.newaxis]
        batch = integrate(replace(start, prior_precision=precision), tolerance=_PILOT)
        return form.log_density(u) + batch.log_marginal_likelihood

    bulk = find_bulk(Window(np.array([-6.0]), np.array([4.0])), log_integrand)
    return replace(form, centre=float(bulk.centre[0]), scale=float(bulk.scale[0]))


def _finer(
    integral: Integral, found: Sequence[Form], parts: Sequence[Normals], tolerance: float
) -> list[Form]:
    """Return the forms with the step halved where every other node does not foretell the rest."""
    weight = integral.weight[0].sum(axis=0).reshape([part.mean.size for part in parts])
    finer: list[Form] = []
    for column, form in enumerate(found):
        mass = weight.sum(axis=tuple(axis for axis in range(weight.ndim) if axis != column))
        if isinstance(form, StudentT) and _surprise(mass) > tolerance:
            finer.append(replace(form, step=form.step / 2))
        else:
            finer.append(form)
    return finer


def _surprise(mass: FloatArray) -> float:
    even, odd = mass[::2], mass[1::2]
    predicted = midpoints(even)
    return float(np.abs(odd[: predicted.size] - predicted).max() / mass.max())
