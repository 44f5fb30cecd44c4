"""Priors made narrower and wider, one parameter at a time."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from bayesmeta.assembly import Assembly, is_one_spread, units
from bayesmeta.parameters import Parameter
from bayesmeta.priors import is_proper, needs_context, normal, quantile, rescale, support
from bayesmeta.sensitivity.question import Question
from bayesmeta.sensitivity.scales import base_scale
from bayesmeta.spec import Prior

REACH = 1000.0
"""Scales are looked at from a thousandth to a thousand times the data's own scale."""

HYPERPARAMETERS = 2
"""Of a model whose priors are stretched: some hundred posteriors are integrated."""

type Vary = Callable[[float], Prior]


@dataclass(frozen=True, eq=False)
class ScaleAxis:
    """A prior that is stretched.

    Parameters
    ----------
    parameter
        Whose prior it is.
    member
        The prior of a scale.
    own
        The scale at which it is the analysis' own prior.
    base
        The data's own scale.
    per_sd
        Whether scales are those of a slope, per SD of its column.
    unit
        Of the outcome, where it is known.
    """

    parameter: str
    member: Vary
    own: float
    base: float
    per_sd: bool = False
    unit: str = ""


def scale_axes(question: Question) -> list[ScaleAxis]:
    """Return the priors that can be stretched: the coefficient's, then the first tau's."""
    assembly = question.assembly
    name = question.coefficient or assembly.coefficients[0]
    spreads = [item for item in assembly.hyperparameters if item.is_positive and item.unit_power]
    scaled = [item for item in spreads[:1] if _has_scale(assembly.priors[item.name])]
    return [_coefficient_axis(assembly, name), *(_tau_axis(assembly, item) for item in scaled)]


def points(question: Question, many: int) -> int:
    """Return how many scales are looked at: fewer where each posterior is integrated alone."""
    return many if is_one_spread(question.assembly.model) else (many + 1) // 3


def _of_outcome(assembly: Assembly, item: Parameter) -> tuple[float, str]:
    """Return the data's own scale and unit, of a parameter's outcome where it has one."""
    effects = assembly.effects
    if not item.outcome:
        return base_scale(effects)[0], effects.unit
    own = np.array([str(name) == item.outcome for name in effects.studies["outcome"]])
    return base_scale(effects.take(own))[0], units(assembly)[item.outcome]


def _has_scale(prior: Prior) -> bool:
    return is_proper(prior) and not needs_context(prior) and support(prior)[0] == 0


def _tau_axis(assembly: Assembly, item: Parameter) -> ScaleAxis:
    """Return a tau's prior by its scale, or by its median where it has other parameters too."""
    prior, (base, unit) = assembly.priors[item.name], _of_outcome(assembly, item)
    own = _only_scale(prior) or float(quantile(prior, 0.5))
    return ScaleAxis(item.name, lambda value: rescale(prior, value / own), own, base, unit=unit)


def _only_scale(prior: Prior) -> float | None:
    """Return the one parameter of a prior that is stretched as the prior is; None without one."""
    values = list(prior.parameters.values())
    doubled = list(rescale(prior, 2.0).parameters.values())
    alone = len(values) == 1 and isinstance(values[0], float) and isinstance(doubled[0], float)
    return values[0] if alone and doubled[0] == 2 * values[0] else None  # type: ignore[operator,return-value]


def _coefficient_axis(assembly: Assembly, name: str) -> ScaleAxis:
    prior, place = assembly.priors[name], assembly.coefficients.index(name)
    base, unit = _of_outcome(assembly, assembly.location.coefficients[place])
    slope = place >= assembly.location.means
    if slope:
        base /= float(np.std(assembly.design[:, place], ddof=1))
    found = normal(prior)
    centre, own = (found.mean, found.sd) if found is not None else (0.0, np.inf)

    def member(scale: float) -> Prior:
        return Prior("Normal", {"mu": centre, "sigma": float(scale)})

    return ScaleAxis(name, member, own, base, per_sd=slope, unit=unit)
