"""What axes of effects are called, and where no effect and what matters stand on them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from bayesmeta.plots.axes import name_axes, name_rows
from bayesmeta.plots.ink import BODY, DASHED, INK, TINY
from bayesmeta.plots.lettering import Letters
from bayesmeta.summaries import wording
from bayesmeta.summaries.own_scale import has_null
from bayesmeta.summaries.tails import distance
from bayesmeta.summaries.view import View

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from bayesmeta.arrays import IntArray

MANY = 40
"""From so many rows on, they stand close, in small letters."""
_ROW, _CLOSE = 0.23, 0.125
_NAME = 2.2


def effect_name(view: View) -> str:
    """Return the name of an axis of effects, with unit or scale."""
    title = f"{wording.measure_title(view)}{wording.AXES[view.kind]}"
    return wording.with_unit(title, wording.unit(view))


def name_both(axes: "Axes", x: str, y: str) -> None:
    """Write the axes' names."""
    name_axes(axes, x=x, y=y)


def null_line(axes: "Axes", view: View, which: Literal["x", "y"] = "x") -> None:
    """Draw the line of no effect, where the measure has such a value."""
    if not has_null(view.word("measure")):
        return
    draw = axes.axvline if which == "x" else axes.axhline
    draw(0.0, color=INK, linewidth=0.9, zorder=1.2, gid="null")


def differences(view: View, difference: float | None) -> tuple[float, ...]:
    """Return both sides of no effect from which on a difference matters; none without one."""
    away = None if difference is None else distance(view.word("measure"), difference)
    return () if away is None else (-away, away)


def difference_lines(axes: "Axes", places: Sequence[float]) -> None:
    """Draw where effects start to matter."""
    for place in places:
        axes.axvline(place, color=INK, linewidth=0.8, linestyle=DASHED, zorder=1.2,
                     gid="minimal important difference")  # fmt: skip


def row_letters(count: int) -> Letters:
    """Return the letters of so many rows."""
    return TINY if count >= MANY else BODY


def row_height(count: int) -> float:
    """Return the height of one of so many rows, in inches."""
    return _CLOSE if count >= MANY else _ROW


def room_for(names: Sequence[str]) -> float:
    """Return the room at the left that rows' names take, in inches."""
    letters = row_letters(len(names))
    return 0.35 + min(_NAME, max(letters.width(name) for name in names))


def write_rows(axes: "Axes", names: Sequence[str]) -> "IntArray":
    """Write the names of rows at the left, the longest cut, and return the rows' heights."""
    letters = row_letters(len(names))
    rows = name_rows(axes, [letters.clipped(name, _NAME) for name in names])
    for text in axes.get_yticklabels():
        text.set_fontproperties(letters.font)
    return rows
