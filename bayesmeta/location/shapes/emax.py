"""A rise that levels off: half of the ceiling is reached at the half-effect week."""

from typing import TYPE_CHECKING

import numpy as np

from bayesmeta.location.shapes.part import CURVE, Amount, Grid, Observed, gauss, joined
from bayesmeta.location.shapes.part import no_breaks as breaks
from bayesmeta.location.shapes.part import no_obstacle as obstacle

if TYPE_CHECKING:
    from pytensor.tensor import TensorVariable

__all__ = [
    "DISCRETE",
    "FAMILY",
    "MINIMUM",
    "PARAMETERS",
    "STATEMENT",
    "TITLE",
    "breaks",
    "columns",
    "grid",
    "obstacle",
    "variables",
]

TITLE = "Emax"
STATEMENT = (
    "f(w) = mu + ceiling * w / (w + half); log(half) ~ Uniform(log(shortest), log(longest)), "
    "shortest above 0"
)
PARAMETERS = ("half-effect week",)
DISCRETE = False
MINIMUM = 3
FAMILY = CURVE
_FINE, _COARSE = 20, 14


def columns(weeks: Amount, observed: Observed, parameter: Amount) -> tuple[Amount, ...]:
    """Return how much of the way has passed, in shares of the ceiling.

    References
    ----------
    Mawdsley D, Bennetts M, Dias S, Boucher M, Welton NJ (2016). CPT Pharmacometrics Syst
    Pharmacol 5:393-401, with the weeks in the dose's place.
    """
    half = parameter[0]
    start = observed.shortest / (observed.shortest + half)
    end = observed.longest / (observed.longest + half)
    return ((weeks / (weeks + half) - start) / (end - start),)


def _bounds(observed: Observed) -> tuple[float, float]:
    shortest = next(week for week in observed.distinct if week > 0)
    return float(np.log(shortest)), float(np.log(observed.longest))


def grid(observed: Observed) -> Grid:
    """Return a rule in the logarithm of the half-effect week."""
    fine, coarse = (gauss(*_bounds(observed), count) for count in (_FINE, _COARSE))
    values = [np.exp(logs)[:, np.newaxis] for logs, _ in (fine, coarse)]
    return joined(values, [fine[1], coarse[1]])


def variables(observed: Observed) -> "tuple[TensorVariable, ...]":
    """Return the half-effect week, its logarithm uniform."""
    import pymc as pm

    log_half = pm.Uniform("log_half_effect_week", *_bounds(observed))
    return (pm.Deterministic("half_effect_week", pm.math.exp(log_half)),)
