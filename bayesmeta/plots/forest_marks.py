"""The marks of a forest plot: squares, circles, diamond, bar, lines."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from bayesmeta.plots.axes import draw_arrows, draw_interval, inside
from bayesmeta.plots.forest_curves import Curve
from bayesmeta.plots.forest_layout import PLOT_WIDTH, Row
from bayesmeta.plots.forest_risk_marks import handle
from bayesmeta.plots.ink import BLUE, DOTTED, EDGE, INK, PALE, SHADE
from bayesmeta.plots.scale import Range
from bayesmeta.summaries.precision import LEVELS, Kind

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.lines import Line2D

_LARGEST, _SMALLEST = 8.5, 2.5  # sides of the squares, in points


class Span(NamedTuple):
    """A point with both ends of its interval, on the axis."""

    point: float
    lower: float
    upper: float


def square(
    axes: "Axes", row: Row, span: Span, *, share: float, limits: Range, across: float = PLOT_WIDTH
) -> None:
    """Draw an observed estimate: a filled square, its area by weight; share is of the largest.

    The axis is so many inches long across the page.
    """
    height = row.observed
    draw_interval(axes, span[1:], height, limits, width=1.1 * row.size)
    side = max(_SMALLEST, _LARGEST * float(np.sqrt(share))) if np.isfinite(share) else _LARGEST / 2
    side *= row.size
    _put(axes, span.point, height, marker="s", markersize=side, color=INK, zorder=4,
         gid="observed")  # fmt: skip
    points = 72 * across * (span.upper - span.lower) / (limits.high - limits.low)
    if points < side:
        _show_hidden(axes, span, height, limits)


def _put(axes: "Axes", x: float, y: float, **style: Any) -> None:  # noqa: ANN401  (matplotlib's)
    """Put one mark; an axis' own plot() looks for limits each time."""
    from matplotlib.lines import Line2D

    axes.add_line(Line2D([x], [y], linestyle="none", **style))


def _show_hidden(axes: "Axes", span: Span, height: float, limits: Range) -> None:
    """Draw the interval in white over a square that is wider."""
    axes.plot(inside(span[1:], limits), [height] * 2, color="white", linewidth=0.8, zorder=4.5,
              solid_capstyle="butt", gid="interval in its square")  # fmt: skip


def circle(axes: "Axes", row: Row, span: Span, *, limits: Range) -> None:
    """Draw a study's effect in the posterior: an open circle beneath the square."""
    height = row.effect
    draw_interval(axes, span[1:], height, limits, width=0.8 * row.size, color=BLUE)
    _put(
        axes, span.point, height, marker="o", markersize=4 * row.size, markerfacecolor="white",
        markeredgecolor=BLUE, markeredgewidth=row.size, zorder=5, gid="study effect",
    )  # fmt: skip


def diamond(axes: "Axes", row: Row, span: Span, *, limits: Range) -> None:
    """Draw the pooled effect: a diamond from end to end of its interval."""
    from matplotlib.patches import Polygon

    half = 0.085 * row.size
    lower, upper = inside(span[1:], limits)
    corners = [(lower, row.effect), (span.point, row.effect + half), (upper, row.effect),
               (span.point, row.effect - half)]  # fmt: skip
    axes.add_patch(
        Polygon(corners, closed=True, facecolor=INK, edgecolor=INK, zorder=4, gid="pooled")
    )
    draw_arrows(axes, span[1:], row.effect, limits)


def open_diamond(axes: "Axes", row: Row, span: Span, *, limits: Range) -> None:
    """Draw the effect that the rows of a group share: an open diamond in its interval."""
    draw_interval(axes, span[1:], row.effect, limits, width=0.8, color=BLUE)
    axes.plot(
        span.point, row.effect, "D", markersize=4.5, markerfacecolor="white",
        markeredgecolor=BLUE, markeredgewidth=1, zorder=5, gid="group effect",
    )  # fmt: skip


def bar(axes: "Axes", row: Row, span: Span, *, limits: Range) -> None:
    """Draw the effect in a new study: an open bar over its interval, a tick at its median."""
    from matplotlib.patches import Rectangle

    half = 0.045 * row.size
    lower, upper = inside(span[1:], limits)
    axes.add_patch(
        Rectangle((lower, row.effect - half), upper - lower, 2 * half, facecolor="white",
                  edgecolor=INK, linewidth=1, zorder=4, gid="new study")
    )  # fmt: skip
    axes.plot(
        [span.point] * 2, [row.effect - half, row.effect + half], color=INK, linewidth=1.4, zorder=5
    )
    draw_arrows(axes, span[1:], row.effect, limits)


