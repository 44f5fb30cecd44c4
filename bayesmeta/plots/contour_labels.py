"""Labels of contours, each where it is neither clipped nor on a mark."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.plots.ink import INK, SMALL

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.contour import QuadContourSet

_MARGIN = np.array([0.09, 0.06])
"""Shares of the panel's width and height that a label keeps from its edges."""
_FROM_MARKS, _FROM_LABELS = 0.11, 0.13


def label_contours(
    axes: "Axes", lines: "QuadContourSet", marks: Sequence[tuple[float, float]]
) -> None:
    """Write the level of each contour on it, once, as near the panel's middle as there is room.

    Parameters
    ----------
    marks
        Points, in the axes' coordinates, that labels keep off. A level with no free place gets
        no label.
    """
    taken = [(place, _FROM_MARKS) for place in _shares(axes, np.array(marks).reshape(-1, 2))]
    for level, parts in zip(lines.levels, lines.allsegs, strict=True):
        points = np.concatenate([np.empty((0, 2)), *parts])
        if not points.size:
            continue
        place = _free(_shares(axes, points), taken)
        if place is None:
            continue
        taken.append((place, _FROM_LABELS))
        axes.annotate(
            f"{level:g}", (float(place[0]), float(place[1])), xycoords="axes fraction",
            fontproperties=SMALL.font, color=INK,
            ha="center", va="center", zorder=4, gid="level",
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.8},
        )  # fmt: skip


def _shares(axes: "Axes", points: FloatArray) -> FloatArray:
    """Return points as shares of the panel's width and height."""
    if not points.size:
        return points
    shares = axes.transAxes.inverted().transform(axes.transData.transform(points))
    return np.asarray(shares, dtype=float)


def _free(points: FloatArray, taken: Sequence[tuple[FloatArray, float]]) -> FloatArray | None:
    """Return the point nearest to the middle that is free; None where there is none."""
    room = ((points >= _MARGIN) & (points <= 1 - _MARGIN)).all(axis=1)
    for place, distance in taken:
        room &= np.hypot(*(points - place).T) >= distance
    inside = points[room]
    if not inside.size:
        return None
    found: FloatArray = inside[np.hypot(*(inside - 0.5).T).argmin()]
    return found
