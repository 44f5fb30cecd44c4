"""From an assembly to its posterior."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from bayesmeta.arrays import BoolArray, FloatArray
from bayesmeta.assembly import Assembly
from bayesmeta.engines.further.even import AnyWalk, axis_of
from bayesmeta.engines.further.joint import outer_sum, parity, product, uneven
from bayesmeta.engines.lines.along import along_axis
from bayesmeta.engines.lines.dropping import needed
from bayesmeta.engines.lines.either import either
from bayesmeta.engines.lines.lattice import Lattice
from bayesmeta.engines.lines.lattices import lattices
from bayesmeta.engines.lines.leaning import leaning
from bayesmeta.engines.lines.limits import MOST, require_few
from bayesmeta.engines.lines.mixing import Mixing, mixing_of
from bayesmeta.engines.lines.mixtures import log_mixed
from bayesmeta.engines.lines.outer import Outer, thinned, walked
from bayesmeta.engines.lines.points import Points
from bayesmeta.engines.lines.posterior import Lines
from bayesmeta.engines.lines.question import Question
from bayesmeta.engines.lines.reading import outside_of, rows_of, spike_of, widening_of
from bayesmeta.engines.lines.rows import Rows
from bayesmeta.engines.quadrature.nodes import log_sum
from bayesmeta.errors import ImproperPosteriorError, PosteriorError
from bayesmeta.priors import Density, density, is_proper
from bayesmeta.random_effects import Kernel, kernel_of
from bayesmeta.sinc import SincDensity
from bayesmeta.spec import Prior
from bayesmeta.studies import Column

_NEGLIGIBLE = 36.0
_LIKELY, _LOOKED_AT = 1e-6, 64
_SAFE, _TINY = 100.0, 1e-300
"""How many times what a halving changed the sum is counted as an error: far tails change more."""


def integrate_lines(assembly: Assembly, taking: FloatArray | None = None) -> Lines:
    """Return the posterior of a model whose rows inform an effect each.

    Parameters
    ----------
    taking
        1 for studies that take part, 0 for others, shape (study,); all by default.

    Raises
    ------
    ImproperPosteriorError
        If a prior is improper.
    PosteriorError
        If there are more coefficients or hyperparameters than a product rule serves.
    """
    spike = spike_of(assembly.parts, assembly.priors)
    if spike:
        return either(assembly, lambda case: integrate_lines(case, taking), spike)
    require_all_proper(assembly.priors, assembly.coefficients)
    require_few(assembly)
    taking = np.ones(len(assembly.effects)) if taking is None else taking
    rows = rows_of(assembly.parts, assembly.effects.estimate, assembly.rows)
    # A likelihood to the power 0 says nothing; of its study all the same there is an effect.
    member = taking > 0 if assembly.powers is None else (taking > 0) & (assembly.powers > 0)
    question = _question(assembly, rows, member)
    outer = walked(_piloting(question, assembly))
    found = _summed(question, thinned(outer, always=len(assembly.coefficients) == MOST))
    if found.outer.value.shape == outer.value.shape:  # no node has been left out
        outer = found.outer
    _require_known(question, found.points, np.array(assembly.effects.labels)[member])
    return Lines(
        points=found.points,
        kernel=question.kernel,
        fixed=assembly.fixed,
        rows=rows,
        design=assembly.design,
        marginals=_marginals(assembly, outer, found.points, question.mixing),
        log_marginal_likelihood=found.total,
        error=found.error,
        taking=taking,
        mixing=question.mixing,
        widening=widening_of(assembly.parts, assembly.constants, assembly.rows),
        outside=outside_of(question.kernel, assembly.rows),
        log_prior=None if assembly.powers is not None else question.priors[0].log_density,
    )


def _question(assembly: Assembly, rows: Rows, member: BoolArray) -> Question:
    kernel = _kernel(assembly)
    mixing = _mixing(assembly, kernel, int(member.sum()) + 1)
    free = [item for item in assembly.hyperparameters
            if mixing is None or item.name != mixing.name]  # fmt: skip
    widening = widening_of(assembly.parts, assembly.constants, assembly.rows)
    outside = outside_of(kernel, assembly.rows)
    return Question(
        rows.take(member),
        assembly.design[member],
        kernel,
        priors=[_density(assembly, name) for name in assembly.coefficients],
        axes=[axis_of(assembly, item) for item in free],
        fixed=assembly.fixed,
        mixing=mixing,
        powers=None if assembly.powers is None else assembly.powers[member],
        widening=None if widening is None else widening.take(member),
        outside=None if outside is None else outside[member],
    )


def _piloting(question: Question, assembly: Assembly) -> Question:
    """Return the question with the shortest mixing rule that sums exactly."""
    degree = len(question.rows)
    return replace(question, mixing=_mixing(assembly, question.kernel, degree // 2 + 2))


class _Summed(NamedTuple):
    points: Points
    total: FloatArray
    error: FloatArray
    outer: Outer


def _summed(question: Question, outer: Outer) -> _Summed:
    """Return the points at the outer nodes that matter, with the log of their sum."""
    walks, value = outer.walks, outer.value.ravel()
    kept = np.flatnonzero(value >= value.max() - _NEGLIGIBLE)
    values = {axis.name: each[kept]
              for axis, each in zip(question.axes, product(walks), strict=True)}  # fmt: skip
    share = np.exp(value[kept] - log_sum(value[kept][np.newaxis]))
    lattice = lattices(question, question.scales(values), share)
    log_outer = _outer_prior(walks)[kept]
    total = log_sum((log_outer + lattice.log_evidence)[np.newaxis])
    weight = np.exp(lattice.log_weight + (log_outer - total)[lattice.node])
    share = np.zeros(value.size)
    share[kept] = np.exp(log_outer + lattice.log_evidence - total)
    gap = _gap(share, walks)
    rate = change_counted(outer.changed, gap)
    coarse = 1 + rate * (_parity(walks)[kept] - 1)
    error = rate * gap + float(share[kept] @ lattice.error)
    used, lost = needed(lattice.location, weight, error)
    left = replace(lattice.take(used), error=lattice.error + lost)
    points = _points(question, left, weight[used], coarse, values)
    log_value = log_outer - _log_steps(walks) + lattice.log_evidence
    return _Summed(
        points, total, np.atleast_1d(error + lost), outer.settled(kept, log_value, lattice.error)
    )


def change_counted(changed: float | None, gap: float) -> float:
    """Return how much of what every second node changes is an error.

    All of it, unless it is known how much less the last halving changed the sum: an error that
    falls exponentially falls by its square at a halving, and by a like share in all that is told.

    Parameters
    ----------
    changed, gap
        Changes of the log of the sum by the last halving, and by the one before.

    Examples
    --------
    >>> round(change_counted(1e-7, 1e-3), 9)
    0.01
    """
    if changed is None:
        return 1.0
    return min(max(_SAFE * changed / max(gap, changed, _TINY), gap), 1.0)


def _points(
    question: Question,
    lattice: Lattice,
    weight: FloatArray,
    share: FloatArray,
    values: Mapping[str, FloatArray],
) -> Points:
    """Return the points; by the coarser rule a node's have a share of their weight.

    That is off, to one side, by as much as the last halving of its lattice changed, and points
    that are left out had.
    """
    off = lattice.error[lattice.node] * leaning(lattice.location, weight)
    coarse = weight * share[lattice.node] * (1 + off)
    return Points(
        lattice.node,
        lattice.location,
        weight / weight.sum(),
        coarse / coarse.sum(),
        values,
        lattice.cell @ np.swapaxes(lattice.cell, -1, -2),
        _shared(question, lattice, values),
    )


def _require_known(question: Question, points: Points, labels: Column) -> None:
    """Raise where a likelihood is not known as far from its peak as its effect lies.

    Raises
    ------
    PosteriorError
        Naming the study.
    """
    likely = np.flatnonzero(points.weight > _LIKELY * points.weight.max())
    some = likely[np.unique(np.linspace(0, likely.size - 1, _LOOKED_AT).astype(int))]
    every = question.scales(points.values) if points.values else question.scales({})
    own = every.take(points.node[some])
    centre = question.centre(points.location[some])[:, np.newaxis]
    lost = (log_mixed(question.rows, centre, own) < question.rows.least).any(axis=(0, 1))
    if lost.any():
        raise PosteriorError(
            f"Study {labels[lost][0]} lies so far from the others that its likelihood is not "
            'tabulated there; give tau a wider prior, or sample with engine="nuts".'
        )


def _kernel(assembly: Assembly) -> Kernel:
    found = kernel_of(assembly.parts.heterogeneity)
    assert found is not None  # noqa: S101  (asked where the model is of lines)
    return found


def _outer_prior(walks: Sequence[AnyWalk]) -> FloatArray:
    if not walks:
        return np.zeros(1)
    every = outer_sum([walk.log_prior for walk in walks]).ravel()
    return np.asarray(every + _log_steps(walks))


def _log_steps(walks: Sequence[AnyWalk]) -> float:
    return float(sum(np.log(walk.step) for walk in walks))


def _parity(walks: Sequence[AnyWalk]) -> FloatArray:
    return parity(walks) if walks else np.ones(1)


def _gap(share: FloatArray, walks: Sequence[AnyWalk]) -> float:
    return uneven(share, walks) if walks else 0.0


def _marginals(
    assembly: Assembly, outer: Outer, points: Points, mixing: Mixing | None
) -> dict[str, SincDensity]:
    """Return the distributions of the hyperparameters, in their order."""
    found = {}
    for place, walk in enumerate(outer.walks):
        found[walk.axis.name] = along_axis(outer, place)
    if mixing is not None:
        pair = points.both.T @ points.mixing
        found[mixing.name] = mixing.density(pair[0], pair[1])
    return {item.name: found[item.name] for item in assembly.hyperparameters}


def _mixing(assembly: Assembly, kernel: Kernel, nodes: int) -> Mixing | None:
    name = kernel.MIXING
    if not name or name in assembly.fixed or assembly.powers is not None or kernel.OUTSIDE:
        return None  # powers of polynomials are none: the share is walked then
    others = [item.name for item in assembly.parts.hyperparameters(assembly.layout)]
    values = {other: np.ones(1) for other in others if other != name}
    return mixing_of(kernel, _density(assembly, name), nodes=nodes, others=values)


def _shared(question: Question, lattice: Lattice, values: Mapping[str, FloatArray]) -> FloatArray:
    """Return the probabilities of the mixing rule's nodes at each point, (point, mixing node)."""
    if question.mixing is None:
        return np.ones((lattice.node.size, 1))
    scales = question.scales(values).take(lattice.node)
    terms = question.log_mixings(lattice.location[:, np.newaxis], scales)[:, 0]
    return np.asarray(np.exp(terms - log_sum(terms)[:, np.newaxis]))


def _density(assembly: Assembly, name: str) -> Density:
    return density(assembly.priors[name], assembly.context)


def require_all_proper(priors: Mapping[str, Prior], coefficients: Sequence[str]) -> None:
    """Raise unless every prior has total mass one.

    Raises
    ------
    ImproperPosteriorError
        Naming the first that has not, and what would do.
    """
    for name, prior in priors.items():
        if not is_proper(prior):
            asked = "Normal(mu=0, sigma=...)" if name in coefficients else "HalfNormal(sigma=...)"
            raise ImproperPosteriorError(
                f"{name} ~ {prior} has no total mass, and of this model no theorem says that its "
                f"posterior would have; give {name} a prior such as {asked}."
            )
