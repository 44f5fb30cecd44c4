"""Find where a monotone function of the between-study variance meets its target."""

from collections.abc import Callable

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.errors import ModelError
from bayesmeta.frequentist.weighting import Data, q, q_slope, weigh

STEPS = 200
CLOSE = 1e-9  # Newton's error after a step this small is its square


def variance_where_q_is(data: Data, target: FloatArray | float) -> FloatArray:
    """Return tau2 where Q(tau2) meets the target, or 0 where Q(0) is below it.

    Newton's method on 1/Q. In the basis that diagonalises the error contrasts, Q is a sum of
    z_j**2 / (l_j + tau2), so 1/Q is increasing and concave and Newton from 0 climbs to the root
    without ever passing it: no bracket is needed.

    Parameters
    ----------
    data
        More studies than coefficients.
    target
        Positive; broadcasts against the batch.
    """
    goal = np.asarray(target, dtype=float)
    tau2 = np.zeros(np.broadcast_shapes(goal.shape, data.estimate.shape[:-1]))
    scale = data.variance.min(axis=-1)
    for _ in range(STEPS):
        before, tau2 = tau2, np.maximum(tau2 + _newton_step(data, tau2, goal), 0.0)
        if np.all(np.abs(tau2 - before) <= CLOSE * (tau2 + scale)):
            return tau2
    raise ModelError(f"tau2 where Q is {target} was not found in {STEPS} steps; report the table.")


def _newton_step(data: Data, tau2: FloatArray, goal: FloatArray) -> FloatArray:
    """Return Newton's step for 1/Q = 1/goal; 0 where all residuals are."""
    fit = weigh(data, tau2)
    height, slope = q(fit), q_slope(fit)
    moving = slope > 0.0
    step = height * (height / goal - 1.0) / np.where(moving, slope, 1.0)
    return np.where(moving, step, 0.0)


def bisect(
    rises: Callable[[FloatArray], FloatArray], low: FloatArray, high: FloatArray
) -> FloatArray:
    """Return where a function goes from at most 0 at ``low`` to above 0 at ``high``."""
    for _ in range(STEPS):
        middle = 0.5 * (low + high)
        if np.all((middle == low) | (middle == high)):
            break
        above = rises(middle) > 0.0
        low, high = np.where(above, low, middle), np.where(above, middle, high)
    return 0.5 * (low + high)
