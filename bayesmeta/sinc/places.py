"""Places on a grid of nodes, counted in steps from the first: of a probability, of a maximum."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from bayesmeta.arrays import BoolArray, FloatArray, IntArray
from bayesmeta.mixtures.inversion import require_ended, spaced
from bayesmeta.mixtures.probabilities import probability
from bayesmeta.sinc.interpolation import cumulated, integral, local

_STEPS = 60
_CLOSE = 1e-7
"""A Newton step this small, in grid steps, is the last: its error is the square."""
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
    row = np.repeat(np.arange(p.shape[0]), p.shape[1])
    search = _start(grids, row, p.ravel())
    found = search.guess.copy()
    active = np.arange(found.size)
    for _ in range(_STEPS):
        search = _improved(grids.take(search.row), search)
        found[active] = search.guess
        going = ~(search.moved <= _CLOSE)
        active, search = active[going], search.take(going)
        if not active.size:
            break
    require_ended(active.size, "quantiles of tau", steps=_STEPS)
    return found.reshape(p.shape)


class _Search(NamedTuple):
    """Places being looked for, each array of shape (point,)."""

    row: IntArray
    p: FloatArray
    low: FloatArray
    high: FloatArray
    guess: FloatArray
    moved: FloatArray  # how far the last step went

    def take(self, chosen: BoolArray) -> "_Search":
        row, *others = self
        return _Search(row[chosen], *(array[chosen] for array in others))


def _start(grids: Grids, row: IntArray, p: FloatArray) -> _Search:
    # Far out the integrals are rounding: made to rise, so that each probability has one cell.
    known = np.maximum.accumulate(cumulated(grids.mass), axis=-1)
    last = grids.sizes[row, 0] - 2
    cell = np.clip((known[row] <= p[:, np.newaxis]).sum(axis=-1) - 1, 0, last)
    below, above = known[row, cell], known[row, cell + 1]
    with np.errstate(all="ignore"):
        width = above - below
        share = (p - below) / width
        slopes = (width / grids.mass[row, cell], width / grids.mass[row, cell + 1])
        curved = _hermite(share, *slopes)
    fits = (curved > 0) & (curved < 1)
    guess = np.where(fits, curved, np.where((share > 0) & (share < 1), share, 0.5))
    low = cell.astype(float)
    return _Search(row, p, low, low + 1, low + guess, np.ones(p.size))


def _hermite(share: FloatArray, start: FloatArray, end: FloatArray) -> FloatArray:
    """Return the cubic from 0 to 1 with these slopes."""
    rest = 1 - share
    return share**2 * (3 - 2 * share) + share * rest * (rest * start - share * end)


def _improved(grids: Grids, search: _Search) -> _Search:
    """Return the search after one step: Newton's, or half the bracket where that is slow.

    Where a probability is known to rounding only, Newton's steps may go to and fro for ever.
    """
    place = search.guess[:, np.newaxis]
    missing = search.p - integral(grids.mass, place)[:, 0]
    slope = _slope(grids, place)
    low = np.where(missing > 0, search.guess, search.low)
    high = np.where(missing > 0, search.high, search.guess)
    with np.errstate(all="ignore"):
        new = search.guess + missing / slope
    quick = np.abs(new - search.guess) <= search.moved / 2
    guess = np.where((new >= low) & (new <= high) & quick, new, low + (high - low) / 2)
    return search._replace(low=low, high=high, guess=guess, moved=np.abs(guess - search.guess))


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
