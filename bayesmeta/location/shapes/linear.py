"""A straight line in the weeks."""

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

TITLE = "linear"
STATEMENT = "f(w) = mu + change * (w - shortest) / (longest - shortest)"
PARAMETERS: tuple[str, ...] = ()
DISCRETE = False
MINIMUM = 2
FAMILY = CURVE


def columns(weeks: Amount, observed: Observed, parameter: Amount) -> tuple[Amount, ...]:
    """Return how much of the way from the shortest to the longest week has passed."""
    return ((weeks - observed.shortest) / observed.span,)
