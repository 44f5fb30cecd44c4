"""A curve that never turns: straight pieces whose rises share one sign.

The total change may have either sign; its shares over the pieces are uniform on the simplex.
Given the shares, the curve is linear in the change, so that it integrates exactly where an
I-spline with coefficients above zero does not.

References
----------
Bürkner PC, Charpentier E (2020). Modelling monotonic effects of ordinal predictors in Bayesian
regression models. Br J Math Stat Psychol 73:420-451.
"""

from typing import TYPE_CHECKING

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.location.shapes.part import (
    FLEXIBLE,
    Amount,
    Grid,
    Observed,
    gauss,
    joined,
    positive_part,
)
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

TITLE = "monotone"
STATEMENT = (
    "f(w) = mu + change * sum(share[j] * part of piece j passed), pieces at thirds of the "
    "distinct weeks; share ~ Dirichlet(1, 1, 1)"
)
PARAMETERS = ("share of first third", "share of second third")
DISCRETE = False
MINIMUM = 4
FAMILY = FLEXIBLE
_PIECES = 3
_FINE, _COARSE = 7, 5


def columns(weeks: Amount, observed: Observed, parameter: Amount) -> tuple[Amount, ...]:
    """Return how much of the change has passed; level before the first and beyond the last."""
    knots = observed.knots(_PIECES)
    shares = (parameter[0], parameter[1], 1 - parameter[0] - parameter[1])
    pieces = zip(shares, knots, knots[1:], strict=False)
    return (sum(share * _passed(weeks, low, high) for share, low, high in pieces),)


def breaks(observed: Observed, parameter: Amount) -> tuple[Amount, ...]:
    """Return the knots between the pieces."""
    return observed.knots(_PIECES)[1:-1]


def _passed(weeks: Amount, low: float, high: float) -> Amount:
    return (positive_part(weeks - low) - positive_part(weeks - high)) / (high - low)


def grid(observed: Observed) -> Grid:
    """Return a rule on the simplex: the first share, then the second's part of what is left."""
    fine, coarse = _rule(_FINE), _rule(_COARSE)
    return joined([fine[0], coarse[0]], [fine[1], coarse[1]])


def _rule(count: int) -> tuple[FloatArray, FloatArray]:
    node, weight = gauss(0.0, 1.0, count)
    first, part = (array.ravel() for array in np.meshgrid(node, node, indexing="ij"))
    # The density of the simplex is 2; the area left for the second share is 1 - first.
    area = 2 * (1 - first) * np.outer(weight, weight).ravel()
    return np.column_stack([first, (1 - first) * part]), area


def variables(observed: Observed) -> "tuple[TensorVariable, ...]":
    """Return the first two shares of a uniform simplex."""
    import pymc as pm

    share = pm.Dirichlet("share", np.ones(_PIECES))
    return share[0], share[1]
