"""The search for tipping points: all criteria on all priors at once."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.refits.batch import Priors
from bayesmeta.roots import Bracket, solve
from bayesmeta.sensitivity.scale_axes import REACH, ScaleAxis
from bayesmeta.sensitivity.tipping_words import Tip

type Margins = Callable[[Sequence[Priors]], FloatArray]
"""How far each criterion is from tipping, positive where it holds: shape (prior, criterion)."""

SCAN = 61
"""Scales of an axis that are looked at, where posteriors are integrated together."""
_CLOSE = 1e-11
"""Of a scale's log: how closely a tipping point is bracketed."""


class _Search(NamedTuple):
    """A crossing to be found, between two scales of one axis: nan where there is none."""

    axis: ScaleAxis
    criterion: int
    scale: tuple[float, float]
    margin: tuple[float, float]


def tips(
    own: Priors, axes: Sequence[ScaleAxis], margins: Margins, *, scan: int = SCAN
) -> list[list[tuple[Tip, Tip]]]:
    """Return the nearest tipping scales below and above the own one, by axis and criterion."""
    grids = [axis.base * np.geomspace(1 / REACH, REACH, scan) for axis in axes]
    priors = [_under(own, axis, scale) for axis, grid in zip(axes, grids, strict=True)
              for scale in grid]  # fmt: skip
    now, *scanned = margins([own, *priors])
    values = np.array(scanned).reshape(len(axes), scan, -1)
    searches = [
        search
        for axis, grid, each in zip(axes, grids, values, strict=True)
        for criterion, value in enumerate(each.T)
        for search in _sides(axis, criterion, grid, value, now=float(now[criterion]))
    ]
    solved = zip(searches, _solved(own, searches, margins), strict=True)
    found = [Tip(scale, bool(now[one.criterion] >= 0), error) for one, (scale, error) in solved]
    pairs = list(zip(found[::2], found[1::2], strict=True))
    return [pairs[start : start + now.size] for start in range(0, len(pairs), now.size)]


def _under(own: Priors, axis: ScaleAxis, scale: float) -> Priors:
    return {**own, axis.parameter: axis.member(scale)}


def _sides(
    axis: ScaleAxis, criterion: int, grid: FloatArray, value: FloatArray, *, now: float
) -> tuple[_Search, _Search]:
    """Return where the sign changes first, walking down and up from the own scale."""
    below, above = np.flatnonzero(grid < axis.own)[::-1], np.flatnonzero(grid > axis.own)
    # A prior of another family has no place on the axis: the search starts from the widest.
    here = 1 if np.isfinite(axis.own) else 0
    sides = []
    for places in (below, above):
        scales = np.concatenate([[axis.own][:here], grid[places]])
        values = np.concatenate([[now][:here], value[places]])
        changed = np.flatnonzero(np.sign(values[1:]) != np.sign(values[:1]))
        first = int(changed[0]) if changed.size else None
        ends = ((np.nan, np.nan),) * 2 if first is None else tuple(
            (float(array[first]), float(array[first + 1])) for array in (scales, values)
        )  # fmt: skip
        sides.append(_Search(axis, criterion, *ends))
    return sides[0], sides[1]


def _solved(
    own: Priors, searches: Sequence[_Search], margins: Margins
) -> list[tuple[float, float]]:
    """Return the scales where the margins cross zero with errors, all searched for at once."""
    real = [search for search in searches if np.isfinite(search.scale[0])]
    if not real:
        return [(np.nan, np.nan)] * len(searches)
    low, high = np.log([search.scale for search in real]).T
    at_low, at_high = np.array([search.margin for search in real]).T
    turned, column = np.where(at_low > 0, -1.0, 1.0), [search.criterion for search in real]

    def rising(log_scale: FloatArray) -> FloatArray:
        priors = [_under(own, search.axis, scale)
                  for search, scale in zip(real, np.exp(log_scale), strict=True)]  # fmt: skip
        return turned * margins(priors)[np.arange(len(real)), column]

    at = (turned * at_low, turned * at_high)
    found = np.exp(solve(rising, Bracket(low, high), at=at, close=_CLOSE, what="tipping points"))
    each = iter(zip(found.tolist(), (_CLOSE * found).tolist(), strict=True))
    return [next(each) if np.isfinite(one.scale[0]) else (np.nan, np.nan) for one in searches]
