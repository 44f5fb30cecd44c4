"""Two straight lines that meet at a change point."""

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

TITLE = "piecewise linear"
STATEMENT = (
    "f(w) = mu + slope1 * min(w, point) + slope2 * max(w - point, 0); "
    "point ~ Uniform(shortest, longest)"
)
PARAMETERS = ("change point",)
DISCRETE = False
MINIMUM = 4
FAMILY = FLEXIBLE
_NODES = 64
_MOST_A_GAP = 8


def columns(weeks: Amount, observed: Observed, parameter: Amount) -> tuple[Amount, ...]:
    """Return the weeks before and after the change point.

    A piece of length l has an increment of prior variance l / span of the whole change's, so
    each column is divided by sqrt(l * span).
    """
    point = parameter[0]
    after = positive_part(weeks - point)
    before = weeks - observed.shortest - after
    first = ((point - observed.shortest) * observed.span) ** 0.5
    second = ((observed.longest - point) * observed.span) ** 0.5
    return before / first, after / second


def breaks(observed: Observed, parameter: Amount) -> tuple[Amount, ...]:
    """Return the change point."""
    return (parameter[0],)


def grid(observed: Observed) -> Grid:
    """Return a rule piece by piece: the likelihood has kinks where the point passes a study."""
    pieces = len(observed.distinct) - 1
    count = int(np.clip(_NODES // pieces, 3, _MOST_A_GAP))
    fine, coarse = _rule(observed, count), _rule(observed, count - 1)
    values = [points[:, np.newaxis] for points, _ in (fine, coarse)]
    return joined(values, [fine[1], coarse[1]])


def _rule(observed: Observed, count: int) -> tuple[FloatArray, FloatArray]:
    pairs = list(zip(observed.distinct, observed.distinct[1:], strict=False))
    rules = [gauss(low, high, count) for low, high in pairs]
    shares = [(high - low) / observed.span for low, high in pairs]
    weights = [share * weight for share, (_, weight) in zip(shares, rules, strict=True)]
    return np.concatenate([nodes for nodes, _ in rules]), np.concatenate(weights)


def variables(observed: Observed) -> "tuple[TensorVariable, ...]":
    """Return the change point, uniform over the observed weeks."""
    import pymc as pm

    # A plain number would be kept, and its logarithm taken, in single precision.
    ends = np.float64(observed.shortest), np.float64(observed.longest)
    return (pm.Uniform("change_point", *ends),)
