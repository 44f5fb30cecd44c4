"""A figure measured in inches from its lower left corner, without pyplot's global state."""

from typing import TYPE_CHECKING, Literal

from bayesmeta.plots.lettering import Letters

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

type Side = Literal["left", "center", "right"]


def sheet(width: float, height: float) -> "Figure":
    """Return an empty figure of a size in inches."""
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height), facecolor="white")


def write(
    figure: "Figure", at: tuple[float, float], text: str, *, letters: Letters, side: Side = "left",
    color: str = "black",
) -> None:  # fmt: skip
    """Write one line with its middle at a height; ``$`` and ``_`` mean themselves."""
    figure.text(
        *at, text, fontproperties=letters.font, ha=side, va="center", color=color,
        transform=figure.dpi_scale_trans, parse_math=False,
    )  # fmt: skip


def rule(figure: "Figure", start: float, end: float, *, height: float, width: float = 0.8) -> None:
    """Draw a horizontal line from start to end at a height."""
    from matplotlib.lines import Line2D

    figure.add_artist(
        Line2D([start, end], [height, height], color="black", linewidth=width,
               transform=figure.dpi_scale_trans)
    )  # fmt: skip


def panel(figure: "Figure", left: float, bottom: float, *, width: float, height: float) -> "Axes":
    """Return axes at a place in inches, with a line and ticks below alone."""
    across, up = figure.get_size_inches()
    axes = figure.add_axes((left / across, bottom / up, width / across, height / up))
    axes.spines[["left", "right", "top"]].set_visible(False)
    axes.set_yticks([])
    axes.set_facecolor("none")
    return axes
