"""Where functions that rise cross zero, whole batches at a time.

One contract: a search that does not end, or meets what is no number, is an error.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bayesmeta.arrays import BoolArray, FloatArray, IntArray
from bayesmeta.errors import SearchError

type Function = Callable[[FloatArray], FloatArray]
type Beyond = Callable[[FloatArray], BoolArray]
type Middle = Callable[[FloatArray, FloatArray, IntArray], FloatArray]
"""From the lower and upper ends of some brackets, and which they are, to points between."""

_STEPS = 300
_HALVINGS, _BITS = 1100, 65
"""So many halvings exhaust the doubles between any two; and their bits."""
_LARGEST = np.asarray(np.finfo(np.float64).max)
_PATIENCE = 30
_PATIENT = 40
"""Steps before every other one halves the bracket: of Newton's method, of `solve`."""
_TOLERANCE = 1e-9
"""Of a root that `solve` finds, relative to its first bracket."""
_ROUNDING = 4 * np.finfo(float).eps


class Bracket(NamedTuple):
    """Two ends, arrays of one shape: the root lies between."""

    low: FloatArray
    high: FloatArray


class Trial(NamedTuple):
    """A function at points: value, slope, and how small a step is the last; shape (point,)."""

    value: FloatArray
    slope: FloatArray
    close: FloatArray | float


def require_ended(left: int, what: str, *, steps: int) -> None:
    """Raise unless a search has ended.

    Parameters
    ----------
    left
        How many of those looked for were not found.

    Raises
    ------
    SearchError
        If some were not.
    """
    if left:
        raise SearchError(
            f"{left} {what} were not found in {steps} steps: the numbers are too large, too small "
            f"or none at all."
        )


def _mean(low: FloatArray, high: FloatArray, _: IntArray) -> FloatArray:
    return low + (high - low) / 2


def newton(  # noqa: PLR0913  (a search's parts, each by its name)
    function: Callable[[FloatArray, IntArray], Trial],
    bracket: Bracket,
    start: FloatArray,
    *,
    what: str,
    middle: Middle = _mean,
    patience: int = _PATIENCE,
    narrow: float = 0.0,
) -> FloatArray:
    """Return roots by Newton's method inside brackets, shape (point,).

    A step that leaves its bracket, and later every other one, goes to a point between instead. A
    search that starts at an end beyond which the root lies stays there.

    Parameters
    ----------
    function
        From some of the points, and which they are, to a `Trial`.
    bracket
        Shape (point,).
    start
        Where to begin, in the bracket.
    what
        What is looked for, in the plural.
    middle, patience
        Where to go instead of a Newton step; after how many steps every other one does.
    narrow
        Width of a bracket that tells its root well enough.

    Raises
    ------
    SearchError
        If a search does not end, or a value is no number.

    Examples
    --------
    >>> two = np.array([2.0])
    >>> newton(lambda x, _: Trial(x**2 - 2, 2 * x, 1e-8), Bracket(0 * two, two), two, what="roots")
    array([1.41421356])
    """
    found, active = np.array(start), np.arange(np.size(start))
    x, low, high = start, bracket.low, bracket.high
    for attempt in range(_STEPS):
        if not active.size:
            break
        value, slope, close = function(x, active)
        require_ended(int(np.isnan(value).sum()), what, steps=attempt + 1)
        with np.errstate(all="ignore"):
            new = x - value / slope
        low, high = np.where(value < 0, x, low), np.where(value < 0, high, x)
        halving = attempt >= patience and attempt % 2 == 0
        inside = (new >= low) & (new <= high) & (not halving)
        if not inside.all():
            new = np.where(inside, new, middle(low, high, active))
        found[active] = new
        # Where there is no point between, the middle is an end.
        ended = np.where(inside, np.abs(new - x) <= close, (new == low) | (new == high))
        going = ~(ended | (new == x) | (high - low <= narrow))
        active, x, low, high = active[going], new[going], low[going], high[going]
    require_ended(active.size, what, steps=_STEPS)
    return found


