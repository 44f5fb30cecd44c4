"""A straight line in the logarithm of the weeks."""

import numpy as np

from bayesmeta.location.shapes.part import CURVE, Amount, Observed
from bayesmeta.location.shapes.part import no_breaks as breaks
from bayesmeta.location.shapes.part import no_grid as grid
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

TITLE = "logarithm"
STATEMENT = "f(w) = mu + change * log(w / shortest) / log(longest / shortest)"
PARAMETERS: tuple[str, ...] = ()
DISCRETE = False
MINIMUM = 3
FAMILY = CURVE


def obstacle(observed: Observed) -> str:
    """Return that a duration is 0, where one is."""
    return "" if observed.shortest > 0 else "a duration is 0, which has no logarithm"


def columns(weeks: Amount, observed: Observed, parameter: Amount) -> tuple[Amount, ...]:
    """Return how much of the way has passed, in logarithms of weeks."""
    start, end = np.log(observed.shortest), np.log(observed.longest)
    return ((np.log(weeks) - start) / (end - start),)
