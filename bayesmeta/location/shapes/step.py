"""Two levels, one up to a cut, one beyond it."""

from typing import TYPE_CHECKING

import numpy as np

from bayesmeta.location.shapes.part import JUMP, Amount, Grid, Observed
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

TITLE = "step at a cut"
STATEMENT = "f(w) = mu + change * (w > cut); cut equally likely between any two neighbouring weeks"
PARAMETERS = ("cut",)
DISCRETE = True
MINIMUM = 3
FAMILY = JUMP


def columns(weeks: Amount, observed: Observed, parameter: Amount) -> tuple[Amount, ...]:
    """Return one beyond the cut and zero before it."""
    return ((weeks > parameter[0]) * 1.0,)


def breaks(observed: Observed, parameter: Amount) -> tuple[Amount, ...]:
    """Return the cut."""
    return (parameter[0],)


def grid(observed: Observed) -> Grid:
    """Return the cuts half-way between neighbouring weeks: the studies tell no others apart."""
    cuts = np.array(observed.middles)[:, np.newaxis]
    weight = np.full(len(cuts), 1 / len(cuts))
    return Grid(cuts, weight, weight)


def variables(observed: Observed) -> "tuple[TensorVariable, ...]":
    """Return no PyMC variables: a sampler by gradients sees no cut, so it is summed over."""
    return ()
