"""Marks of a key, as they are drawn in the panel."""

from typing import TYPE_CHECKING, Literal

from bayesmeta.plots.ink import BLUE, INK

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

type Dashes = Literal["-", "--", ":"] | tuple[int, tuple[float, ...]]


def line(color: str, *, width: float = 1.6, style: Dashes = "-") -> "Line2D":
    """Return a line."""
    from matplotlib.lines import Line2D

    return Line2D([], [], color=color, linewidth=width, linestyle=style, solid_capstyle="butt")


def area(color: str, *, edge: str = "none", hatch: str = "") -> "Patch":
    """Return an area."""
    from matplotlib.patches import Patch

    return Patch(facecolor=color, edgecolor=edge, linewidth=0.8, hatch=hatch)


def mark(marker: str, face: str, *, edge: str = INK, size: float = 5.0) -> "Line2D":
    """Return a mark without a line."""
    from matplotlib.lines import Line2D

    return Line2D([], [], linestyle="none", marker=marker, markersize=size, markerfacecolor=face,
                  markeredgecolor=edge, markeredgewidth=0.9)  # fmt: skip


def interval() -> "Line2D":
    """Return an interval as a bar, with a mark at the median."""
    from matplotlib.lines import Line2D

    return Line2D([], [], color=BLUE, linewidth=4, solid_capstyle="butt", marker="o",
                  markersize=6, markerfacecolor="white", markeredgecolor=BLUE,
                  markeredgewidth=1.4)  # fmt: skip


def draw_bar(axes: "Axes", ends: tuple[float, float], median: float, height: float) -> None:
    """Draw an interval as a bar, with a mark at the median; it may stand on the panel's edge."""
    axes.plot(ends, [height] * 2, color=BLUE, linewidth=4, solid_capstyle="butt", clip_on=False,
              zorder=5, gid="interval")  # fmt: skip
    axes.plot(median, height, "o", markersize=6, markerfacecolor="white", markeredgecolor=BLUE,
              markeredgewidth=1.4, clip_on=False, zorder=6, gid="median")  # fmt: skip
