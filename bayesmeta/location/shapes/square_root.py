"""A straight line in the square root of the weeks."""

import numpy as np

from bayesmeta.location.shapes.part import CURVE, Amount, Observed
from bayesmeta.location.shapes.part import no_breaks as breaks
from bayesmeta.location.shapes.part import no_grid as grid
from bayesmeta.location.shapes.part import no_obstacle as obstacle
from bayesmeta.location.shapes.part import no_variables as variables

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

TITLE = "square root"
STATEMENT = "f(w) = mu + change * (sqrt(w) - sqrt(shortest)) / (sqrt(longest) - sqrt(shortest))"
PARAMETERS: tuple[str, ...] = ()
DISCRETE = False
MINIMUM = 3
FAMILY = CURVE


def columns(weeks: Amount, observed: Observed, parameter: Amount) -> tuple[Amount, ...]:
    """Return how much of the way has passed, in square roots of weeks."""
    start, end = observed.shortest**0.5, observed.longest**0.5
    return ((np.sqrt(weeks) - start) / (end - start),)