def halve(
    beyond: Beyond, bracket: Bracket, *, close: FloatArray | float = 0.0, what: str = "roots"
) -> FloatArray:
    """Return roots in brackets that are halved to a width, or until their ends are neighbours.

    Parameters
    ----------
    beyond
        Whether points of the bracket's shape are beyond the root.

    Raises
    ------
    SearchError
        If a search does not end.

    Examples
    --------
    >>> halve(lambda x: x**2 > 2, Bracket(np.zeros(1), np.full(1, 2.0)))
    array([1.41421356])
    """
    low, high = bracket
    for _ in range(_HALVINGS):
        middle = 0.5 * (low + high)
        going = (middle != low) & (middle != high) & ~(high - low <= close)
        if not np.any(going):
            return middle
        above = beyond(middle)
        low, high = np.where(above, low, middle), np.where(above, middle, high)
    require_ended(int(np.sum(going)), what, steps=_HALVINGS)
    return middle


def smallest(reached: Beyond, shape: tuple[int, ...], *, positive: bool = False) -> FloatArray:
    """Return the smallest doubles from which on something is reached; the largest where it is not.

    Doubles are halved in their own order, one bit of the answer a step, so that neither scale nor
    shape matters.

    Parameters
    ----------
    reached
        Whether points of the shape are there.
    positive
        Whether nothing lies below 0.

    Examples
    --------
    >>> smallest(lambda x: x >= 1e-300, (1,))
    array([1.e-300])
    """
    high = np.full(shape, _rank(_LARGEST))
    low = np.zeros_like(high) if positive else -high
    for _ in range(_BITS):
        middle = (low >> 1) + (high >> 1) + (low & high & 1)
        there = reached(_double(middle))
        low, high = np.where(there, low, middle + 1), np.where(there, middle, high)
        low = np.minimum(low, high)
    return _double(high)


def _rank(x: FloatArray) -> NDArray[np.int64]:
    """Return where non-negative doubles stand among the doubles."""
    return np.asarray(x, dtype=np.float64).view(np.int64)


def _double(rank: NDArray[np.int64]) -> FloatArray:
    return np.copysign(np.abs(rank).view(np.float64), rank)


def grown(reached: Beyond, start: FloatArray, factor: float) -> FloatArray:
    """Return points multiplied by a factor until all of them are beyond the root.

    Raises
    ------
    SearchError
        If they are not when numbers end.

    Examples
    --------
    >>> grown(lambda x: x > 5, np.ones(1), 2.0)
    array([8.])
    """
    point = start
    for _ in range(_STEPS):
        beyond = reached(point)
        if np.all(beyond):
            return point
        point = factor * point
    require_ended(int(np.sum(~beyond)), "points beyond a root", steps=_STEPS)
    return point


def solve(
    function: Function,
    bracket: Bracket,
    *,
    at: tuple[FloatArray, FloatArray] | None = None,
    close: float | None = None,
    what: str = "roots",
) -> FloatArray:
    """Return where functions that rise cross zero, without their slopes.

    An end of the bracket is returned where the function has the other sign there already.

    Parameters
    ----------
    function
        Of an array of the bracket's shape.
    at
        Its values at both ends, where they are known.
    close
        Width of a bracket that tells its root well enough; by default a billionth of the first.

    Raises
    ------
    SearchError
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
    at_low, at_high = (function(bracket.low), function(bracket.high)) if at is None else at
    ends = _Ends(bracket.low, bracket.high, bracket.high, at_low, at_high, at_high)
    outside = np.where(ends.at_new >= 0, ends.new, np.where(ends.at_old <= 0, ends.old, np.nan))
    whole = np.abs(bracket.high - bracket.low)
    size = np.maximum(np.abs(bracket.low), np.abs(bracket.high))
    asked = _TOLERANCE * whole if close is None else np.full_like(whole, close)
    least_step = np.maximum(asked, _ROUNDING * size)  # beyond it there are no numbers
    share = np.full_like(bracket.low, 0.5)
    going = np.isnan(outside)
    for attempt in range(_STEPS):
        if not going.any():
            break
        trial = ends.new + share * (ends.old - ends.new)
        ends = _moved(ends, trial, function(trial))
        width = np.abs(ends.old - ends.new)
        going = ~((width <= least_step) | (ends.at_new == 0) | np.isfinite(outside))
        least = np.minimum(least_step / np.maximum(2 * width, least_step), 0.5)
        halving = attempt >= _PATIENT and attempt % 2 == 0
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
