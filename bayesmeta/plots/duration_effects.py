"""The effect at chosen durations, as a small forest."""

from typing import TYPE_CHECKING, Any

from bayesmeta.duration_response.result import Duration
from bayesmeta.duration_response.text import chance, effect_span
from bayesmeta.plots import duration_paper as paper
from bayesmeta.plots.paper import panel, rule, sheet, write
from bayesmeta.plots.scale import Range, linear_ticks, ratio_ticks

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_ROW, _PLOT, _GAP = 0.27, 3.0, 0.25
_AXIS = 0.55


def plot_duration_effects(found: Duration, *, title: str = "") -> "Figure":
    """Return a forest of the mean effect, and that in a new study, at chosen durations.

    Thick lines are intervals of the mean effect, thin ones of the effect in a new study. Rows
    beyond the observed durations are marked by an asterisk and grey.

    Examples
    --------
    ``plot_duration_effects(bm.duration(effects)).savefig("effects.png")``
    """
    rows = found.predictions.to_dict("records")
    columns = _columns(found, rows)
    left = paper.MARGIN + max(paper.STRONG.width(paper.covariate(found)), 0.5) + _GAP
    rights = _rights(columns, left + _PLOT)
    width = rights[-1] + paper.MARGIN
    notes = paper.SMALL.wrapped(_note(found), width - 2 * paper.MARGIN)
    foot = paper.MARGIN + len(notes) * paper.SMALL.line + _AXIS
    head = paper.headline_height(found, title, width - 2 * paper.MARGIN) + 0.32
    height = foot + len(rows) * _ROW + head + paper.MARGIN
    figure = sheet(width, height)
    axes = panel(figure, left, foot, width=_PLOT, height=len(rows) * _ROW)
    _draw(axes, found, rows)
    _write(figure, found, rows, columns=columns, rights=rights, foot=foot)
    paper.headline(figure, found, title, top=height - paper.MARGIN / 2, room=width)
    paper.footer(figure, notes)
    return figure


def _columns(found: Duration, rows: list[dict[Any, Any]]) -> list[list[str]]:
    """Return columns of text, each with its head first."""
    level = f"{100 * found.interval:g} %"
    columns = [
        [f"Mean effect [{level}]", *(_text(found, row, "") for row in rows)],
        [f"New study [{level}]", *(_text(found, row, "new_") for row in rows)],
        ["P(better)", *(chance(found, row["p_better"], row["p_error"]) for row in rows)],
    ]
    if found.threshold is not None:
        column = ["P(matters)", *(chance(found, row["p_beyond"], row["p_error"]) for row in rows)]
        columns.append(column)
    return columns


def _text(found: Duration, row: dict[Any, Any], prefix: str) -> str:
    """Return an effect as the text of the analysis has it; a ratio as the ratio."""
    return effect_span(found, row, prefix, ratio=paper.is_ratio(found)).bracketed()


def _rights(columns: list[list[str]], start: float) -> list[float]:
    rights, at = [], start
    for head, *cells in columns:
        widths = [paper.BODY.width(cell) for cell in cells]
        at += _GAP + max([paper.STRONG.width(head), *widths])
        rights.append(at)
    return rights


def _draw(axes: "Axes", found: Duration, rows: list[dict[Any, Any]]) -> None:
    core = [value for row in rows for value in (row["median"], row["lower"], row["upper"])]
    core += [] if found.threshold is None else [found.threshold]
    ends = [row[name] for row in rows for name in ("new_lower", "new_upper")]
    limits: Range = paper.shown_range(found, core, ends)
    ticks = ratio_ticks(limits) if paper.is_ratio(found) else linear_ticks(limits)
    axes.set_xlim(limits)
    axes.set_ylim(len(rows), 0)
    axes.set_xticks(ticks.positions, ticks.labels, fontproperties=paper.SMALL.font)
    axes.set_xlabel(paper.effect_words(found), fontproperties=paper.BODY.font, parse_math=False)
    axes.axvline(0.0, color=paper.INK, linewidth=0.9, zorder=1, gid="null")
    if found.threshold is not None:
        axes.axvline(
            found.threshold, color=paper.INK, linewidth=0.8, linestyle=(0, (4, 2)), zorder=1
        )
    for place, row in enumerate(rows):
        color = "#7a7a7a" if row["extrapolates"] else paper.CURVE
        for prefix, width in (("new_", 0.9), ("", 3.2)):
            line = paper.inside(_ends(row, prefix), limits)
            axes.plot(line, [place + 0.5] * 2, color=color, linewidth=width, zorder=3,
                      solid_capstyle="butt", gid=f"{prefix}interval")  # fmt: skip
        axes.plot(row["median"], place + 0.5, "o", color=color, markeredgecolor="white",
                  markersize=5.5, zorder=4, gid="median")  # fmt: skip


def _ends(row: dict[Any, Any], prefix: str) -> Any:  # noqa: ANN401 - two numbers as an array
    import numpy as np

    return np.array([row[f"{prefix}lower"], row[f"{prefix}upper"]])


def _write(
    figure: "Figure", found: Duration, rows: list[dict[Any, Any]], *, columns: list[list[str]],
    rights: list[float], foot: float,
) -> None:  # fmt: skip
    top = foot + len(rows) * _ROW
    rule(figure, paper.MARGIN, rights[-1], height=top + 0.04)
    write(figure, (paper.MARGIN, top + 0.16), paper.covariate(found), letters=paper.STRONG)
    for place, row in enumerate(rows):
        mark = "*" if row["extrapolates"] else ""
        at = (paper.MARGIN, top - (place + 0.5) * _ROW)
        write(figure, at, f"{row['weeks']:g}{mark}", letters=paper.BODY)
    for (head, *cells), right in zip(columns, rights, strict=True):
        write(figure, (right, top + 0.16), head, letters=paper.STRONG, side="right")
        for place, cell in enumerate(cells):
            at = (right, top - (place + 0.5) * _ROW)
            write(figure, at, cell, letters=paper.BODY, side="right")


def _note(found: Duration) -> str:
    parts = ["Thick: mean effect, averaged over the shapes. Thin: effect in a new study."]
    if found.threshold is not None:
        parts.append("Dashed, P(matters): beyond the minimal important difference.")
    if found.predictions["extrapolates"].any():
        parts.append("* beyond the observed durations.")
    return " ".join(parts)
