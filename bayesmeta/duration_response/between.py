"""How much of what the studies say of a straight line lies between trials and cohorts."""

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.duration_response.others import Others
from bayesmeta.duration_response.weeks import Durations

_SAME = 1e-10
"""Columns that are so much alike are one."""


def between_designs(
    durations: Durations, others: Others, cohort: FloatArray | None, weight: FloatArray
) -> float:
    """Return 1 - information on the slope with the column of designs / information without it.

    0 where durations are balanced over the designs, 1 where designs alone tell them apart; nan
    where no model marks cohorts, or the other columns say all there is of the durations.

    Parameters
    ----------
    others
        Further moderators; the last column marks cohorts where they have a bias.
    cohort
        1 for cohorts, 0 for trials, shape (study,); None where nobody tells them apart.
    weight
        Of the studies: the reciprocals of their variances, to a common factor, shape (study,).
    """
    if cohort is None:
        return float("nan")
    own = others.design[:, :-1] if others.biased else others.design
    plain = np.column_stack([np.ones(len(own)), own[:, ~others.moving[: own.shape[1]]]])
    marked = np.column_stack([plain, cohort])
    without, with_it = (_left(durations.middle, part, weight) for part in (plain, marked))
    return 1 - with_it / without if without > 0 else float("nan")


def _left(column: FloatArray, others: FloatArray, weight: FloatArray) -> float:
    """Return the weighted squares of what other columns leave of one."""
    root = np.sqrt(weight)
    basis, size, _ = np.linalg.svd(root[:, np.newaxis] * others, full_matrices=False)
    kept = basis[:, size > _SAME * size.max()]
    away = root * column
    left = away - kept @ (kept.T @ away)
    squares = float(left @ left)
    return squares if squares > _SAME * float(away @ away) else 0.0
