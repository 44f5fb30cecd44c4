"""Design rows and priors of a shape's curves."""

from dataclasses import replace

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.duration_response.candidates import Curves
from bayesmeta.duration_response.others import Others
from bayesmeta.duration_response.scales import Scales
from bayesmeta.duration_response.weeks import Durations
from bayesmeta.engines.posed import problem_of as posed
from bayesmeta.engines.quadrature.problem import Problem
from bayesmeta.measures.effects import Effects


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
    """Return the batch of a shape's curves, open durations at their middles.

    Hyperparameters beside the first are left open. Study effects that are not normal are taken
    for it.
    """
    scales = scales.normal
    mean, precision = _coefficient_priors(curves, scales)
    return replace(
        posed(scales.assembly, scales.coefficients),
        design=rows_of(curves, durations.middle, others, others.design),
        prior_mean=mean,
        prior_precision=precision,
    )


def _coefficient_priors(curves: Curves, scales: Scales) -> tuple[FloatArray, FloatArray]:
    """Return means and precisions, each (curve, component, coefficient).

    A mean m of the whole change is spread over the columns by their parts d of it, m * d, so
    that the sum of d * (m * d) is m.
    """
    centre, sd = scales.change
    part = curves.change()[:, np.newaxis]
    known = scales.coefficients
    size = (len(part), *known.mean.shape[1:])
    each = (*size[:2], part.shape[-1])
    mean, precision = (
        np.concatenate([np.broadcast_to(fixed, size), np.broadcast_to(own, each)], axis=2)
        for fixed, own in ((known.mean, centre * part), (known.precision, sd**-2))
    )
    return mean, precision
