"""What intervals are worth: coverage and width of each method, with their Monte Carlo error."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bayesmeta.comparison import wording
from bayesmeta.comparison.row import Record
from bayesmeta.plots.answers import require_answer
from bayesmeta.plots.axes import name_below, show_range
from bayesmeta.plots.ink import BODY, INK, MARGIN, SHADE, SMALL, STRONG, TITLE
from bayesmeta.plots.paper import panel, sheet, write, write_down, write_heads, write_notes
from bayesmeta.plots.place import Sheet, whole
from bayesmeta.plots.scale import Range
from bayesmeta.summaries import digits

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_GAP, _PANEL, _ROW = 0.26, 2.2, 0.21
_AXIS = 0.62  # height below the panels: tick labels and axis labels
_COVERAGES = {"coverage": (0.035, INK), "pi_coverage": (-0.035, "white")}
_HEADS = (("Coverage", "of mu"), ("of new", "study"), ("Width", "for mu"), ("for new", "study"))
_REACH = 0.35  # coverage further below the level is an arrow at the edge
_SURE = 1.959964  # Monte Carlo intervals hold 95 %, whatever level is calibrated


@dataclass(frozen=True, eq=False)
class _Plan:
    rows: Sequence[Record]
    cells: list[tuple[str, ...]]
    title: list[str]
    notes: list[str]
    lefts: tuple[float, float]
    rights: tuple[float, ...]
    width: float

    @property
    def foot(self) -> float:
        """Height of the panels' feet."""
        return MARGIN + len(self.notes) * SMALL.line + 0.08 + _AXIS

    @property
    def body(self) -> float:
        """Height of the panels."""
        return _ROW * len(self.rows) + 0.08

    @property
    def height(self) -> float:
        """Height of the figure."""
        above = 2 * STRONG.line + 0.2 + len(self.title) * TITLE.line
        return self.foot + self.body + above + MARGIN


def plot_calibration(
    table: "pd.DataFrame", *, title: str = "", axes: "Axes | None" = None
) -> "Figure":
    """Return coverage of mu and of a new study, and interval widths, a row a method.

    Bars through the points are 95 % Monte Carlo intervals; the line is the level asked for.

    Parameters
    ----------
    table
        From `bayesmeta.calibrate`.
    title
        Heading.
    axes
        In whose place the whole figure stands, at the size it needs; without them it is a page
        of its own.

    Raises
    ------
    AnalysisError
        If this is no answer of `bayesmeta.calibrate`.
    OutputError
        If the axes are smaller than the figure.

    Examples
    --------
    >>> import bayesmeta as bm
    >>> table = bm.read_studies("examples/data/normand1999.csv")
    >>> effects = bm.effect_sizes(table, "MD", unit="days")
    >>> figure = bm.plot_calibration(bm.calibrate(effects, tau=10.0, simulations=100))
    >>> figure.axes[0].get_xlabel()
    'Coverage, per cent'
    """
    require_answer(table, "calibrate", "coverage", "coverage_error")
    planned = _plan(table, title)
    figure = sheet(planned.width, planned.height, axes)
    panels = [panel(figure, left, planned.foot, width=_PANEL, height=planned.body)
              for left in planned.lefts]  # fmt: skip
    _draw_coverage(panels[0], planned, level=float(table.attrs["interval"]))
    _draw_width(panels[1], planned, unit=wording.unit(table.attrs))
    _write(figure, planned)
    return whole(figure)


def _plan(table: "pd.DataFrame", title: str) -> _Plan:
    rows = table.to_dict("records")
    # As many decimals in each row as the widest interval has.
    places = min(wording.decimals(row["width"]) for row in rows)
    cells = [_cells(row, places) for row in rows]
    first = MARGIN + max(BODY.width(str(row["method"])) for row in rows) + _GAP
    rights, right = [], first + _PANEL
    second = 0.0
    for column, head in enumerate(_HEADS):
        if column == len(_HEADS) // 2:
            second = right + _GAP
            right = second + _PANEL
        right += _GAP + max(*(BODY.width(each[column]) for each in cells), *map(STRONG.width, head))
        rights.append(right)
    width = right + MARGIN
    room = width - 2.5 * MARGIN
    heading = wording.heading(table.attrs, title or "Calibration of this design")
    notes = SMALL.paragraphs(_notes(table), room)
    return _Plan(rows, cells, TITLE.wrapped(heading, room), notes, (first, second),
                 tuple(rights), width)  # fmt: skip


