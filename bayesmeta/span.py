"""The span of a design's columns, in coordinates that lose no digits.

Where a moderator stands far from zero, as a year does, its column is nearly a multiple of the
ones: X'WX of raw columns loses the digits twice over (a year some 5 of 16), and how many survive
depends on the order in which a processor adds. But a regression depends on the span alone. So
columns are centred at their means, which is exact for numbers far from zero, and made orthogonal;
slopes, standard errors and everything else come from there.
"""

from typing import NamedTuple

import numpy as np

from bayesmeta.arrays import FloatArray

_TWICE = 2  # one pass may leave cancelled digits, a second never does (Giraud et al. 2005)


class Span(NamedTuple):
    """Orthogonal vectors with the span of a design's columns.

    Parameters
    ----------
    basis
        Shape (rank, study); the root mean square of each vector is 1, and the first is all ones
        where a column of the design is constant.
    columns
        The design's columns that are not combinations of others, in the basis's order: the
        constant first.
    triangle
        Shape (rank, rank), upper triangular: ``design[:, columns] = basis.T @ triangle``.
    constant
        Whether a column of the design is constant.
    """

    basis: FloatArray
    columns: tuple[int, ...]
    triangle: FloatArray
    constant: bool


def span(design: FloatArray) -> Span:
    """Return the span of a design's columns.

    A column counts as a combination of the ones before it if no more of it is left over than
    rounding of the columns, in the combination, may have put there.

    Parameters
    ----------
    design
        Shape (study, coefficient), finite.

    References
    ----------
    Giraud L, Langou J, Rozloznik M, van den Eshof J (2005). Rounding error analysis of the
    classical Gram-Schmidt orthogonalization process. Numer Math 101:87-100.

    Examples
    --------
    Years, the same years since 2000, and ones: two dimensions.

    >>> year = np.array([1985.0, 1994.0, 2015.0])
    >>> found = span(np.column_stack([year, year - 2000, np.ones(3)]))
    >>> found.columns, found.basis.round(4)
    ((2, 0), array([[ 1.    ,  1.    ,  1.    ],
           [-1.0342, -0.3182,  1.3524]]))
    """
    studies, count = design.shape
    unit = _units(design)
    constant = np.flatnonzero((np.ptp(design, axis=0) == 0) & (design[0] != 0))[:1].tolist()
    basis, triangle = np.empty((0, studies)), np.zeros((count, count))
    kept: list[int] = []
    for column in (*constant, *(each for each in range(count) if each not in constant)):
        share, rest = _against(basis, design[:, column] / unit[column])
        length = float(np.sqrt(np.mean(rest**2)))
        rank = len(kept)
        if length <= _rounding(triangle[:rank, :rank], share, studies):
            continue
        triangle[:rank, rank], triangle[rank, rank] = share, length
        basis = np.vstack([basis, rest / length])
        kept.append(column)
    rank = len(kept)
    basis.setflags(write=False)
    return Span(basis, tuple(kept), triangle[:rank, :rank] * unit[kept], bool(constant))


def _units(design: FloatArray) -> FloatArray:
    """Return what each column is divided by: its constant, or a power of 2 near its largest."""
    largest = np.abs(design).max(axis=0, initial=0.0)
    power = np.exp2(np.floor(np.log2(np.where(largest > 0, largest, 1.0))))
    return np.where((np.ptp(design, axis=0) == 0) & (largest > 0), design[0], power)


def _against(basis: FloatArray, vector: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the shares of orthogonal vectors, of root mean square 1, and what is left.

    The share of the vector of ones is the mean: to take it away is to centre.
    """
    shares, rest = np.zeros(len(basis)), vector
    for _ in range(_TWICE):
        share = basis @ rest / vector.size
        shares, rest = shares + share, rest - share @ basis
    return shares, rest


def _rounding(triangle: FloatArray, share: FloatArray, studies: int) -> float:
    """Return what rounding may leave of a combination of columns with entries of at most 2."""
    combination = np.linalg.solve(triangle, share)
    return float(2 * np.finfo(float).eps * max(studies, 4) * (1 + np.abs(combination).sum()))


def orthonormal(vectors: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return orthonormal vectors, and the triangle that makes the given ones of them.

    Gram and Schmidt's process, twice, over whole batches at a time. Unlike a library's QR it keeps
    the digits of the smallest entries when weights differ by many orders of magnitude, and for a
    few vectors it is faster.

    Parameters
    ----------
    vectors
        Shape (..., vector, study), linearly independent.

    Returns
    -------
    tuple
        Of the shape of the vectors, and upper triangular of shape (..., vector, vector).

    Examples
    --------
    >>> basis, triangle = orthonormal(np.array([[1.0, 1.0, 1.0, 1.0], [1.0, 2.0, 3.0, 4.0]]))
    >>> triangle.round(4)
    array([[2.    , 5.    ],
           [0.    , 2.2361]])
    """
    if vectors.shape[-2] == 1:
        length = np.sqrt(np.vecdot(vectors, vectors))[..., np.newaxis]
        return vectors / length, length
    basis = np.empty(vectors.shape)
    triangle = np.zeros((*vectors.shape[:-1], vectors.shape[-2]))
    for row in range(vectors.shape[-2]):
        rest, done = vectors[..., row, :], basis[..., :row, :]
        for _ in range(_TWICE if row else 0):
            share = np.vecdot(done, rest[..., np.newaxis, :])
            triangle[..., :row, row] += share
            rest = rest - (share[..., np.newaxis] * done).sum(axis=-2)
        length = np.sqrt(np.vecdot(rest, rest))
        triangle[..., row, row] = length
        basis[..., row, :] = rest / length[..., np.newaxis]
    return basis, triangle
