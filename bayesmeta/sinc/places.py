"""Places on a grid of nodes, counted in steps from the first: of a probability, of a maximum."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from bayesmeta.arrays import BoolArray, FloatArray, IntArray
from bayesmeta.mixtures.inversion import spaced
from bayesmeta.mixtures.probabilities import probability
from bayesmeta.roots import Bracket, Trial, newton
from bayesmeta.sinc.interpolation import cumulated, cumulated_finely, integral, local

_CLOSE = 1e-7
"""A Newton step this small, in grid steps, is the last: its error is the square."""
_PARTS = 16
"""Places a step in the table that draws come from: an inverse cubic is then right to 1e-6."""
_PATIENCE = 5
"""Where a probability is known to rounding only, Newton's steps may go to and fro for ever."""
_TOWERING = 2.0
"""A log density this far above both nodes beside it is none."""
_ZOOMS = 9
_POINTS = 17
_LEVEL = 1e-9
"""Log densities this close are level: rounding decides no mode."""


class Grids(NamedTuple):
    """Distributions, each on its own grid.

    Parameters
    ----------
    mass
        Density times step, shape (row, node).
    log_mass
        Its log, -inf beyond the size.
    log_density
        Log density of the quantity itself at the nodes, shape (row, node).
    sizes
        How many nodes each has, shape (row, 1).
    """

    mass: FloatArray
    log_mass: FloatArray
    log_density: FloatArray
    sizes: IntArray

    def take(self, rows: IntArray | BoolArray | slice) -> "Grids":
        """Return some of the distributions."""
        *arrays, sizes = self
        mass, log_mass, log_density = (array[rows] for array in arrays)
        return Grids(mass, log_mass, log_density, sizes[rows])


type OnGrids = Callable[[Grids, FloatArray], FloatArray]
"""A function of distributions at points of shape (row, q)."""


def reached(grids: Grids, place: FloatArray, *, tolerance: float) -> FloatArray:
    """Return the probability up to each place, shape (row, q)."""
    return probability(integral(grids.mass, place), tolerance=tolerance)


def place_of(grids: Grids, p: FloatArray) -> FloatArray:
    """Return the place up to which lies each probability, shape (row, q).

    Newton's method inside a cell, from the cubic that has both ends' values and slopes.
    """
    row, asked = np.repeat(np.arange(p.shape[0]), p.shape[1]), p.ravel()

    def missing(place: FloatArray, chosen: IntArray) -> Trial:
        own, at = grids.take(row[chosen]), place[:, np.newaxis]
        value = integral(own.mass, at)[:, 0] - asked[chosen]
        return Trial(value, _slope(own, at), _CLOSE)

    upto = _rising(cumulated(grids.mass))
    cell = (upto[row] <= asked[:, np.newaxis]).sum(axis=-1) - 1
    cell = np.clip(cell, 0, grids.sizes[row, 0] - 2)
    low, start = _start(upto, grids.mass, cell, row, asked)
    found = newton(
        missing, Bracket(low, low + 1), start,
        patience=_PATIENCE, narrow=_CLOSE, what="quantiles of tau",
    )  # fmt: skip
    return found.reshape(p.shape)


def _rising(upto: FloatArray) -> FloatArray:
    """Return integrals made to rise: far out they are rounding, and each p has one cell."""
    return np.asarray(np.maximum.accumulate(upto, axis=-1))


def _start(
    upto: FloatArray, mass: FloatArray, cell: IntArray, row: IntArray, p: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return where each probability's cell begins, and the inverse cubic's place in it."""
    below, above = upto[row, cell], upto[row, cell + 1]
    with np.errstate(all="ignore"):
        width = above - below
        share = (p - below) / width
        curved = _hermite(share, width / mass[row, cell], width / mass[row, cell + 1])
    fits = (curved > 0) & (curved < 1)
    inside = np.where(fits, curved, np.where((share > 0) & (share < 1), share, 0.5))
    low = cell.astype(float)
    return low, low + inside


def tabled(grids: Grids, p: FloatArray) -> FloatArray:
    """Return what `place_of` finds, to 1e-6 of a step, from a table of sixteen places a step."""
    every = np.arange((grids.mass.shape[-1] - 1) * _PARTS + 1) / _PARTS
    places = np.minimum(every, grids.sizes - 1)
    mass = np.exp(local(grids.log_mass, places, grids.sizes)) / _PARTS
    upto = _rising(cumulated_finely(grids.mass, _PARTS))
    last = (grids.sizes[:, 0] - 1) * _PARTS - 1
    cell = np.stack([
        np.clip(np.searchsorted(known, levels, side="right") - 1, 0, end)
        for known, levels, end in zip(upto, p, last, strict=True)
    ])  # fmt: skip
    row = np.repeat(np.arange(p.shape[0]), p.shape[1])
    _, place = _start(upto, mass, cell.ravel(), row, p.ravel())
    return place.reshape(p.shape) / _PARTS


def _hermite(share: FloatArray, start: FloatArray, end: FloatArray) -> FloatArray:
    """Return the cubic from 0 to 1 with these slopes."""
    rest = 1 - share
    return share**2 * (3 - 2 * share) + share * rest * (rest * start - share * end)


def _slope(grids: Grids, place: FloatArray) -> FloatArray:
    """Return the density per step at one place of each, shape (row,).

    Beside a steep end the polynomial may tower above the nodes: a step by it would be none, and
    be taken for the last.
    """
    cell = np.clip(np.floor(place), 0, grids.sizes - 2).astype(np.intp)
    ends = np.take_along_axis(grids.log_mass, np.concatenate([cell, cell + 1], axis=1), axis=1)
    towering = ends.max(axis=1) + _TOWERING
    return np.asarray(np.exp(np.minimum(local(grids.log_mass, place, grids.sizes)[:, 0], towering)))


def log_density_at(grids: Grids, place: FloatArray) -> FloatArray:
    """Return the log density of the quantity at places between its nodes, shape (row, q)."""
    return local(grids.log_density, place, grids.sizes)


def highest(grids: Grids, _points: FloatArray) -> FloatArray:
    """Return the place of the highest density, shape (row, 1); infinite where it is an end."""
    values = grids.log_density
    row = np.arange(values.shape[0])
    best, last = values.argmax(axis=-1), grids.sizes[:, 0] - 1
    top = values[row, best] - _LEVEL
    low, high = np.maximum(best - 1, 0).astype(float), np.minimum(best + 1, last).astype(float)
    for _ in range(_ZOOMS):
        grid = spaced(low, high, _POINTS)
        at = log_density_at(grids, grid).argmax(axis=-1)
        low, high = grid[row, np.maximum(at - 1, 0)], grid[row, np.minimum(at + 1, _POINTS - 1)]
    place = np.where(values[row, last] > top, np.inf, (low + high) / 2)
    return np.where(values[:, 0] > top, -np.inf, place)[:, np.newaxis]
