"""A smooth curve: a natural cubic spline through four knots."""

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.location.shapes.part import FLEXIBLE, Amount, Observed, positive_part
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

TITLE = "natural spline"
STATEMENT = (
    "f(w) = natural cubic spline through f(knot[1..4]), knots at thirds of the distinct weeks; "
    "f(knot[j + 1]) - f(knot[j]) independent, variance by the weeks between"
)
PARAMETERS: tuple[str, ...] = ()
DISCRETE = False
MINIMUM = 5
FAMILY = FLEXIBLE
_PIECES = 3


def columns(weeks: Amount, observed: Observed, parameter: Amount) -> tuple[Amount, ...]:
    """Return the splines that rise between two knots and stay level at all others.

    In the truncated power basis, with u the share of the way passed and the g's such that the
    curve is straight beyond the outer knots::

        S(u) = c0 + c1 * u + sum(g[k] * max(u - u[k], 0)**3),  sum(g) = sum(g * u[k]) = 0

    References
    ----------
    Hastie T, Tibshirani R, Friedman J (2009). The Elements of Statistical Learning, 2nd ed.,
    section 5.2.1.
    """
    passed = (weeks - observed.shortest) / observed.span
    knots = (np.array(observed.knots(_PIECES)) - observed.shortest) / observed.span
    cubes = [positive_part(passed - knot) ** 3 for knot in knots]
    return tuple(
        sum((g * cube for g, cube in zip(row[2:], cubes, strict=True)), row[0] + row[1] * passed)
        for row in _coefficients(knots)
    )


def breaks(observed: Observed, parameter: Amount) -> tuple[Amount, ...]:
    """Return the inner knots, where the third derivative jumps."""
    return observed.knots(_PIECES)[1:-1]


def _coefficients(knots: FloatArray) -> FloatArray:
    """Return c0, c1 and the g's of each column, shape (column, 2 + knot)."""
    count = knots.size
    system = np.zeros((count + 2, count + 2))
    system[:count, 0], system[:count, 1] = 1.0, knots
    system[:count, 2:] = np.maximum(knots[:, np.newaxis] - knots, 0.0) ** 3
    system[count, 2:], system[count + 1, 2:] = 1.0, knots
    # Column j is 0 up to knot j and 1 from knot j + 1 on, times the prior sd of its increment.
    rises = np.tri(count, count - 1, k=-1) * np.sqrt(np.diff(knots))
    return np.linalg.solve(system, np.vstack([rises, np.zeros((2, count - 1))])).T
