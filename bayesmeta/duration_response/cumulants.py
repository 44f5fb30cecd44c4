"""Third and fourth cumulants of every linear combination of some coefficients."""

import itertools
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from bayesmeta.arrays import FloatArray, IntArray

MOST = 8
"""With more coefficients than this the cumulants are not known, and taken to be zero."""


class Forms(NamedTuple):
    """The cumulants of r'b as polynomials in r, one an item.

    Parameters
    ----------
    third
        Coefficients of the cubic form, shape (item, monomial).
    fourth
        Of the quartic form, shape (item, monomial).
    """

    third: FloatArray
    fourth: FloatArray

    def at(self, rows: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return third and fourth cumulants of combinations (m, coefficient), each (m, item)."""
        return _monomials(rows, 3) @ self.third.T, _monomials(rows, 4) @ self.fourth.T

    def nothing(self, size: int) -> "Forms":
        """Return the forms of so many normal items."""
        return Forms(*(np.zeros((size, part.shape[1])) for part in self))

    def take(self, items: IntArray | slice) -> "Forms":
        """Return the forms of some items."""
        return Forms(self.third[items], self.fourth[items])


def directions(count: int) -> FloatArray:
    """Return combinations whose cumulants tell those of all, shape (direction, coefficient).

    They are the lattice points of a simplex: no quartic form but zero vanishes at all of them.

    Examples
    --------
    >>> directions(2).tolist()
    [[4.0, 0.0], [3.0, 1.0], [2.0, 2.0], [1.0, 3.0], [0.0, 4.0]]
    """
    if count > MOST:
        return np.empty((0, count))
    return np.array([np.bincount(places, minlength=count) for places in _places(count, 4)]) * 1.0


def forms(third: FloatArray, fourth: FloatArray, *, scale: FloatArray) -> Forms:
    """Return the forms from their values at the `directions`, each of shape (item, direction).

    Parameters
    ----------
    scale
        The directions were divided by these numbers, shape (coefficient,), so that rounding is
        alike in all.
    """
    points = directions(scale.size)
    solved = [
        (values @ np.linalg.pinv(_monomials(points, degree)).T) * _monomials(scale, degree)
        for degree, values in ((3, third), (4, fourth))
    ]
    return Forms(*solved)


def _monomials(rows: FloatArray, degree: int) -> FloatArray:
    """Return all products of so many entries of the last axis; none for too many coefficients."""
    count = rows.shape[-1]
    if count > MOST:
        return np.empty((*rows.shape[:-1], 0))
    return np.asarray(rows[..., list(_places(count, degree))].prod(axis=-1))


def _places(count: int, degree: int) -> Iterator[tuple[int, ...]]:
    return itertools.combinations_with_replacement(range(count), degree)
