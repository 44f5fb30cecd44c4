"""Axes with a line below and a line at the left, lettered like the rest of the figure."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from bayesmeta.plots.lettering import Letters
from bayesmeta.plots.paper import sheet, write
from bayesmeta.plots.scale import Range, ratio_ticks

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

TITLE, BODY, SMALL = Letters(11, bold=True), Letters(9), Letters(7.5)
INK, BLUE, SHADE = "#1a1a1a", "#0a5c96", "#e9e9e9"
MARGIN = 0.25
_TICK, _LABEL = 0.22, 0.26


class Page(NamedTuple):
    """A figure with room for panels between its heading and its notes, all in inches."""

    figure: "Figure"
    left: float
    bottom: float
    width: float
    height: float


def headed(title: str, shown: str) -> str:
    """Return a figure's heading: the analysis' title, where there is one, before what is shown.

    Examples
    --------
    >>> headed("Length of stay", "mu without each study")
    'Length of stay: mu without each study'
    """
    return f"{title}: {shown}" if title else shown


def page(
    size: tuple[float, float], *, title: str, notes: Sequence[str], left: float = 0.85
) -> Page:
    """Return a figure with its heading and notes written.

    Parameters
    ----------
    size
        Width of the figure and height of its panels, in inches.
    left
        Room for the labels at the left.
    """
    width, height = size
    room = width - 2 * MARGIN
    head = TITLE.wrapped(title, room)
    foot = [line for note in notes for line in SMALL.wrapped(note, room)]
    bottom = MARGIN + len(foot) * SMALL.line + 0.1 + _LABEL + _TICK
    top = 0.15 + len(head) * TITLE.line + MARGIN
    figure = sheet(width, bottom + height + top)
    for number, line in enumerate(head):
        at = bottom + height + top - MARGIN - (number + 0.5) * TITLE.line
        write(figure, (MARGIN, at), line, letters=TITLE)
    for number, line in enumerate(reversed(foot)):
        write(figure, (MARGIN, MARGIN + (number + 0.5) * SMALL.line), line, letters=SMALL)
    return Page(figure, left, bottom, width - left - MARGIN, height)


def framed(sheet_: Page, at: tuple[float, float, float, float]) -> "Axes":
    """Return axes at left, bottom, width, height in inches, from the page's panels' corner."""
    across, up = sheet_.figure.get_size_inches()
    left, bottom, width, height = at
    axes = sheet_.figure.add_axes(
        ((sheet_.left + left) / across, (sheet_.bottom + bottom) / up, width / across, height / up)
    )
    axes.spines[["right", "top"]].set_visible(False)
    axes.tick_params(labelsize=BODY.size, length=3)
    axes.set_facecolor("none")
    return axes


def label(axes: "Axes", *, x: str = "", y: str = "") -> None:
    """Write the axes' names."""
    axes.set_xlabel(x, fontproperties=BODY.font, parse_math=False)
    axes.set_ylabel(y, fontproperties=BODY.font, parse_math=False)


def log_axis(axes: "Axes", which: str, ends: tuple[float, float]) -> None:
    """Make an axis logarithmic, with few round ticks."""
    set_scale, axis = (
        (axes.set_xscale, axes.xaxis) if which == "x" else (axes.set_yscale, axes.yaxis)
    )
    set_scale("log")
    (axes.set_xlim if which == "x" else axes.set_ylim)(ends)
    ticks = ratio_ticks(Range(float(np.log(ends[0])), float(np.log(ends[1]))))
    axis.set_ticks(np.exp(ticks.positions), ticks.labels, fontproperties=BODY.font)
    axis.set_ticks([], minor=True)