def subtotal(axes: "Axes", row: Row, span: Span, new: tuple[float, float], limits: Range) -> None:
    """Draw the mean of a subgroup: a diamond in front of the bar of a new study of it."""
    from matplotlib.patches import Polygon, Rectangle

    half, low = 0.085 * row.size, 0.03 * row.size
    left, right = inside(new, limits)
    axes.add_patch(
        Rectangle((left, row.effect - low), right - left, 2 * low, facecolor=SHADE,
                  edgecolor=EDGE, linewidth=0.6, zorder=3.5, gid="new study of a subgroup")
    )  # fmt: skip
    lower, upper = inside(span[1:], limits)
    corners = [(lower, row.effect), (span.point, row.effect + half), (upper, row.effect),
               (span.point, row.effect - half)]  # fmt: skip
    axes.add_patch(
        Polygon(corners, closed=True, facecolor=BLUE, edgecolor=BLUE, zorder=4, gid="subtotal")
    )
    draw_arrows(axes, new, row.effect, limits, color=EDGE)
    draw_arrows(axes, span[1:], row.effect, limits, color=BLUE)


def classical(axes: "Axes", row: Row, span: Span, *, limits: Range) -> None:
    """Draw a classical estimate: an open diamond from end to end of its interval."""
    from matplotlib.patches import Polygon

    if not np.isfinite(span.lower):
        axes.plot(span.point, row.effect, "D", markersize=4.5, markerfacecolor="white",
                  markeredgecolor=INK, zorder=4, gid="classical")  # fmt: skip
        return
    half, ends = 0.075 * row.size, span[1:]
    lower, upper = inside(ends, limits)
    corners = [(lower, row.effect), (span.point, row.effect + half), (upper, row.effect),
               (span.point, row.effect - half)]  # fmt: skip
    axes.add_patch(
        Polygon(corners, closed=True, facecolor="white", edgecolor=INK, linewidth=0.9, zorder=4,
                gid="classical")
    )  # fmt: skip
    draw_arrows(axes, ends, row.effect, limits)


def eye(axes: "Axes", row: Row, curve: Curve, *, limits: Range, height: float) -> None:
    """Draw a density standing on the row's interval."""
    kept = (curve.x >= limits.low) & (curve.x <= limits.high)
    x, top = curve.x[kept], row.effect + height * curve.height[kept]
    axes.fill_between(x, row.effect, top, color=PALE, linewidth=0, zorder=1.5, gid="density")
    axes.plot(x, top, color=BLUE, linewidth=0.6, zorder=1.6, gid="density edge")


def drop(axes: "Axes", row: Row, curve: Curve, *, limits: Range, half: float) -> None:
    """Draw a likelihood as a raindrop around the line of what was observed."""
    kept = (curve.x >= limits.low) & (curve.x <= limits.high)
    x, up = curve.x[kept], half * curve.height[kept]
    axes.fill_between(x, row.observed - up, row.observed + up, facecolor=SHADE, edgecolor=EDGE,
                      linewidth=0.5, zorder=1.5, gid="raindrop")  # fmt: skip


def null_of(kind: Kind) -> float | None:
    """Return where no effect stands, for what axes are labelled in; None where nothing is none."""
    return None if kind in LEVELS else 0.0


def reference_lines(axes: "Axes", *, null: float | None, pooled: float, top: float) -> None:
    """Draw the line of no effect, where there is one, and a dotted one of the pooled effect."""
    if null is not None:
        axes.plot([null, null], [0, top], color=INK, linewidth=0.9, zorder=1, gid="null")
    axes.plot([pooled, pooled], [0, top], color=INK, linewidth=0.8, linestyle=DOTTED, zorder=1,
              gid="pooled line")  # fmt: skip


def trivial_zone(axes: "Axes", half: float, limits: Range) -> None:
    """Shade the effects smaller than the minimal important difference."""
    axes.axvspan(max(-half, limits.low), min(half, limits.high), color=SHADE, zorder=0, linewidth=0,
                 gid="smaller than important")  # fmt: skip


def key(words: Mapping[str, str]) -> "tuple[list[Any], list[str]]":
    """Return handles and words of the key, by the names of the marks."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    handles: dict[str, Line2D | Patch] = {
        "observed": Line2D([], [], color=INK, marker="s", markersize=6, linewidth=1.1),
        "effect": _open("o", 4.0),
        "group": _open("D", 4.5),
        "pooled": Line2D([], [], color=INK, marker="D", markersize=5, linestyle="none"),
        "new": Patch(facecolor="white", edgecolor=INK),
        "subtotal": Line2D([], [], color=BLUE, marker="D", markersize=5, linestyle="none"),
        "classical": Line2D([], [], color=INK, marker="D", markersize=5, linestyle="none",
                            markerfacecolor="white"),
        "eye": Patch(facecolor=PALE, edgecolor=BLUE, linewidth=0.6),
        "drop": Patch(facecolor=SHADE, edgecolor=EDGE, linewidth=0.5),
    }  # fmt: skip
    return [handles.get(mark) or handle(mark) for mark in words], list(words.values())


def _open(marker: str, size: float) -> "Line2D":
    """Return the handle of an open blue mark."""
    from matplotlib.lines import Line2D

    return Line2D(
        [], [], color=BLUE, marker=marker, markersize=size, markerfacecolor="white", linewidth=0.8
    )
