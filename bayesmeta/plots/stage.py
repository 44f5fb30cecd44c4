"""One panel for a figure: on a page of its own with head, key and notes, or axes handed in."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from bayesmeta.errors import PosteriorError
from bayesmeta.plots.column import across
from bayesmeta.plots.ink import MARGIN, SMALL
from bayesmeta.plots.paper import AXIS, Said, page, write_key
from bayesmeta.plots.place import extent, whole

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_HANDLE, _BETWEEN, _LINE = 0.3, 0.16, 0.17
"""What a key's entry takes beside its words, and its height, in inches."""


class Key(NamedTuple):
    """What the marks of a figure mean."""

    marks: Sequence["Artist"]
    words: Sequence[str]


class Panel(NamedTuple):
    """The size of a panel with what stands around it.

    Parameters
    ----------
    width, height
        Of the figure, where no width is asked for, and of the panel, in inches.
    left, right
        Room for what stands at the panel's sides.
    below
        Room for ticks and the axis' name.
    least
        Below this width the figure is laid out no narrower.
    """

    width: float = 5.6
    height: float = 3.4
    left: float = 0.8
    right: float = 0.0
    below: float = AXIS
    least: float = 2.9


NO_KEY = Key((), ())


def stage(
    axes: "Axes | None", panel: Panel, *, head: Sequence[Said], notes: Sequence[str] = (),
    key: Key = NO_KEY,
) -> "Axes":  # fmt: skip
    """Return axes to draw in: those handed in, or a panel on a page of its own.

    Axes handed in get the key, where one is, inside where it hides least; head and notes are
    whoever's page it is.
    """
    if axes is not None:
        if not hasattr(axes, "get_figure"):
            raise PosteriorError(
                f"axes is {axes!r}; give Matplotlib axes, as plt.subplots() makes them."
            )
        if key.marks:
            axes.legend(key.marks, key.words, prop=SMALL.font, frameon=False, loc="best")
        axes.spines[["right", "top"]].set_visible(False)
        return axes
    width = across(panel.width, panel.least)
    columns = columns_of(key.words, width - 2 * MARGIN)
    rows = -(-len(key.words) // columns) if key.words else 0
    room = rows * _LINE + 0.1 if rows else 0.0
    sheet = page((width, panel.height), head=head, notes=notes, left=panel.left,
                 below=panel.below + room)  # fmt: skip
    if rows:
        write_key(sheet.figure, key.marks, key.words, foot=sheet.foot + 0.05, columns=columns)
    return sheet.axes(0.0, 0.0, sheet.width - panel.right, panel.height)


def columns_of(words: Sequence[str], room: float) -> int:
    """Return how many entries of a key stand beside each other.

    Examples
    --------
    >>> columns_of(["a", "b", "c", "a much longer entry of a key"], room=3.6)
    4
    """
    for columns in range(len(words), 1, -1):
        # Entries go down a column before they go on to the next, the first ones the longer.
        parts = np.array_split([SMALL.width(word) for word in words], columns)
        if sum(float(part.max()) + _HANDLE + _BETWEEN for part in parts) <= room:
            return columns
    return 1


def size_of(axes: "Axes") -> tuple[float, float]:
    """Return width and height of a panel, in inches."""
    return extent(axes)


def figure_of(axes: "Axes") -> "Figure":
    """Return the figure that axes are of."""
    return whole(axes.get_figure(root=True))