def _notes(table: "pd.DataFrame") -> Sequence[str]:
    attrs = table.attrs
    key = (
        "Filled: coverage of mu; open: of the effect in a new study; bars: 95 % Monte Carlo "
        f"intervals; line: the level, {100 * attrs['interval']:g} %. Widths: means; grey: of the "
        "prediction interval."
    )
    truth = (
        f"Truth: {attrs['scenario']} {attrs['simulations']} simulated meta-analyses, seed "
        f"{attrs['seed']}."
    )
    return (key, truth, *attrs["messages"])


def _cells(row: Record, places: int) -> tuple[str, ...]:
    shares = (_per_cent(row[name]) for name in ("coverage", "pi_coverage"))
    widths = (wording.shown(row[name], places=places) for name in ("width", "pi_width"))
    return (*shares, *widths)


def _per_cent(value: float) -> str:
    return "\N{EN DASH}" if np.isnan(value) else f"{digits.fixed(100 * value, 1)} %"


def _heights(planned: _Plan) -> list[float]:
    count = len(planned.rows)
    return [planned.body - 0.04 - (number + 0.5) * _ROW for number in range(count)]


def _draw_coverage(axes: "Axes", planned: _Plan, *, level: float) -> None:
    shares = [row[name] for row in planned.rows for name in _COVERAGES]
    low = max(min(float(np.nanmin(shares)) - 0.02, level - 0.05), level - _REACH)
    for row, height in zip(planned.rows, _heights(planned), strict=True):
        for name, (shift, face) in _COVERAGES.items():
            _mark(axes, row, name, at=height + shift, face=face, low=low)
    axes.axvline(100 * level, color=INK, linewidth=0.8, linestyle="--", zorder=1, gid="level")
    _axis(axes, planned, Range(100 * low, 100.5), "Coverage, per cent")


def _mark(axes: "Axes", row: Record, name: str, *, at: float, face: str, low: float) -> None:
    """Draw one share with its Monte Carlo interval, or an arrow where it lies off the axis."""
    share, half = 100 * row[name], 100 * _SURE * row[f"{name}_error"]
    if np.isnan(share):
        return
    if share < 100 * low:
        axes.plot(100 * low, at, "<", markersize=4.5, color=INK, markerfacecolor=face,
                  clip_on=False, gid="beyond the axis")  # fmt: skip
        return
    axes.plot([share - half, share + half], [at, at], color=INK, linewidth=1.2, zorder=2,
              gid=f"{name} error")  # fmt: skip
    axes.plot(share, at, "o", markersize=4.2, color=INK, markerfacecolor=face, zorder=3, gid=name)


def _draw_width(axes: "Axes", planned: _Plan, *, unit: str) -> None:
    for row, height in zip(planned.rows, _heights(planned), strict=True):
        if np.isfinite(row["pi_width"]):
            axes.barh(height, row["pi_width"], height=0.1, color=SHADE, zorder=1, gid="pi_width")
        axes.barh(height, row["width"], height=0.05, color=INK, zorder=2, gid="width")
    widths = [row[name] for row in planned.rows for name in ("width", "pi_width")]
    label = f"Mean width of the interval, {unit}" if unit else "Mean width of the interval"
    _axis(axes, planned, Range(0.0, 1.04 * float(np.nanmax(widths))), label)


def _axis(axes: "Axes", planned: _Plan, span: Range, label: str) -> None:
    show_range(axes, span)
    axes.set_ylim(0, planned.body)
    name_below(axes, label, share=0.28 / planned.body)


def _write(figure: Sheet, planned: _Plan) -> None:
    write_down(figure, (MARGIN, planned.height - MARGIN), planned.title, letters=TITLE)
    foot = planned.foot + planned.body + 0.03
    write_heads(figure, planned.rights, _HEADS, foot=foot, end=planned.width - MARGIN)
    for row, cells, height in zip(planned.rows, planned.cells, _heights(planned), strict=True):
        write(figure, (MARGIN, planned.foot + height), str(row["method"]), letters=BODY)
        for right, cell in zip(planned.rights, cells, strict=True):
            write(figure, (right, planned.foot + height), cell, letters=BODY, side="right")
    write_notes(figure, planned.notes)
