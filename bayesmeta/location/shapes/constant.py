"""No curve: the effect does not move with the weeks."""

from bayesmeta.location.shapes.part import NONE, Amount, Observed
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

TITLE = "constant"
STATEMENT = "f(w) = mu"
PARAMETERS: tuple[str, ...] = ()
DISCRETE = False
MINIMUM = 1
FAMILY = NONE


def columns(weeks: Amount, observed: Observed, parameter: Amount) -> tuple[Amount, ...]:
    """Return no columns."""
    return ()
