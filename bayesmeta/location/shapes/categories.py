"""Levels: one for short, one for middling, one for long durations."""

import numpy as np

from bayesmeta.location.shapes.part import JUMP, Amount, Observed
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
    "bounds",
    "breaks",
    "columns",
    "grid",
    "obstacle",
    "variables",
]

TITLE = "three categories"
STATEMENT = (
    "f(w) = mu + rise1 * (w > bound1) + rise2 * (w > bound2), bounds at thirds of the distinct "
    "weeks; rises independent"
)
PARAMETERS: tuple[str, ...] = ()
DISCRETE = False
MINIMUM = 4
FAMILY = JUMP
_LEVELS = 3


def bounds(observed: Observed) -> tuple[float, ...]:
    """Return the bounds between levels: the cuts nearest to thirds of the distinct weeks.

    Examples
    --------
    >>> bounds(Observed((1.0, 2.0, 4.0, 8.0, 10.0, 12.0)))
    (3.0, 9.0)
    """
    count = len(observed.distinct)
    places = [round(count * level / _LEVELS) - 1 for level in range(1, _LEVELS)]
    return tuple(observed.middles[place] for place in places)


def columns(weeks: Amount, observed: Observed, parameter: Amount) -> tuple[Amount, ...]:
    """Return one column a bound, each with an equal part of the change's prior variance."""
    size = float(np.sqrt(1 / (_LEVELS - 1)))
    return tuple((weeks > bound) * size for bound in bounds(observed))


def breaks(observed: Observed, parameter: Amount) -> tuple[Amount, ...]:
    """Return the bounds between the levels."""
    return bounds(observed)
