"""A design in the coordinates that everything here is computed in."""

import functools
from typing import NamedTuple

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.errors import ModelError
from bayesmeta.span import span


class Design(NamedTuple):
    """The columns of a meta-regression, with orthogonal vectors of the same span.

    Estimates of tau2, Q and the effect at the mean row depend on the span alone; the coefficients
    of the columns are computed last, from those of the vectors.

    Parameters
    ----------
    columns
        As given, shape (study, coefficient).
    basis
        Shape (coefficient, study), of root mean square 1; the constant first, if there is one.
    back
        Shape (coefficient, coefficient): takes the vectors' coefficients to the columns'.
    mean
        The mean row, shape (coefficient,), in the vectors' coordinates.
    tested
        The columns that are not constant; all where there is no other. The vectors that stand
        for them are the last ones.
    """

    columns: FloatArray
    basis: FloatArray
    back: FloatArray
    mean: FloatArray
    tested: tuple[int, ...]


@functools.lru_cache(maxsize=64)
def mean_only(studies: int) -> Design:
    """Return the design of a single mean, which is most of meta-analysis."""
    return design_of(np.ones((studies, 1)))


def design_of(columns: FloatArray) -> Design:
    """Return the design of columns, shape (study, coefficient).

    Raises
    ------
    ModelError
        If a column is a combination of the others.

    Examples
    --------
    >>> design_of(np.array([[1.0, 1985.0], [1.0, 1994.0], [1.0, 2015.0]])).basis.round(4)
    array([[ 1.    ,  1.    ,  1.    ],
           [-1.0342, -0.3182,  1.3524]])
    """
    found = span(columns)
    if len(found.columns) < columns.shape[1]:
        raise ModelError(
            f"The {columns.shape[1]} columns of the design cannot be told apart on {len(columns)} "
            "studies; leave out a moderator."
        )
    back = np.linalg.inv(found.triangle)[np.argsort(found.columns)]
    varying = found.columns[1:] if found.constant else found.columns
    tested = tuple(sorted(varying or found.columns))
    return Design(columns, found.basis, back, found.basis.mean(axis=-1), tested)
