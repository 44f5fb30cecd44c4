"""A forest by subgroup, each with its subtotal."""

from typing import TYPE_CHECKING, Any

import numpy as np

from bayesmeta.duration_response.subgroups import Subgroups
from bayesmeta.measures import MEASURES
from bayesmeta.plots import duration_paper as paper
from bayesmeta.plots.paper import panel, rule, sheet, write
from bayesmeta.plots.scale import Range, effect_range, linear_ticks, ratio_ticks
from bayesmeta.summaries.digits import column_places, fixed, probability, ratio

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_LINE, _PLOT, _GAP, _AXIS = 0.2, 3.2, 0.25, 0.55
_WIDEST = 2.4
type Line = dict[str, Any]
"""A line of the figure: its kind, label, text, and where it has one, point and ends."""


def plot_subgroups(found: Subgroups, *, title: str = "") -> "Figure":
    """Return a forest of the studies by group, a diamond for each group's mean effect.

    The bar beneath a diamond is the interval of the effect in a new study of that group; the
    contrasts between groups stand below.

    Examples
    --------
    ``plot_subgroups(subgroups(effects, column="design")).savefig("subgroups.png")``
    """
    lines = _lines(found)
    label = max(paper.STRONG.width(paper.BODY.clipped(line["label"], _WIDEST)) for line in lines)
    left = paper.MARGIN + label + _GAP
    text = max(paper.BODY.width(line["text"]) for line in lines)
    width = left + _PLOT + _GAP + text + paper.MARGIN
    notes = [row for note in _notes(found) for row in paper.SMALL.wrapped(note, width - 0.4)]
    foot = paper.MARGIN + len(notes) * paper.SMALL.line + _AXIS
    top = foot + len(lines) * _LINE
    heading = paper.TITLE.wrapped(title or found.column, width - 0.4)
    figure = sheet(width, top + len(heading) * paper.TITLE.line + 0.35)
    axes = panel(figure, left, foot, width=_PLOT, height=len(lines) * _LINE)
    _draw(axes, found, lines)
    for place, line in enumerate(lines):
        letters = paper.BODY if line["kind"] == "study" else paper.STRONG
        height = top - (place + 0.5) * _LINE
        write(
            figure, (paper.MARGIN, height), letters.clipped(line["label"], _WIDEST), letters=letters
        )
        write(
            figure, (width - paper.MARGIN, height), line["text"], letters=paper.BODY, side="right"
        )
    rule(figure, paper.MARGIN, width - paper.MARGIN, height=top + 0.04)
    for place, words in enumerate(reversed(heading)):
        at = (paper.MARGIN, top + 0.15 + (place + 0.5) * paper.TITLE.line)
        write(figure, at, words, letters=paper.TITLE)
    paper.footer(figure, notes)
    return figure


def _lines(found: Subgroups) -> list[Line]:
    lines: list[Line] = []
    for row in found.groups.to_dict("records"):
        own = found.studies[found.studies["group"] == row["group"]]
        lines.append({"kind": "head", "label": str(row["group"]), "text": ""})
        lines += [_study(study) for study in own.to_dict("records")]
        ends = (row["median"], row["lower"], row["upper"])
        lines.append(
            {"kind": "group", "label": f"Mean of {row['studies']}", "ends": ends,
             "new": (row["new_lower"], row["new_upper"]), "text": _text(found, ends)}
        )  # fmt: skip
    return [line | {"text": line["text"] or _estimate(found, line)} for line in lines]


def _study(row: dict[Any, Any]) -> Line:
    half = 1.959963984540054 * row["standard_error"]
    ends = (row["estimate"], row["estimate"] - half, row["estimate"] + half)
    return {"kind": "study", "label": str(row["study"]), "ends": ends, "text": ""}


def _estimate(found: Subgroups, line: Line) -> str:
    return _text(found, line["ends"]) if "ends" in line else ""


def _ratio(found: Subgroups) -> bool:
    return found.measure in MEASURES and MEASURES[found.measure].ratio


def _text(found: Subgroups, ends: tuple[float, float, float]) -> str:
    if _ratio(found):
        point, lower, upper = (ratio(float(value)) for value in np.exp(ends))
    else:
        decimals = column_places(found.studies["standard_error"])
        point, lower, upper = (fixed(value, decimals) for value in ends)
    return f"{point} [{lower} to {upper}]"


def _draw(axes: "Axes", found: Subgroups, lines: list[Line]) -> None:
    marked = [line for line in lines if "ends" in line]
    core = [0.0, *(line["ends"][0] for line in marked)]
    core += [end for line in marked if line["kind"] == "group" for end in line["ends"]]
    ends = [end for line in marked for end in (*line["ends"], *line.get("new", ()))]
    limits: Range = effect_range(core, ends)
    ticks = ratio_ticks(limits) if _ratio(found) else linear_ticks(limits)
    axes.set_xlim(limits)
    axes.set_ylim(len(lines), 0)
    axes.set_xticks(ticks.positions, ticks.labels, fontproperties=paper.SMALL.font)
    title = MEASURES[found.measure].title if found.measure in MEASURES else "Effect"
    words = "Effect" if found.measure == "generic" else title
    words += f", {found.unit}" if found.unit and not _ratio(found) else ""
    axes.set_xlabel(words, fontproperties=paper.BODY.font, parse_math=False)
    axes.axvline(0.0, color=paper.INK, linewidth=0.8, zorder=1, gid="null")
    for place, line in enumerate(lines):
        if line["kind"] == "study":
            axes.plot(paper.inside(np.array(line["ends"][1:]), limits), [place + 0.5] * 2,
                      color=paper.INK, linewidth=0.9, zorder=2)  # fmt: skip
            axes.plot(
                line["ends"][0], place + 0.5, "s", color=paper.INK, markersize=3.5, gid="study"
            )
        elif line["kind"] == "group":
            _subtotal(axes, line, place + 0.5, limits)


def _subtotal(axes: "Axes", line: Line, height: float, limits: Range) -> None:
    from matplotlib.patches import Polygon

    point, lower, upper = line["ends"]
    corners = [(lower, height), (point, height - 0.32), (upper, height), (point, height + 0.32)]
    axes.add_patch(Polygon(corners, closed=True, color=paper.CURVE, zorder=4, gid="subtotal"))
    axes.plot(paper.inside(np.array(line["new"]), limits), [height] * 2, color=paper.CURVE,
              linewidth=0.9, zorder=3, gid="new study")  # fmt: skip


def _notes(found: Subgroups) -> list[str]:
    contrasts = [
        f"{row['first']} less {row['second']}: {_plain(found, row)}, P(greater) = "
        f"{probability(row['p_greater'], row['p_error'])}."
        for row in found.contrasts.to_dict("records")
    ]
    level = f"{100 * found.interval:g} %"
    key = (
        f"Squares: estimates with 95 % confidence intervals. Diamonds: posterior mean effects, "
        f"{level}; lines through them: effect in a new study. {found.tau.capitalize()} tau."
    )
    return [key, *contrasts]


def _plain(found: Subgroups, row: dict[Any, Any]) -> str:
    return _text(found, (row["median"], row["lower"], row["upper"]))
