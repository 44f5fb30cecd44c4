"""Shortest intervals of whole batches of distributions, by their quantiles and densities."""

from collections.abc import Callable
from typing import NamedTuple, Protocol

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.errors import PosteriorError

type Function = Callable[[FloatArray], FloatArray]

_SCAN = 193
_ROUNDS = 2
_STEPS, _PATIENCE = 300, 40
_TOLERANCE, _CLOSE = 1e-9, 4 * np.finfo(float).eps
"""Of a root, relative to its first bracket; and to its size, beyond which there are no numbers."""
_STEEP = 700.0
"""Log densities are compared up to this difference: infinite ones too."""


def spaced(low: FloatArray, high: FloatArray, count: int) -> FloatArray:
    """Return equally spaced points from low to high, along a new last axis."""
    share = np.arange(count) / (count - 1)
    return np.asarray(low[..., np.newaxis] + (high - low)[..., np.newaxis] * share)


def require_ended(left: int, what: str, *, steps: int) -> None:
    """Raise unless a search has ended.

    Parameters
    ----------
    left
        How many of those looked for were not found.

    Raises
    ------
    PosteriorError
        If some were not.
    """
    if left:
        raise PosteriorError(
            f"{left} {what} were not found in {steps} steps: the numbers are too large, too small "
            f"or none at all."
        )


class Invertible(Protocol):
    """A batch of distributions; points have shape (..., q) for a batch of shape (...)."""

    def quantile(self, p: FloatArray | float) -> FloatArray:
        """Return the quantiles."""
        ...

    def log_density(self, x: FloatArray) -> FloatArray:
        """Return the log density."""
        ...


class Bracket(NamedTuple):
    """Two ends, each of shape (..., 1)."""

    low: FloatArray
    high: FloatArray


def shortest(distribution: Invertible, level: float) -> FloatArray:
    """Return the shortest interval that holds a probability, shape (..., 2).

    The width Q(p + level) - Q(p) is scanned over p, so that of several humps the right one is
    found; then p is solved for, at which the density is equal at both ends. Where the density
    is highest at an end of the support, the interval starts there.

    Parameters
    ----------
    distribution
        A batch of shape (...).
    level
        Probability inside, between 0 and 1.
    """

    def imbalance(p: FloatArray) -> FloatArray:
        lower, upper = _ends(distribution, p, level)
        difference = distribution.log_density(lower) - distribution.log_density(upper)
        return np.clip(difference, -_STEEP, _STEEP)

    share = solve(imbalance, _scanned(distribution, level))
    return np.concatenate(_ends(distribution, share, level), axis=-1)


def _ends(distribution: Invertible, p: FloatArray, level: float) -> tuple[FloatArray, FloatArray]:
    return distribution.quantile(p), distribution.quantile(np.minimum(p + level, 1.0))


def _scanned(distribution: Invertible, level: float) -> Bracket:
    """Return a bracket of the lower tail probability that makes the interval shortest."""
    # Dense towards both ends: a skewed density may leave out next to nothing on one side.
    grid = (1 - level) * (0.5 - 0.5 * np.cos(np.linspace(0, np.pi, _SCAN)))
    bracket = _narrowed(distribution, grid, level)
    for _ in range(_ROUNDS):
        inside = spaced(bracket.low[..., 0], bracket.high[..., 0], 9)
        bracket = _narrowed(distribution, inside, level)
    return bracket


def _narrowed(distribution: Invertible, grid: FloatArray, level: float) -> Bracket:
    lower, upper = _ends(distribution, grid, level)
    best = (upper - lower).argmin(axis=-1)[..., np.newaxis]
    grid = np.broadcast_to(grid, lower.shape)
    neighbours = (np.maximum(best - 1, 0), np.minimum(best + 1, grid.shape[-1] - 1))
    return Bracket(*(np.take_along_axis(grid, column, axis=-1) for column in neighbours))


def solve(
    function: Function, bracket: Bracket, *, what: str = "ends of shortest intervals"
) -> FloatArray:
    """Return where a function that rises from below zero crosses it.

    An end of the bracket is returned where the function has the other sign there already.

    Parameters
    ----------
    function
        Of an array of the bracket's shape.
    what
        Is looked for, in a message.

    Raises
    ------
    PosteriorError
        If the search does not end.

    References
    ----------
    Chandrupatla TR (1997). A new hybrid quadratic/bisection algorithm for finding the zero of a
    nonlinear function without using derivatives. Adv Eng Softw 28:145-149.

    Examples
    --------
    >>> float(solve(lambda x: x**2 - 2, Bracket(np.array([0.0]), np.array([2.0])))[0].round(12))
    1.414213562373
    """
    at_low, at_high = function(bracket.low), function(bracket.high)
    ends = _Ends(bracket.low, bracket.high, bracket.high, at_low, at_high, at_high)
    outside = np.where(ends.at_new >= 0, ends.new, np.where(ends.at_old <= 0, ends.old, np.nan))
    size = np.maximum(np.abs(bracket.low), np.abs(bracket.high))
    tolerance = np.maximum(_TOLERANCE * np.abs(bracket.high - bracket.low), _CLOSE * size)
    share = np.full_like(bracket.low, 0.5)
    going = np.isnan(outside)
    for attempt in range(_STEPS):
        trial = ends.new + share * (ends.old - ends.new)
        ends = _moved(ends, trial, function(trial))
        width = np.abs(ends.old - ends.new)
        going = ~((width <= tolerance) | (ends.at_new == 0) | np.isfinite(outside))
        if not going.any():
            break
        least = np.minimum(tolerance / np.maximum(2 * width, tolerance), 0.5)
        halving = attempt >= _PATIENCE and attempt % 2 == 0
        share = np.full_like(width, 0.5) if halving else np.clip(_share(ends), least, 1 - least)
    require_ended(int(going.sum()), what, steps=_STEPS)
    closer = np.where(np.abs(ends.at_new) <= np.abs(ends.at_old), ends.new, ends.old)
    return np.where(np.isfinite(outside), outside, closer)


class _Ends(NamedTuple):
    new: FloatArray
    old: FloatArray
    third: FloatArray
    at_new: FloatArray
    at_old: FloatArray
    at_third: FloatArray


def _moved(ends: _Ends, trial: FloatArray, value: FloatArray) -> _Ends:
    """Return the bracket with the trial as its new end."""
    same = np.sign(value) == np.sign(ends.at_new)
    old, at_old = (np.where(same, kept, left) for kept, left in (
        (ends.old, ends.new), (ends.at_old, ends.at_new)))  # fmt: skip
    third, at_third = (np.where(same, gone, kept) for gone, kept in (
        (ends.new, ends.old), (ends.at_new, ends.at_old)))  # fmt: skip
    return _Ends(trial, old, third, value, at_old, at_third)


def _share(ends: _Ends) -> FloatArray:
    """Return how far from the new towards the old end to step, as a fraction."""
    new, old, third, a, b, c = ends
    with np.errstate(divide="ignore", invalid="ignore"):
        place = (new - old) / (third - old)
        height = (a - b) / (c - b)
        smooth = (height**2 < place) & ((1 - height) ** 2 < 1 - place)
        guess = a / (b - a) * c / (b - c) + (third - new) / (old - new) * a / (c - a) * b / (c - b)
    return np.where(smooth & np.isfinite(guess), guess, 0.5)
