"""Leave-one-out as a figure: the estimate without each study, and how well the rest predict it."""

from collections.abc import Hashable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from bayesmeta.plots.answers import require_answer
from bayesmeta.plots.axes import name_axes, name_rows, set_ticks, show_range
from bayesmeta.plots.cells import Cell, placed, slots_of, width_of
from bayesmeta.plots.effect_axes import MANY
from bayesmeta.plots.ink import (
    BLUE,
    BODY,
    DOTTED,
    FAINT,
    INK,
    MARGIN,
    STRONG,
    TINY,
    TINY_STRONG,
)
from bayesmeta.plots.lettering import Letters
from bayesmeta.plots.paper import Page, Said, headed, page, write, write_down
from bayesmeta.plots.place import whole
from bayesmeta.plots.scale import Ticks, effect_range, linear_ticks
from bayesmeta.sensitivity.asked_words import asked_name, asked_title, kind_of_question
from bayesmeta.summaries import digits
from bayesmeta.summaries.precision import Precision

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_LEFT_PANEL, _RIGHT_PANEL, _GAP = 3.2, 1.6, 0.35
_TAIL = 0.025
_ALL = "all data"
_NUMBERS = ("estimate", "lower", "upper")


class _Style(NamedTuple):
    """How rows look: very many stand close, in small letters, their names cut."""

    row: float
    letters: Letters
    strong: Letters
    mark: float
    widest: float


_USUAL = _Style(0.27, BODY, STRONG, 5.0, np.inf)
_CLOSE = _Style(0.13, TINY, TINY_STRONG, 2.6, 2.6)


def plot_leave_one_out(
    table: "pd.DataFrame", *, title: str = "", axes: "Axes | None" = None
) -> "Figure":
    """Return the estimate without each study beside that study's predictive density.

    Left: median and interval without the study, as marks and in numbers, and below with all data,
    a diamond; the dotted line is the estimate with all. Right:
    its log predictive density; a filled mark where its estimate lies in a 5 % tail of what the
    others predict.

    Parameters
    ----------
    table
        From `bayesmeta.sensitivity.leave_one_out`.
    title
        Put before what is shown.
    axes
        In whose place the whole figure stands, at the size it needs; without them it is a page
        of its own.

    Raises
    ------
    AnalysisError
        If this is no answer of `bayesmeta.leave_one_out`.
    OutputError
        If the axes are smaller than the figure.

    Examples
    --------
    >>> import bayesmeta as bm
    >>> table = bm.read_studies("examples/data/normand1999.csv")
    >>> effects = bm.effect_sizes(table, "MD", unit="days")
    >>> figure = bm.plot_leave_one_out(bm.leave_one_out(effects))
    >>> figure.axes[0].get_xlabel()
    'mu, days'
    """
    require_answer(table, "leave_one_out", "elpd", "pit")
    about = table.attrs
    style = _CLOSE if len(table) >= MANY else _USUAL
    names = [style.letters.clipped(f"without {name}", style.widest) for name in table.index] + [
        _ALL
    ]
    texts = _texts(table)
    left = 0.35 + max(style.strong.width(name) for name in names)
    slots = slots_of(_cells(texts, style))
    column = _GAP + max(width_of(slots), *(STRONG.width(text) for text in _heads(table)))
    size = (
        left + _LEFT_PANEL + column + _GAP + _RIGHT_PANEL + MARGIN,
        style.row * len(names) + 0.1,
    )
    head = headed(title, f"{asked_name(about)} without each {table.index.name}")
    said = [*head, Said([" "] * len(_heads(table)), letters=STRONG)]
    sheet = page(size, head=said, notes=_notes(table), left=left, axes=axes)
    _estimates(sheet, table, names, style)
    _write(sheet, table, _cells(texts, style), right=_LEFT_PANEL + column)
    _densities(sheet, table, style, left=_LEFT_PANEL + column + _GAP)
    return whole(sheet.figure)


def _heads(table: "pd.DataFrame") -> list[str]:
    return ["Median", f"[{100 * table.attrs['interval']:g} % interval]"]


def _texts(table: "pd.DataFrame") -> list[str]:
    """Return median and interval of each row, then of all data, with the same decimals."""
    places = digits.column_places(table["sd"])
    whole = tuple(table.attrs.get(name, np.nan) for name in _NUMBERS)
    rows = [*table[list(_NUMBERS)].itertuples(index=False, name=None), whole]
    kind = kind_of_question(table.attrs)
    return [_bracketed(row, Precision(places, kind)) for row in rows]


def _cells(texts: list[str], style: _Style) -> list[Cell]:
    """Return texts with their letters: those of all data, which are the last, are strong."""
    return [(text, style.letters) for text in texts[:-1]] + [(texts[-1], style.strong)]


