"""Priors made narrower and wider, one parameter at a time."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from bayesmeta import schema
from bayesmeta.assembly import Assembly
from bayesmeta.priors import is_proper, needs_context, normal, quantile, rescale, support
from bayesmeta.sensitivity.question import Question
from bayesmeta.sensitivity.scales import base_scale
from bayesmeta.spec import Prior

REACH = 1000.0
"""Scales are looked at from a thousandth to a thousand times the data's own scale."""

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
    """

    parameter: str
    member: Vary
    own: float
    base: float


def scale_axes(question: Question) -> list[ScaleAxis]:
    """Return the priors that can be stretched: the coefficient's, then tau's."""
    assembly = question.assembly
    base = base_scale(assembly.effects)[0]
    name = question.coefficient or schema.MU
    found = [_coefficient_axis(assembly, name, base)]
    if assembly.hyperparameters and _has_scale(assembly.priors[schema.TAU]):
        found.append(_tau_axis(assembly.priors[schema.TAU], base))
    return found


def _has_scale(prior: Prior) -> bool:
    return is_proper(prior) and not needs_context(prior) and support(prior)[0] == 0


def _tau_axis(prior: Prior, base: float) -> ScaleAxis:
    """Return tau's prior by its scale, or by its median where it has other parameters too."""
    own = _only_scale(prior) or float(quantile(prior, 0.5))
    return ScaleAxis(schema.TAU, lambda value: rescale(prior, value / own), own, base)


def _only_scale(prior: Prior) -> float | None:
    """Return the one parameter of a prior that is stretched as the prior is; None without one."""
    values = list(prior.parameters.values())
    doubled = list(rescale(prior, 2.0).parameters.values())
    alone = len(values) == 1 and isinstance(values[0], float) and isinstance(doubled[0], float)
    return values[0] if alone and doubled[0] == 2 * values[0] else None  # type: ignore[operator,return-value]


def _coefficient_axis(assembly: Assembly, name: str, base: float) -> ScaleAxis:
    prior = assembly.priors[name]
    if name != schema.MU:
        base /= float(np.std(assembly.design[:, assembly.coefficients.index(name)], ddof=1))
    found = normal(prior)
    centre, own = (found.mean, found.sd) if found is not None else (0.0, np.inf)

    def member(scale: float) -> Prior:
        return Prior("Normal", {"mu": centre, "sigma": float(scale)})

    return ScaleAxis(name, member, own, base)
