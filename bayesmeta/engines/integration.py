"""From an assembly to its integral: the problem posed, its coefficient rules settled."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from bayesmeta.assembly import Assembly
from bayesmeta.engines.coefficients import Form, Normals, Product, StudentT, forms, product
from bayesmeta.engines.propriety import require_proper
from bayesmeta.engines.quadrature import Integral, Problem, integrate
from bayesmeta.engines.quadrature.problem import IntArray
from bayesmeta.engines.quadrature.search import Window, find_bulk
from bayesmeta.engines.tau_priors import tau_prior
from bayesmeta.measures.effects import FloatArray
from bayesmeta.priors import Context
from bayesmeta.schema import TAU
from bayesmeta.sinc.interpolation import midpoints

TOLERANCE = 1e-6
_PILOT = 1e-2
_HALVINGS = 5


def integrate_assembly(assembly: Assembly, *, tolerance: float = TOLERANCE) -> Integral:
    """Return the posterior of a model on its effects as a finite normal mixture.

    Parameters
    ----------
    tolerance
        As `integrate`.

    Raises
    ------
    ImproperPosteriorError
        If there is no proper posterior.
    PriorError
        If a coefficient's prior is no mixture of normals.
    PosteriorError
        As `integrate`.
    """
    require_proper(
        assembly.design, assembly.priors, assembly.coefficients, context=context_of(assembly)
    )
    priors = [assembly.priors[name] for name in assembly.coefficients]
    found = forms(priors, assembly.coefficients)
    for column, form in enumerate(found):
        if isinstance(form, StudentT):
            found[column] = _centred(assembly, found, column, form)
    for _ in range(_HALVINGS):
        parts = [form.normals() for form in found]
        integral = integrate(problem_of(assembly, product(parts)), tolerance=tolerance)
        finer = _finer(integral, found, parts, tolerance)
        if finer == found:
            break
        found = finer
    return integral


def context_of(assembly: Assembly) -> Context:
    """Return what data-dependent priors look at."""
    return Context(assembly.effects.standard_error, assembly.design)


def problem_of(assembly: Assembly, coefficients: Product) -> Problem:
    """Return the problem that an assembly poses, a batch of one."""
    effects, has_tau = assembly.effects, assembly.has_tau
    tau = tau_prior(assembly.priors[TAU], context_of(assembly))._asdict() if has_tau else {}
    several = coefficients.mean.shape[1] > 1
    return Problem(
        estimate=effects.estimate[np.newaxis],
        variance=effects.standard_error[np.newaxis] ** 2,
        design=assembly.design[np.newaxis],
        prior_mean=coefficients.mean,
        prior_precision=coefficients.precision,
        log_component_weight=coefficients.log_weight if several else None,
        coarse_component=coefficients.coarse if several else None,
        **{"log_prior": None, **tau},
    )


def _centred(assembly: Assembly, found: Sequence[Form], column: int, form: StudentT) -> StudentT:
    """Return a Student-t prior's rule where the posterior has its precision.

    At each precision the prior is normal: the marginal likelihoods of a batch of problems.
    """
    others = [other.pilot() for other in found]
    start = problem_of(assembly, product(others))

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
