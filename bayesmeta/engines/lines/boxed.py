"""Product lattices in the unit box, one and the next of more steps."""

from functools import cache

import numpy as np

from bayesmeta.arrays import BoolArray, FloatArray


@cache
def points(size: int, count: int) -> FloatArray:
    """Return a lattice of so many steps along each axis, shape (point, coefficient).

    Examples
    --------
    >>> points(2, 2)[:4].tolist()
    [[-1.0, -1.0], [-1.0, 0.0], [-1.0, 1.0], [0.0, -1.0]]
    """
    axis = np.linspace(-1.0, 1.0, count + 1)
    return np.stack(np.meshgrid(*(axis,) * size, indexing="ij"), axis=-1).reshape(-1, size)


@cache
def former(size: int, steps: int, count: int) -> BoolArray:
    """Return which points of a lattice stand on one of fewer steps, shape (point,).

    Examples
    --------
    >>> former(1, 2, 4).tolist()
    [True, False, True, False, True]
    """
    on = np.arange(count + 1) % (count // steps) == 0
    every = np.meshgrid(*(on,) * size, indexing="ij")
    return np.asarray(np.all(every, axis=0).ravel())


def inside(matters: BoolArray, size: int, steps: int, count: int) -> BoolArray:
    """Return which points of a lattice lie in a cell of a former one that matters, (point,).

    Parameters
    ----------
    matters
        Of the former one's points, shape (point,): a cell does where one of its corners does.

    Examples
    --------
    >>> inside(np.array([True, False, False]), 1, 2, 4).tolist()
    [True, True, False, False, False]
    """
    found, along = matters.reshape((steps + 1,) * size), np.arange(count + 1) * steps
    for axis in range(size):
        found = found.take(along // count, axis) | found.take(-(-along // count), axis)
    return np.asarray(found.ravel())
