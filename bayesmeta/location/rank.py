"""Whether every column of a design says something of its own."""

from collections.abc import Sequence

import numpy as np

from bayesmeta.arrays import BoolArray, FloatArray
from bayesmeta.errors import ModelError

_CONSTANT = 1e-12
"""A column whose spread is this part of its size is the same number, rounded."""
_SIZES = (1e-100, 1e100)
"""Squares of a column whose spread lies outside cannot be added up."""
_DEPENDENT = 1e-7
"""Columns of length one that are nearer to dependent lose all digits where they are squared."""
_SAME = "the same in every study"


def require_full_rank(columns: FloatArray, names: Sequence[str], *, formula: str) -> None:
    """Raise unless columns vary, and none is a combination of others.

    Parameters
    ----------
    columns
        Shape (study, term): slope columns, not centred.
    names
        Of the columns.
    formula
        For the message.

    Raises
    ------
    ModelError
        Naming the columns that are the same in every study, or say the same thing twice.
    """
    size = np.abs(columns).max(axis=0)
    with np.errstate(over="ignore"):
        spread = np.ptp(columns, axis=0)
    for name, largest, width in zip(names, size, spread, strict=True):
        if width <= _CONSTANT * largest:
            what = "0 in every study: none is of that kind" if largest == 0 else _SAME
            raise ModelError(f"Moderators {formula!r}: {name} is {what}.")
        if not _SIZES[0] < width < _SIZES[1]:
            raise ModelError(
                f"Moderators {formula!r}: {name} reaches {largest:g}; write it in another unit."
            )
    centred = (columns - columns.mean(axis=0)) / spread
    lengths = np.sqrt((centred**2).sum(axis=0))
    twice = _dependent(centred / lengths)
    if twice.any():
        told = ", ".join(name for name, part in zip(names, twice, strict=True) if part)
        spline = any(kind in formula for kind in ("cr(", "cs("))
        hint = " (a natural spline needs constraints='center')" if spline else ""
        raise ModelError(
            f"Moderators {formula!r}: the columns {told} say the same thing twice over the "
            f"{len(columns)} studies; leave one out{hint}."
        )


def _dependent(unit: FloatArray) -> BoolArray:
    """Return which columns, of length one, take part in a combination that vanishes."""
    studies, terms = unit.shape
    _, values, rows = np.linalg.svd(unit, full_matrices=studies < terms)
    padded = np.zeros(terms)
    padded[: values.size] = values
    null = rows[padded <= _DEPENDENT * padded.max()]
    share: FloatArray = np.sqrt((null**2).sum(axis=0))
    return np.asarray(share > _DEPENDENT**0.5)
