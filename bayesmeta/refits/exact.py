"""Many exact refits at once: other priors, fewer studies, a tempered likelihood."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from bayesmeta.arrays import FloatArray, IntArray
from bayesmeta.assembly import Assembly, require_conjugate
from bayesmeta.engines.further import integrate_further
from bayesmeta.engines.integration import further_axes, integrate_assembly, structure_of
from bayesmeta.engines.propriety import (
    Moments,
    finite_moments,
    ranks_without_each,
    require_proper,
)
from bayesmeta.engines.quadrature import Integral, Problem, integrate, without_each
from bayesmeta.engines.tau_priors import tau_priors
from bayesmeta.errors import ImproperPosteriorError, ModelError
from bayesmeta.mixtures import NormalMixture
from bayesmeta.priors import structure, unscaled
from bayesmeta.refits.normals import are_normal, normals
from bayesmeta.sinc import SincDensity
from bayesmeta.spec import Prior

_NOTHING = 1e-20

type Priors = Mapping[str, Prior]
type _Case = tuple[str | bytes, ...]


class Refit(NamedTuple):
    """One refit of a table.

    Parameters
    ----------
    priors
        By coefficient and ``tau``, resolved to the outcome's unit.
    members
        The power that each study's likelihood is raised to, shape (study,): 1 for studies that
        take part, 0 for others.
    tau_power
        What tau's prior density is raised to.
    """

    priors: Priors
    members: FloatArray
    tau_power: float = 1.0


@dataclass(frozen=True, eq=False)
class Part:
    """Refits that were integrated together.

    Parameters
    ----------
    rows
        Where they stand among all.
    integral
        Their posteriors.
    moments
        How many moments of each one's quantities exist.
    """

    rows: IntArray
    integral: Integral
    moments: tuple[Moments, ...]

    def combination(self, row: FloatArray, *, new_study: bool = False) -> NormalMixture:
        """Return the posteriors of row @ coefficients, with tau's spread for a new study."""
        finite = np.array([each.combination(row, new_study=new_study) for each in self.moments])
        found = self.integral.combination(row, new_study=new_study, moments=finite)
        return found if self.integral.problem.components == 1 else _pruned(found)

    def heterogeneity(self, name: str | None = None) -> SincDensity:
        """Return the posteriors of a hyperparameter, by default of the first one."""
        inner = name in (None, self.integral.problem.structure.inner)
        finite = np.array([each.tau if inner else np.inf for each in self.moments])
        return self.integral.heterogeneity(name, moments=finite)


@dataclass(frozen=True, eq=False)
class Refits:
    """A batch of exact posteriors of one table and design.

    Parameters
    ----------
    parts
        What was integrated together.
    size
        How many refits there are.
    """

    parts: tuple[Part, ...]
    size: int

    def gather(self, function: Callable[[Part], FloatArray]) -> FloatArray:
        """Return a function of the posteriors, one row a refit, shape (refit, ...)."""
        found = [function(part) for part in self.parts]
        result = np.empty((self.size, *found[0].shape[1:]))
        for part, values in zip(self.parts, found, strict=True):
            result[part.rows] = values
        return result

    @property
    def log_marginal_likelihood(self) -> FloatArray:
        """Log p(y) with all constants, shape (refit,)."""
        return self.gather(lambda part: part.integral.log_marginal_likelihood)

    @property
    def log_marginal_likelihood_error(self) -> FloatArray:
        """Its numerical error, shape (refit,)."""
        return self.gather(lambda part: part.integral.error)


def _pruned(mixture: NormalMixture) -> NormalMixture:
    """Return mixtures without the components that weigh nothing in any of them.

    The rules of Student-t priors bring tens of thousands.
    """
    kept = mixture.weight.max(axis=0) > _NOTHING
    arrays = (mixture.weight, mixture.location, mixture.scale)
    weight, location, scale = (array[..., kept] for array in arrays)
    coarse = None if mixture.coarse_weight is None else mixture.coarse_weight[..., kept]
    return NormalMixture(weight, location, scale, coarse, mixture.moments)


def refit_priors(assembly: Assembly, priors: Sequence[Priors]) -> Refits:
    """Return the posteriors under other priors, from all studies; errors as `refit`."""
    everyone = np.ones(len(assembly.effects))
    return refit(assembly, [Refit(chosen, everyone) for chosen in priors])


def refit_members(assembly: Assembly, members: FloatArray) -> Refits:
    """Return the posteriors from some studies, under the full table's priors and design.

    Parameters
    ----------
    members
        1 for studies that take part, 0 for others, shape (refit, study).
    """
    return refit(assembly, [Refit(assembly.priors, row) for row in members])


