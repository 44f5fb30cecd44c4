"""Weigh shapes: integrate each exactly, whether its durations are known or open."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from bayesmeta.duration_response.candidates import Curves, curves_of
from bayesmeta.duration_response.cloud import Cloud
from bayesmeta.duration_response.design import problem_of
from bayesmeta.duration_response.gaps import OpenStudies, integrate_gaps
from bayesmeta.duration_response.lines import Road, integrate_shape
from bayesmeta.duration_response.odds import NO_CHANGE, prior_probabilities
from bayesmeta.duration_response.others import Others
from bayesmeta.duration_response.posterior import ShapePosterior, of_integral, of_rules
from bayesmeta.duration_response.rescaled import FACTORS
from bayesmeta.duration_response.scales import Scales
from bayesmeta.duration_response.several import weigh_several
from bayesmeta.duration_response.weeks import Durations
from bayesmeta.engines.flat_together import flat_together
from bayesmeta.engines.further.axis import Walk
from bayesmeta.engines.quadrature.posteriors import integrate
from bayesmeta.engines.quadrature.problem import Problem
from bayesmeta.measures.effects import Effects
from bayesmeta.schema import TAU

_TOLERANCE = 1e-4
"""Of the integrands over tau; the integrals are known to about its square."""

type Say = Callable[[int, int], None]
"""Takes how many shapes have been weighed, and of how many."""


def weigh(  # noqa: PLR0913 - a question has as many parts
    effects: Effects, durations: Durations, names: Sequence[str], *, others: Others, scales: Scales,
    say: Say = lambda _done, _all: None, p_constant: float = NO_CHANGE, road: Road | None = None,
) -> Cloud:  # fmt: skip
    """Return the posterior over some shapes, by exact integration.

    Parameters
    ----------
    road
        Where tau is taken, with what studies say there, where their effects are not normal.
    """
    parts: list[ShapePosterior] = []
    known: tuple[Walk, ...] = ()
    for done, name in enumerate(names):
        say(done, len(names))
        found, known = _weighed(name, effects, durations, others, scales, known=known,
                                road=road)  # fmt: skip
        parts.append(found)
    say(len(names), len(names))
    moments = scales.moments[parts[0].first]
    prior, law = prior_probabilities(names, p_constant), None if road is None else road.law
    return Cloud(parts, others, moments, prior, law)


def _weighed(  # noqa: PLR0913 - a question has as many parts
    name: str, effects: Effects, durations: Durations, others: Others, scales: Scales, *,
    known: tuple[Walk, ...], road: Road | None,
) -> tuple[ShapePosterior, tuple[Walk, ...]]:  # fmt: skip
    """Return the posterior under a shape, and nodes of further hyperparameters for the next."""
    curves = curves_of(name, durations)
    problem = problem_of(effects, durations, curves, others, scales)
    every, kind = scales.moments, scales.beside.kind
    if road is not None:
        return _by_study(road, problem, curves, moments=every[TAU]), known
    if scales.axes or scales.patterns is not None:
        model = scales.assembly
        spreads = [item.name for item in model.hyperparameters]
        coefficients = [name for name in model.priors if name not in spreads]
        with flat_together(model.priors, coefficients, spreads):
            return weigh_several(
                problem, curves, scales.axes, scales.patterns, known=known, moments=every, kind=kind
            )
    inner = problem.structure.inner
    moments = every[inner]
    if durations.complete or name == "constant":
        integral = integrate(problem, tolerance=_TOLERANCE)
        return of_integral(curves, integral, moments=moments, kind=kind), known
    studies = OpenStudies(effects, durations, curves, others.design)
    rules = integrate_gaps(problem, studies, moments=moments, kind=kind)
    return of_rules(curves, *rules, name=inner), known


def _by_study(road: Road, problem: Problem, curves: Curves, *, moments: int) -> ShapePosterior:
    """Return the posterior where effects are not normal, under other priors of the change too."""
    factors = [factor for factor in FACTORS if factor != 1]
    found, wider = integrate_shape(road, problem, curves, moments=moments, factors=factors)
    moved = {factor: of_rules(curves, *pair)
             for factor, pair in zip(factors, wider, strict=True)}  # fmt: skip
    return replace(of_rules(curves, *found), rescaled=moved)
