"""Names beside points, where there is room for them."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from bayesmeta.arrays import FloatArray
from bayesmeta.plots.ink import INK, SMALL
from bayesmeta.plots.stage import size_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_WIDEST, _OFF, _MARK = 1.8, 0.06, 0.045
"""In inches: the widest name, its distance from the point, and half a point's mark."""


class Box(NamedTuple):
    """A rectangle in inches from a panel's lower left corner."""

    left: float
    bottom: float
    right: float
    top: float

    def meets(self, other: "Box") -> bool:
        """Return whether two rectangles share room."""
        return (self.left < other.right and other.left < self.right
                and self.bottom < other.top and other.bottom < self.top)  # fmt: skip

    def within(self, width: float, height: float) -> bool:
        """Return whether it lies inside a panel."""
        return self.left >= 0 and self.bottom >= 0 and self.right <= width and self.top <= height


def name_points(
    axes: "Axes", points: FloatArray, names: Sequence[str], *, order: Iterable[int],
    taken: Sequence[Box] = (), most: int = 40,
) -> list[str]:  # fmt: skip
    """Write names beside points, the most important first, and return those there was room for.

    Parameters
    ----------
    points
        Shape (point, 2), in data coordinates; limits of the axes are set already, and linear.
    order
        Places of the points, the most important first.
    taken
        Where something else is written.
    most
        More names than this are clutter.
    """
    width, height = size_of(axes)
    (x0, x1), (y0, y1) = axes.get_xlim(), axes.get_ylim()
    at = [((x - x0) / (x1 - x0) * width, (y - y0) / (y1 - y0) * height) for x, y in points]
    full = [*taken, *(Box(x - _MARK, y - _MARK, x + _MARK, y + _MARK) for x, y in at)]
    written: list[str] = []
    for number in list(order)[:most]:
        word = SMALL.clipped(names[number], _WIDEST)
        own = full[: len(taken) + number] + full[len(taken) + number + 1 :]
        box = _free(at[number], word, own, (width, height))
        if box is None:
            continue
        full.append(box)
        written.append(names[number])
        axes.annotate(
            word, tuple(points[number]), xytext=(72 * (box.left - at[number][0]),
                                                 72 * (box.bottom - at[number][1])),
            textcoords="offset points", fontproperties=SMALL.font, color=INK, ha="left",
            va="bottom", parse_math=False, zorder=6, gid="name", annotation_clip=False,
            bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.75, "pad": 0.2},
        )  # fmt: skip
    return written


def _free(
    at: tuple[float, float], word: str, full: Sequence[Box], panel: tuple[float, float]
) -> Box | None:
    """Return where a word finds room around a point: right, left, above, below."""
    (x, y), wide, high = at, SMALL.width(word) + 0.03, SMALL.line
    corners = ((x + _OFF, y - high / 2), (x - _OFF - wide, y - high / 2),
               (x - wide / 2, y + _OFF), (x - wide / 2, y - _OFF - high),
               (x + _OFF / 2, y + _OFF / 2), (x - wide - _OFF / 2, y + _OFF / 2))  # fmt: skip
    boxes = (Box(left, bottom, left + wide, bottom + high) for left, bottom in corners)
    free = (box for box in boxes
            if box.within(*panel) and not any(box.meets(other) for other in full))  # fmt: skip
    return next(free, None)
