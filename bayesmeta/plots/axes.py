"""What stands on axes, said alike in every figure: names, ticks, rows, intervals."""

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Literal

import numpy as np

from bayesmeta.arrays import FloatArray, IntArray
from bayesmeta.plots.ink import BODY, INK, MARGIN, SMALL
from bayesmeta.plots.place import extent
from bayesmeta.plots.scale import (
    Range,
    Ticks,
    correlation_ticks,
    linear_ticks,
    proportion_ticks,
    ratio_ticks,
)
from bayesmeta.summaries.precision import Kind

if TYPE_CHECKING:
    from matplotlib.axes import Axes

type Which = Literal["x", "y"]

_AIR = 0.2
"""What a tick, and the spaces beside its label, take at a panel's side, in inches."""


def name_axes(axes: "Axes", *, x: str = "", y: str = "") -> None:
    """Write the axes' names, on as many lines as their sides allow; ``$`` means itself."""
    wide, high = extent(axes)
    axes.set_xlabel(_fitted(x, wide), fontproperties=BODY.font, parse_math=False)
    axes.set_ylabel(_fitted(y, high), fontproperties=BODY.font, parse_math=False)


def _fitted(name: str, room: float) -> str:
    return "\n".join(line for part in name.split("\n") for line in BODY.wrapped(part, room))


def room_at_left(ticks: Ticks, lines: int) -> float:
    """Return the room that a vertical axis takes with its ticks and name, in inches.

    Parameters
    ----------
    lines
        Of the axis' name.

    Examples
    --------
    >>> wide = room_at_left(Ticks((0.0,), ("−0.000002",)), 1)
    >>> wide > room_at_left(Ticks((0.0,), ("2",)), 1) + 0.3
    True
    """  # noqa: RUF002
    labels = max((SMALL.width(label) for label in ticks.labels), default=0.0)
    return MARGIN + lines * BODY.line + labels + _AIR


def name_below(axes: "Axes", text: str, *, share: float) -> None:
    """Write the name of the axis below, at a share of the panel's height under it."""
    axes.set_xlabel(text, fontproperties=BODY.font, parse_math=False, va="top")
    axes.xaxis.set_label_coords(0.5, -share)


def show_range(axes: "Axes", span: Range, *, kind: Kind = Kind.NUMBER, which: Which = "x") -> None:
    """Set the range and round ticks of an axis.

    Log ratios (``ratio``, or by their kind) are labelled as ratios, Fisher's z as correlations.
    """
    (axes.set_xlim if which == "x" else axes.set_ylim)(span)
    set_ticks(axes, ticks_of(kind)(span), which=which)


def ticks_of(kind: Kind) -> Callable[[Range], Ticks]:
    """Return what makes the ticks of a range of effects of a kind."""
    known = {Kind.RATIO: ratio_ticks, Kind.RATE: ratio_ticks, Kind.CORRELATION: correlation_ticks,
             Kind.PROPORTION: proportion_ticks}  # fmt: skip
    return known.get(kind, linear_ticks)


def set_ticks(axes: "Axes", ticks: Ticks, *, which: Which = "x") -> None:
    """Set the ticks of an axis and their labels."""
    axis = axes.xaxis if which == "x" else axes.yaxis
    axis.set_ticks(ticks.positions, ticks.labels, fontproperties=SMALL.font)


def scale_at_right(axes: "Axes", ticks: Ticks, lines: Sequence[str], *, factor: float) -> None:
    """Draw a second scale at the right, whose numbers times a factor are those at the left."""
    scale = axes.secondary_yaxis(
        "right", functions=(lambda y: np.divide(y, factor), lambda y: np.multiply(y, factor))
    )
    scale.yaxis.set_ticks(ticks.positions, ticks.labels, fontproperties=SMALL.font)
    scale.tick_params(length=3, labelsize=SMALL.size)
    scale.set_ylabel("\n".join(lines), fontproperties=BODY.font, parse_math=False)


def log_axis(axes: "Axes", which: Which, ends: tuple[float, float]) -> None:
    """Make an axis logarithmic, with few round ticks."""
    (axes.set_xscale if which == "x" else axes.set_yscale)("log")
    (axes.set_xlim if which == "x" else axes.set_ylim)(ends)
    ticks = ratio_ticks(Range(float(np.log(ends[0])), float(np.log(ends[1]))))
    set_ticks(axes, Ticks(tuple(np.exp(ticks.positions)), ticks.labels), which=which)
    (axes.xaxis if which == "x" else axes.yaxis).set_ticks([], minor=True)


def name_rows(axes: "Axes", names: Sequence[str]) -> IntArray:
    """Write the names of rows at the left, the first at the top; return the rows' heights."""
    rows = np.arange(len(names))[::-1]
    axes.yaxis.set_visible(True)
    axes.set_yticks(rows, names, fontproperties=BODY.font)
    for text in axes.get_yticklabels():
        text.set_parse_math(False)
    axes.set_ylim(-0.6, len(names) - 0.4)
    axes.tick_params(axis="y", length=0)
    return rows


def inside(values: Iterable[float], span: Range) -> list[float]:
    """Return values cut to a range, so that lines end at the frame."""
    return [float(value) for value in np.clip(np.asarray(list(values), float), *span)]


def draw_interval(
    axes: "Axes", ends: tuple[float, float], height: float, span: Range, *, width: float,
    color: str = INK,
) -> None:  # fmt: skip
    """Draw an interval as a line; an end outside the axis is an arrow at its edge."""
    from matplotlib.lines import Line2D

    # An axis' own plot() looks for limits each time; the range is set.
    axes.add_line(Line2D(inside(ends, span), [height] * 2, color=color, linewidth=width, zorder=3,
                         solid_capstyle="butt", gid="interval"))  # fmt: skip
    draw_arrows(axes, ends, height, span, color=color)


def draw_arrows(
    axes: "Axes", ends: tuple[float, float], height: float, span: Range, *, color: str = INK
) -> None:
    """Mark the ends that lie outside the axis."""
    for beyond, edge, marker in (
        (ends[0] < span.low, span.low, "<"), (ends[1] > span.high, span.high, ">"),
    ):  # fmt: skip
        if beyond:
            axes.plot(edge, height, marker, markersize=4.5, color=color, clip_on=False, zorder=6,
                      gid="beyond the axis")  # fmt: skip


def key_side(x: FloatArray, y: FloatArray) -> Literal["upper right", "upper left"]:
    """Return the corner away from the peak of a curve."""
    return "upper right" if x[int(np.argmax(y))] < (x[0] + x[-1]) / 2 + 1e-9 else "upper left"