def _bracketed(row: tuple[float, ...], printed: Precision) -> str:
    middle = printed.number(row[0])
    if not np.isfinite(row).all():
        return middle
    return f"{middle} [{', '.join(map(printed.limit, row[1:]))}]"


def _write(sheet: Page, table: "pd.DataFrame", cells: list[Cell], *, right: float) -> None:
    """Write the numbers beside the intervals, those of all data in strong letters."""
    height, slots = sheet.height / len(cells), slots_of(cells)
    for place, cell in enumerate(cells):
        up = sheet.bottom + sheet.height - (place + 0.5) * height
        for part in placed(cell, slots):
            at = (sheet.left + right - part.before_end, up)
            write(sheet.figure, at, part.text, letters=cell[1], side="right")
    corner = (sheet.left + right, sheet.bottom + sheet.height + len(_heads(table)) * STRONG.line)
    write_down(sheet.figure, corner, _heads(table), letters=STRONG, side="right")


def _notes(table: "pd.DataFrame") -> list[str]:
    about = table.attrs
    level = f"{100 * about['interval']:g} %"
    total = f"{digits.fixed(about['elpd'], 2)} (SE {digits.fixed(about['elpd_se'], 2)})"
    one = table.index.name
    own = "estimate" if one == "study" else "estimates"
    left = (
        f"Left: median and {level} interval without the {one}; diamond and dotted: with all data."
    )
    right = f"Right: log density of the {one}'s {own}, predicted by the others; sum {total}."
    tails = [] if table["pit"].isna().all() else ["Filled: in a 5 % tail."]
    return [left, " ".join([right, *tails])]


def _estimates(sheet: Page, table: "pd.DataFrame", names: list[str], style: _Style) -> None:
    axes, about = sheet.axes(0.0, 0.0, _LEFT_PANEL, sheet.height), table.attrs
    rows = name_rows(axes, names)
    axes.set_ylim(-0.5, len(names) - 0.5)
    for text in axes.get_yticklabels():
        text.set_fontproperties((style.strong if text.get_text() == _ALL else style.letters).font)
    axes.hlines(rows[:-1], table["lower"], table["upper"], color=INK, linewidth=1.1,
                gid="intervals")  # fmt: skip
    axes.plot(table["estimate"], rows[:-1], "s", color=INK, markersize=style.mark,
              gid="estimates")  # fmt: skip
    _diamond(axes, about, height=float(rows[-1]))
    axes.axvline(about["estimate"], color=BLUE, linestyle=DOTTED, linewidth=1.2, gid="all studies")
    whole = [about[name] for name in ("lower", "upper") if name in about]
    ends = effect_range([*table["lower"], *table["upper"], *whole, about["null"]], [])
    show_range(axes, ends, kind=kind_of_question(about))
    if ends.low <= about["null"] <= ends.high:
        axes.axvline(about["null"], color=INK, linewidth=0.9, zorder=0, gid="null")
    name_axes(axes, x=asked_title(about))


def _diamond(axes: "Axes", about: Mapping[Hashable | None, Any], *, height: float) -> None:
    """Draw what all data give; a table of an earlier version has the point alone."""
    from matplotlib.patches import Polygon

    point = float(about["estimate"])
    lower, upper = (float(about.get(name, point)) for name in ("lower", "upper"))
    corners = [(lower, height), (point, height + 0.28), (upper, height), (point, height - 0.28)]
    axes.add_patch(Polygon(corners, closed=True, color=INK, zorder=4, gid="with all data"))


def _densities(sheet: Page, table: "pd.DataFrame", style: _Style, *, left: float) -> None:
    axes = sheet.axes(left, 0.0, _RIGHT_PANEL, sheet.height)
    rows = len(table) + 1
    heights, elpd = np.arange(rows)[::-1][:-1], table["elpd"]
    axes.set_ylim(-0.5, rows - 0.5)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    tail = (np.abs(table["pit"] - 0.5) > 0.5 - _TAIL).to_numpy()
    axes.hlines(heights, elpd.max(), elpd, color=FAINT, linewidth=0.8)
    for which, face, gid in ((~tail, "white", "predicted"), (tail, BLUE, "badly predicted")):
        axes.plot(elpd[which], heights[which], "o", color=BLUE, markerfacecolor=face,
                  markersize=style.mark, gid=gid)  # fmt: skip
    ticks = linear_ticks(effect_range(elpd, []))
    set_ticks(axes, Ticks(ticks.positions[::2], ticks.labels[::2]))
    name_axes(axes, x="Log predictive density")
