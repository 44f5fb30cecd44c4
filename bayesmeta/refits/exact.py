"""Many exact refits at once: other priors, fewer studies, a tempered likelihood."""

from collections.abc import Sequence
from dataclasses import replace
from typing import cast

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.assembly import Assembly, is_one_spread, require_integrable
from bayesmeta.engines.answering import Answer, goes_by_row
from bayesmeta.engines.integration import integrate_as, integrate_assembly, structure_of
from bayesmeta.engines.lines import integrate_lines
from bayesmeta.engines.quadrature import Integral, integrate, shared, where_served, without_each
from bayesmeta.engines.quadrature.bulks import has_parts
from bayesmeta.errors import ModelError
from bayesmeta.refits.batch import Part, Priors, Refit, Refits
from bayesmeta.refits.existence import Existence, moments_without_each
from bayesmeta.refits.normals import are_normal
from bayesmeta.refits.posing import is_plain, kind, problem_of
from bayesmeta.refits.sampled import taking_part

_SETTLED, _SERVED = 5e-5, 1e-4
"""Of integrands between the nodes that subsets share: of the cases they are settled on, of any.

Sums over the nodes are known to the square, at worst."""
_CASES = 64


def refit_priors(
    assembly: Assembly, priors: Sequence[Priors], *, coefficients_alone: bool = False
) -> Refits:
    """Return the posteriors under other priors, from all studies; errors as `refit`.

    Parameters
    ----------
    coefficients_alone
        As in `refit`.
    """
    everyone = np.ones(len(assembly.effects))
    refits = [Refit(chosen, everyone) for chosen in priors]
    return refit(assembly, refits, coefficients_alone=coefficients_alone)


def refit_members(assembly: Assembly, members: FloatArray) -> Refits:
    """Return the posteriors from some studies, under the full table's priors and design.

    Parameters
    ----------
    members
        1 for studies that take part, 0 for others, shape (refit, study).
    """
    return refit(assembly, [Refit(assembly.priors, row) for row in members])


def refit_subsets(assembly: Assembly, members: FloatArray) -> Refits:
    """Return the same as `refit_members`, for many subsets on nodes that they share.

    Settled on small, large and chance subsets; those that the nodes do not serve are integrated
    each by a rule of its own.
    """
    require_integrable(assembly.model)
    refits = [Refit(assembly.priors, row) for row in members]
    if not _shares(assembly):
        return refit(assembly, refits)
    moments = Existence(assembly).of_subsets(refits)
    problem = problem_of(assembly, refits)
    if has_parts(problem):
        return refit(assembly, refits)
    order = np.argsort(members.sum(axis=1), kind="stable")
    places = np.linspace(0, len(order) - 1, _CASES).astype(int)
    walk = shared(problem.take(order[np.unique(places)]), tolerance=_SETTLED)
    integrals = where_served(problem, walk.nodes(problem), tolerance=_SERVED)
    parts = [Part(rows, each, tuple(moments[row] for row in rows)) for rows, each in integrals]
    return Refits(tuple(parts), len(members))


def _shares(assembly: Assembly) -> bool:
    """Return whether one rule may serve all subsets: one spread, and normal coefficients."""
    normal = are_normal([assembly.priors[name] for name in assembly.coefficients])
    one = is_one_spread(assembly.model) and is_plain(assembly)
    return bool(one and normal and assembly.hyperparameters)


def refit_without_each(assembly: Assembly) -> Refits:
    """Return the posteriors without each study, in the studies' order, and at last that from all.

    Where rows depend on each other, without each of their outermost blocks.

    By taking one study's terms out of sums over all, where that loses no digits: see
    `without_each`.

    Raises
    ------
    ImproperPosteriorError
        If a posterior is improper; the message names the study left out.
    PriorError
        As `refit`.
    """
    require_integrable(assembly.model)
    k = len(assembly.effects)
    everyone = Refit(assembly.priors, np.ones(k))
    if not is_plain(assembly):
        blocks = assembly.blocks
        without = blocks.code != np.arange(len(blocks))[:, np.newaxis]
        return refit_members(assembly, np.concatenate([without.astype(float), np.ones((1, k))]))
    moments = moments_without_each(assembly)
    whole = refit(assembly, [everyone]).parts[0]
    parts = [
        Part(study, integral, tuple(moments[place] for place in study))
        for study, integral in without_each(cast("Integral", whole.integral))
    ]
    return Refits((*parts, replace(whole, rows=np.array([k]))), k + 1)


def refit(
    assembly: Assembly, refits: Sequence[Refit], *, coefficients_alone: bool = False
) -> Refits:
    """Return the posteriors of refits; those that differ in numbers alone are one array call.

    Parameters
    ----------
    coefficients_alone
        Whether nobody asks about hyperparameters: then each posterior over several of them stands
        on the nodes of the one before where these serve it.

    Raises
    ------
    ImproperPosteriorError, PriorError
        If a posterior would be improper, or a coefficient's prior is no mixture of normals.
    """
    require_integrable(assembly.model)
    existence = Existence(assembly)
    kinds = [kind(assembly, one) for one in refits]
    if not is_plain(assembly):  # the outer rule, and turned rows, are made for one posterior
        kinds = [f"{place}" for place in range(len(refits))]
    parts: list[Part] = []
    for each in dict.fromkeys(kinds):
        chosen = np.array([place for place, other in enumerate(kinds) if other == each])
        several = [refits[place] for place in chosen]
        moments = tuple(existence.moments(one) for one in several)
        before = parts[-1].integral if parts and coefficients_alone else None
        parts.append(Part(chosen, _integrated(assembly, several, before), moments))
    return Refits(tuple(parts), len(refits))


def _integrated(assembly: Assembly, refits: Sequence[Refit], before: Answer | None) -> Answer:
    if is_plain(assembly):
        return integrate(problem_of(assembly, refits))
    return _alone(assembly, refits[0], before)


def _alone(assembly: Assembly, one: Refit, before: Answer | None) -> Answer:
    """Return one posterior of those that take part, with all rows to be asked about."""
    own = replace(assembly, priors=one.priors, prior_powers=one.powers)
    if goes_by_row(assembly):
        return integrate_lines(own, one.members)
    if (one.members == 1).all():
        near = isinstance(before, Integral)
        return integrate_as(own, cast("Integral", before)) if near else integrate_assembly(own)
    if structure_of(own).independent or np.ptp(one.members) == 0:
        return integrate_assembly(own, members=one.members)
    if np.any((one.members != 0) & (one.members != 1)):
        raise ModelError("Rows that depend on each other cannot be weighted one by one.")
    found = integrate_assembly(taking_part(own, one.members))
    effects = assembly.effects
    asked = replace(
        found.own,
        estimate=effects.estimate[np.newaxis],
        variance=effects.standard_error[np.newaxis] ** 2,
        design=assembly.design[np.newaxis],
        structure=structure_of(own),
    )
    return replace(found, asked=asked)
