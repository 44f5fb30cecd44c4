"""A figure measured in inches from its lower left corner, without pyplot's global state."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal, NamedTuple

from bayesmeta.plots.ink import MARGIN, SMALL, STRONG, TITLE
from bayesmeta.plots.lettering import Letters
from bayesmeta.plots.place import Sheet, extent, inches, part

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.text import Text

type Side = Literal["left", "center", "right"]

AXIS = 0.58
"""Height of the ticks and the name of an axis, with air, in inches."""
_AIR = 0.15


class Said(NamedTuple):
    """Texts of a figure's head, each on lines of its own."""

    texts: Sequence[str]
    letters: Letters = TITLE
    color: str = "black"


class Page(NamedTuple):
    """A figure with room for panels between its head and its notes, all in inches."""

    figure: Sheet
    left: float
    bottom: float
    width: float
    height: float
    foot: float

    def axes(self, left: float, bottom: float, width: float, height: float) -> "Axes":
        """Return axes at a place from the panels' corner, with lines below and at the left."""
        return panel(self.figure, self.left + left, self.bottom + bottom, width=width,
                     height=height, side=True)  # fmt: skip


def sheet(width: float, height: float, axes: "Axes | None" = None) -> Sheet:
    """Return an empty figure of a size in inches, or a part of another in the place of axes."""
    from matplotlib.figure import Figure

    if axes is not None:
        return part(axes, width, height)
    return Figure(figsize=(width, height), facecolor="white")


def page(
    size: tuple[float, float], *, head: Sequence[Said], notes: Sequence[str], left: float = 0.8,
    below: float = AXIS, axes: "Axes | None" = None,
) -> Page:  # fmt: skip
    """Return a figure with its head and notes written.

    Parameters
    ----------
    size
        Width of the figure and height of its panels, in inches.
    left, below
        Room for what is written at the left of the panels, and between them and the notes.
    axes
        In whose place the page is; without them it is a figure of its own.
    """
    width, height = size
    room = width - 2 * MARGIN
    said = [each._replace(texts=each.letters.paragraphs(each.texts, room)) for each in head]
    lines = SMALL.paragraphs(notes, room)
    foot = MARGIN + len(lines) * SMALL.line
    top = foot + below + height + _AIR + sum(len(each.texts) * each.letters.line for each in said)
    figure = sheet(width, top + MARGIN, axes)
    for texts, letters, color in said:
        top = write_down(figure, (MARGIN, top), texts, letters=letters, color=color)
    write_notes(figure, lines)
    return Page(figure, left, foot + below, width - left - MARGIN, height, foot)


def headed(title: str, shown: str) -> list[Said]:
    """Return a figure's head: the analysis' title, where there is one, before what is shown.

    Examples
    --------
    >>> headed("Length of stay", "mu without each study")[0].texts
    ['Length of stay: mu without each study']
    """
    return [Said([f"{title}: {shown}" if title else shown])]


def write(
    figure: Sheet, at: tuple[float, float], text: str, *, letters: Letters, side: Side = "left",
    color: str = "black",
) -> "Text":  # fmt: skip
    """Write one line with its middle at a height; ``$`` and ``_`` mean themselves."""
    return figure.text(
        *at, text, fontproperties=letters.font, ha=side, va="center", color=color,
        transform=inches(figure), parse_math=False,
    )  # fmt: skip


def write_down(
    figure: Sheet, corner: tuple[float, float], lines: Sequence[str], *, letters: Letters,
    side: Side = "left", color: str = "black",
) -> float:  # fmt: skip
    """Write lines from a height down, and return the height where they end."""
    left, top = corner
    for line in lines:
        write(figure, (left, top - letters.line / 2), line, letters=letters, side=side, color=color)
        top -= letters.line
    return top


def write_notes(figure: Sheet, lines: Sequence[str]) -> None:
    """Write lines at the foot of a figure."""
    write_down(figure, (MARGIN, MARGIN + len(lines) * SMALL.line), lines, letters=SMALL)


def write_heads(
    figure: Sheet, rights: Sequence[float], heads: Sequence[Sequence[str]], *, foot: float,
    end: float,
) -> None:  # fmt: skip
    """Write the heads of columns of text above a line, each to its right edge."""
    rule(figure, MARGIN, end, height=foot)
    for right, lines in zip(rights, heads, strict=True):
        corner = (right, foot + 0.06 + len(lines) * STRONG.line)
        write_down(figure, corner, lines, letters=STRONG, side="right")


def write_key(
    figure: Sheet, handles: Sequence["Artist"], words: Sequence[str], *, foot: float,
    columns: int | None = None,
) -> None:  # fmt: skip
    """Write what the marks mean, in one row or in columns, from a height on up."""
    across, up = extent(figure)
    figure.legend(
        handles, words, loc="lower left", bbox_to_anchor=(MARGIN / across, foot / up),
        ncols=columns or len(words), prop=SMALL.font, frameon=False, borderpad=0, borderaxespad=0,
        columnspacing=1.4, handletextpad=0.5,
    )  # fmt: skip


def rule(figure: Sheet, start: float, end: float, *, height: float, width: float = 0.8) -> None:
    """Draw a horizontal line from start to end at a height."""
    from matplotlib.lines import Line2D

    figure.add_artist(
        Line2D([start, end], [height, height], color="black", linewidth=width,
               transform=inches(figure))
    )  # fmt: skip


def panel(
    figure: Sheet, left: float, bottom: float, *, width: float, height: float,
    side: bool = False,
) -> "Axes":  # fmt: skip
    """Return axes at a place in inches, with a line and ticks below, or at the left too."""
    across, up = extent(figure)
    axes = figure.add_axes((left / across, bottom / up, width / across, height / up))
    axes.spines[["right", "top", *([] if side else ["left"])]].set_visible(False)
    axes.tick_params(labelsize=SMALL.size, length=3)
    axes.set_facecolor("none")
    axes.yaxis.set_visible(side)  # one without ticks is looked through for them all the same
    return axes
