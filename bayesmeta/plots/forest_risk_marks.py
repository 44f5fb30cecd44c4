"""The marks of risk of bias: discs, each with its sign."""

from typing import TYPE_CHECKING

from bayesmeta.plots.forest_risk import LEVELS
from bayesmeta.plots.ink import INK, SMALL, TINY_STRONG
from bayesmeta.plots.paper import write
from bayesmeta.plots.place import Sheet, inches

if TYPE_CHECKING:
    from matplotlib.lines import Line2D


def disc(figure: Sheet, at: tuple[float, float], sign: str, *, compact: bool) -> None:
    """Draw a judgement at a place in inches."""
    from matplotlib.patches import Circle

    shown = LEVELS[sign]
    figure.add_artist(
        Circle(at, 0.06 if compact else 0.08, facecolor=shown.fill, edgecolor=INK, linewidth=0.5,
               transform=inches(figure), gid=f"risk {sign}")
    )  # fmt: skip
    write(
        figure,
        at,
        shown.sign,
        letters=TINY_STRONG if compact else SMALL,
        side="center",
        color=shown.letter,
    )


def handle(sign: str) -> "tuple[Line2D, Line2D]":
    """Return the key's handle of a judgement: the disc, and the sign on it."""
    from matplotlib.lines import Line2D

    shown = LEVELS[sign]
    return (
        Line2D([], [], color=INK, marker="o", markersize=9, linestyle="none", markeredgewidth=0.5,
               markerfacecolor=shown.fill),
        Line2D([], [], color=shown.letter, marker=f"${sign}$", markersize=4.5, linestyle="none",
               markeredgewidth=0.3),
    )  # fmt: skip