def refit_without_each(assembly: Assembly) -> Refits:
    """Return the posteriors without each study, in the studies' order, and at last that from all.

    By taking one study's terms out of sums over all, where that loses no digits: see
    `without_each`.

    Raises
    ------
    ImproperPosteriorError
        If a posterior is improper; the message names the study left out.
    PriorError
        As `refit`.
    """
    require_conjugate(assembly.model)
    k = len(assembly.effects)
    moments = _moments_without_each(assembly)
    everyone = Refit(assembly.priors, np.ones(k))
    if len(assembly.hyperparameters) > 1:
        return refit_members(assembly, np.concatenate([1 - np.eye(k), np.ones((1, k))]))
    whole = refit(assembly, [everyone]).parts[0]
    parts = [
        Part(study, integral, tuple(moments[place] for place in study))
        for study, integral in without_each(whole.integral)
    ]
    return Refits((*parts, replace(whole, rows=np.array([k]))), k + 1)


def _moments_without_each(assembly: Assembly) -> list[Moments]:
    """Return how many moments exist without each study; one theorem serves all of full rank."""
    everyone = np.ones(len(assembly.effects))
    reached = ranks_without_each(assembly.design, assembly.priors, assembly.coefficients)
    found: list[Moments] = []
    usual: Moments | None = None
    for study, label in enumerate(assembly.effects.labels):
        if usual is None or not reached[study]:
            one = Refit(assembly.priors, np.where(np.arange(everyone.size) == study, 0.0, 1.0))
            try:
                moments = _moments(assembly, one, {})
            except ImproperPosteriorError as error:
                raise ImproperPosteriorError(f"Without {label}: {error}") from error
            usual = moments if reached[study] else usual
            found.append(moments)
        else:
            found.append(usual)
    return found


def refit(assembly: Assembly, refits: Sequence[Refit]) -> Refits:
    """Return the posteriors of refits; those that differ in numbers alone are one array call.

    Raises
    ------
    ImproperPosteriorError, PriorError
        If a posterior would be improper, or a coefficient's prior is no mixture of normals.
    """
    require_conjugate(assembly.model)
    known: dict[_Case, Moments] = {}
    kinds = [_kind(assembly, one) for one in refits]
    if len(assembly.hyperparameters) > 1:  # the outer rule is made for one posterior
        kinds = [f"{place}" for place in range(len(refits))]
    parts = []
    for kind in dict.fromkeys(kinds):
        chosen = np.array([place for place, other in enumerate(kinds) if other == kind])
        several = [refits[place] for place in chosen]
        moments = tuple(_moments(assembly, one, known) for one in several)
        parts.append(Part(chosen, _integrated(assembly, several), moments))
    return Refits(tuple(parts), len(refits))


def _integrated(assembly: Assembly, refits: Sequence[Refit]) -> Integral:
    problem = _problem(assembly, refits)
    if len(assembly.hyperparameters) <= 1:
        return integrate(problem)
    if refits[0].tau_power != 1:
        names = ", ".join(item.name for item in assembly.hyperparameters)
        raise ModelError(f"One prior alone cannot be raised to a power among those of {names}.")
    return integrate_further(problem, further_axes(replace(assembly, priors=refits[0].priors)))


def impropriety(assembly: Assembly, priors: Priors, members: FloatArray | None = None) -> str:
    """Return why a posterior is improper, in a sentence; empty where it is proper.

    Parameters
    ----------
    members
        Studies that take part are above 0, shape (study,); None for all.
    """
    design = assembly.design if members is None else assembly.design[members > 0]
    try:
        require_proper(design, priors, assembly.coefficients, context=assembly.context)
    except ImproperPosteriorError as error:
        return str(error)
    return ""


def _moments(assembly: Assembly, one: Refit, known: dict[_Case, Moments]) -> Moments:
    """Return how many moments exist; refuse an improper posterior.

    The theorem looks at priors apart from their places and scales, and at who takes part.
    """
    used = one.members > 0
    case: _Case = (*map(unscaled, one.priors.values()), used.tobytes())
    if case not in known:
        design, names, context = assembly.design[used], assembly.coefficients, assembly.context
        require_proper(design, one.priors, names, context=context)
        known[case] = finite_moments(design, one.priors, names, context=context)
    return known[case]


def _kind(assembly: Assembly, one: Refit) -> str:
    """Return what must be equal among refits that are integrated together."""
    hyperparameters = [structure(one.priors[item.name]) for item in assembly.hyperparameters]
    tau = "; ".join(hyperparameters)
    coefficients = [one.priors[name] for name in assembly.coefficients]
    # Rules for Student-t priors are made for one posterior: only who takes part may differ.
    return tau if are_normal(coefficients) else str([str(prior) for prior in one.priors.values()])


def _problem(assembly: Assembly, refits: Sequence[Refit]) -> Problem:
    mask = np.stack([one.members for one in refits])
    first = refits[0].priors
    if not are_normal([first[name] for name in assembly.coefficients]):
        settled = integrate_assembly(replace(assembly, priors=first)).problem
        return _tempered(replace(settled, mask=mask), refits)
    effects = assembly.effects
    coefficients = [normals(one.priors, assembly.coefficients) for one in refits]
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
    tau = tau_priors([one.priors[inner] for one in refits], assembly.context)
    return _tempered(replace(plain, **tau._asdict()), refits)


def _tempered(problem: Problem, refits: Sequence[Refit]) -> Problem:
    """Return the problem with tau's prior densities raised to their powers."""
    power = np.array([one.tau_power for one in refits])
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
