"""Check the effects of one meta-analysis at the door of the room."""

import numpy as np
from numpy.typing import ArrayLike

from bayesmeta.arrays import FloatArray
from bayesmeta.errors import ModelError, StudiesError
from bayesmeta.frequentist.design import Design, design_of, mean_only
from bayesmeta.frequentist.weighting import Data
from bayesmeta.measures.effects import Effects
from bayesmeta.measures.given import require_effects


def as_data(
    effects: Effects | ArrayLike,
    variance: ArrayLike | None = None,
    design: ArrayLike | None = None,
) -> Data:
    """Return effects, or bare arrays, as checked `Data`.

    Parameters
    ----------
    effects
        `Effects`, or estimates of shape (study,).
    variance
        Sampling variances, shape (study,); absent with `Effects`.
    design
        Shape (study, coefficient); a column of ones where absent.

    Raises
    ------
    StudiesError
        Unless estimates are finite, variances finite and positive, and both as many.
    ModelError
        Unless the design has a row a study and full column rank.
    """
    if isinstance(effects, Effects):
        if variance is not None:
            raise StudiesError("Effects have variances of their own; give no others beside them.")
        _require_squares(effects)
        estimate, variances = effects.estimate, effects.standard_error**2
    elif variance is None:
        if not _is_numbers(effects):
            require_effects(effects)
        raise StudiesError("Estimates without variances; give the variance of each estimate.")
    else:
        estimate, variances = np.asarray(effects, dtype=float), np.asarray(variance, dtype=float)
    _check(estimate, variances)
    return Data(estimate, variances, _design(design, estimate.size))


def _is_numbers(given: object) -> bool:
    return isinstance(given, list | tuple | np.ndarray)


def _require_squares(effects: Effects) -> None:
    """Raise unless the standard errors have squares within the range of numbers."""
    error = effects.standard_error
    wrong = np.flatnonzero((error < _SMALLEST) | (error > 1.0 / _SMALLEST))
    if wrong.size:
        row = int(wrong[0])
        raise StudiesError(
            f"{effects.studies.place(row)}: the square of the standard error, {error[row]:g}, "
            "is out of range; use another unit of the outcome."
        )


_SMALLEST = 1e-150


def _check(estimate: FloatArray, variance: FloatArray) -> None:
    """Raise unless the two columns can be analysed."""
    if estimate.ndim != 1 or estimate.shape != variance.shape or not estimate.size:
        raise StudiesError(
            f"Estimates of shape {estimate.shape} with variances of shape {variance.shape}; "
            "give one of each a study, and at least one study."
        )
    wrong = np.flatnonzero(~(np.isfinite(estimate) & np.isfinite(variance) & (variance > 0.0)))
    if wrong.size:
        row = int(wrong[0])
        raise StudiesError(
            f"Row {row + 1}: estimate {estimate[row]:g} with variance {variance[row]:g}; "
            "estimates must be finite, variances finite and positive."
        )


def _design(design: ArrayLike | None, studies: int) -> Design:
    """Return a design matrix with one row a study and full column rank."""
    if design is None:
        return mean_only(studies)
    matrix = np.asarray(design, dtype=float)
    if matrix.ndim != 2 or matrix.shape[0] != studies or not np.isfinite(matrix).all():  # noqa: PLR2004 -- a matrix
        raise ModelError(
            f"A design of shape {matrix.shape} for {studies} studies; it needs a row a study, "
            "a column a coefficient, and finite numbers."
        )
    return design_of(matrix)
