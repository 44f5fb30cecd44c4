"""Design rows and priors of a shape's curves."""

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.duration_response.candidates import Curves
from bayesmeta.duration_response.others import Others
from bayesmeta.duration_response.scales import Scales
from bayesmeta.duration_response.weeks import Durations
from bayesmeta.engines.quadrature.problem import Problem
from bayesmeta.engines.tau_priors import tau_prior
from bayesmeta.measures.effects import Effects
from bayesmeta.priors import Context
from bayesmeta.schema import TAU


def rows_of(curves: Curves, weeks: FloatArray, others: Others, values: FloatArray) -> FloatArray:
    """Return ones, further moderators and the curves' columns, (curve, week, coefficient).

    In the constant shape, interactions of the duration are zero.

    Parameters
    ----------
    weeks
        Shape (week,).
    others, values
        The further moderators, and their columns at these weeks, shape (week, term).
    """
    columns = curves.columns(weeks)
    kept = np.where(others.moving & (curves.shape == "constant"), 0.0, values)
    first = np.concatenate([np.ones((weeks.size, 1)), kept], axis=1)
    return np.concatenate([np.broadcast_to(first, (len(columns), *first.shape)), columns], axis=2)


def problem_of(
    effects: Effects, durations: Durations, curves: Curves, others: Others, scales: Scales
) -> Problem:
    """Return the batch of a shape's curves, open durations at their middles."""
    mean, precision = _coefficient_priors(curves, scales)
    tau = tau_prior(scales.priors[TAU], Context(effects.standard_error))
    return Problem(
        estimate=effects.estimate[np.newaxis],
        variance=effects.standard_error[np.newaxis] ** 2,
        design=rows_of(curves, durations.middle, others, others.design),
        prior_mean=mean[:, np.newaxis],
        prior_precision=precision[:, np.newaxis],
        **tau._asdict(),
    )


def _coefficient_priors(curves: Curves, scales: Scales) -> tuple[FloatArray, FloatArray]:
    """Return means and precisions, each (curve, coefficient).

    A mean m of the whole change is spread over the columns by their parts d of it, m * d, so
    that the sum of d * (m * d) is m.
    """
    fixed_mean, fixed_precision = scales.fixed
    centre, sd = scales.change
    part = curves.change()
    first = (len(part), fixed_mean.size)
    mean = np.concatenate([np.broadcast_to(fixed_mean, first), centre * part], axis=1)
    own = np.full(part.shape, sd**-2)
    return mean, np.concatenate([np.broadcast_to(fixed_precision, first), own], axis=1)
