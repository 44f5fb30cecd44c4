"""A user's own density function, stored as a table of its values."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.errors import PriorError
from bayesmeta.priors.table import Curve, curve
from bayesmeta.spec import Prior

_FIRST = 33
_MOST = 2000
_ROUNDS = 12
_TOLERANCE = 1e-9  # of the probability that a point's error may move


class _Scale(NamedTuple):
    """Coordinates in which points stand evenly."""

    coordinate: Callable[[FloatArray], FloatArray]
    inverse: Callable[[FloatArray], FloatArray]


_LOG = _Scale(np.log, np.exp)
_LINEAR = _Scale(np.copy, np.copy)

type Function = Callable[[float], float]


def tabulate(density: Function, *, lower: float, upper: float) -> Prior:
    """Return a prior from a density function, as a table that holds its values.

    Points are added where the spline through the log density still errs, until the probability
    moved between two points is below 1e-9. The prior is 0 outside the bounds and is normalised;
    the function itself is forgotten, so that a fit read from disk still has its prior.

    Parameters
    ----------
    density
        Density up to a constant, of one number; above 0 and finite within the bounds.
    lower, upper
        Bounds of the support, in the outcome's unit. With ``lower`` above 0 the table is read
        on the log scale, which suits densities that spike at 0 or have a heavy tail.

    Raises
    ------
    PriorError
        If the bounds are no interval, or the function is 0, negative or infinite within.

    Examples
    --------
    >>> import math
    >>> prior = tabulate(lambda tau: math.exp(-tau), lower=0, upper=40)
    >>> from bayesmeta.priors import quantile
    >>> round(float(quantile(prior, 0.5)), 6)
    0.693147
    """
    if not (np.isfinite([lower, upper]).all() and lower < upper):
        raise PriorError(f"The bounds {lower} and {upper} of a density are no interval.")
    scale = _LOG if lower > 0 else _LINEAR
    first, last = scale.coordinate(np.array([lower, upper])).tolist()
    x = scale.inverse(np.linspace(first, last, _FIRST))
    x[[0, -1]] = lower, upper  # not the exponentials of their logs
    heights = _evaluated(density, x)
    for _ in range(_ROUNDS):
        coordinate = scale.coordinate(x)
        middle = (coordinate[1:] + coordinate[:-1]) / 2
        found = _evaluated(density, scale.inverse(middle))
        wrong = _moved(curve(x, heights), middle, found) > _TOLERANCE
        if not wrong.any() or x.size + wrong.sum() > _MOST:
            break
        x, heights = _merged(x, heights, scale.inverse(middle[wrong]), found[wrong])
    return Prior("Table", {"x": tuple(x.tolist()), "density": tuple(heights.tolist())})


def _moved(drawn: Curve, middle: FloatArray, found: FloatArray) -> FloatArray:
    """Return the probability by which the spline errs around each middle."""
    error = np.log(found) - drawn.log_constant - drawn.log_density(middle)
    return np.expm1(np.abs(error)) * np.diff(drawn.below)


def _merged(
    x: FloatArray, heights: FloatArray, more: FloatArray, more_heights: FloatArray
) -> tuple[FloatArray, FloatArray]:
    every = np.concatenate([x, more])
    order = np.argsort(every)
    return every[order], np.concatenate([heights, more_heights])[order]


def _evaluated(density: Function, x: FloatArray) -> FloatArray:
    heights = np.array([float(density(float(point))) for point in x])
    bad = ~(np.isfinite(heights) & (heights > 0))
    if bad.any():
        raise PriorError(
            f"The density is {heights[bad][0]:.12g} at {x[bad][0]:.12g}; it must be above 0 and "
            "finite from lower to upper. Move the bounds inwards."
        )
    return heights
