"""Find the between-study variance at which Q meets its target."""

import numpy as np

from bayesmeta.arrays import FloatArray, IntArray
from bayesmeta.frequentist.weighting import Data, q, q_slope, weigh
from bayesmeta.roots import Bracket, Trial, newton

CLOSE = 1e-9  # Newton's error after a step this small is its square


def variance_where_q_is(data: Data, target: FloatArray | float) -> FloatArray:
    """Return tau2 where Q(tau2) meets the target, or 0 where Q(0) is below it.

    Newton's method on 1/Q. In the basis that diagonalises the error contrasts, Q is a sum of
    z_j**2 / (l_j + tau2), so 1/Q is increasing and concave and Newton from 0 climbs to the root
    without ever passing it. Above the residual sum of squares of the unweighted regression,
    divided by the target, there is none.

    Parameters
    ----------
    data
        More studies than coefficients.
    target
        Positive; broadcasts against the batch.
    """
    shape = np.broadcast_shapes(np.shape(target), data.estimate.shape[:-1])
    goal = np.broadcast_to(np.asarray(target, dtype=float), shape).ravel()
    studies = (*shape, data.k)
    estimate, variance = (
        np.broadcast_to(array, studies).reshape(-1, data.k)
        for array in (data.estimate, data.variance)
    )
    scale = variance.min(axis=-1)

    def above(tau2: FloatArray, chosen: IntArray) -> Trial:
        fit = weigh(Data(estimate[chosen], variance[chosen], data.design), tau2)
        height = q(fit)
        with np.errstate(divide="ignore", invalid="ignore"):
            value, slope = 1.0 / height - 1.0 / goal[chosen], q_slope(fit) / height**2
        return Trial(value, slope, CLOSE * (tau2 + scale[chosen]))

    unweighted = Data(estimate, np.ones_like(variance), data.design)
    nowhere = np.zeros(goal.size)
    bracket = Bracket(nowhere, 2.0 * q(weigh(unweighted, 0.0)) / goal)
    return newton(above, bracket, nowhere, what="values of tau2 for a Q").reshape(shape)
