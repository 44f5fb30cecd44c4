"""The dials: the effect in trials while cohorts count for more or for less."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from bayesmeta.cohorts.result import Designs
from bayesmeta.cohorts.words import event, heading, sided
from bayesmeta.plots.answers import require_answer
from bayesmeta.plots.axes import name_axes, room_at_left, set_ticks, show_range, ticks_of
from bayesmeta.plots.designs_panels import Panel, panels_of
from bayesmeta.plots.designs_words import effect_words
from bayesmeta.plots.ink import BAND, BLUE, BODY, DASH_DOTTED, DASHED, DOTTED, INK
from bayesmeta.plots.paper import Page, Said, page
from bayesmeta.plots.place import whole
from bayesmeta.plots.scale import Range, effect_range
from bayesmeta.summaries.own_scale import kind_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_LEFT, _WIDTH, _GAP = 0.85, 2.7, 0.35
_EFFECT, _CHANCE, _BETWEEN = 2.1, 1.5, 0.25


def plot_designs_dial(found: Designs, *, title: str = "", axes: "Axes | None" = None) -> "Figure":
    """Return the effect in trials and P(benefit) over both dials, and over the cohorts' share.

    From where designs are pooled, at the left, to where cohorts say nothing of mu. With t effects
    the dial over the bias has a further column where the analysis' spread is not the common one.

    Parameters
    ----------
    found
        From `bayesmeta.designs`.
    title
        Heading; the outcome without one.
    axes
        In whose place the whole figure stands, at the size it needs; without them it is a page
        of its own.

    Raises
    ------
    AnalysisError
        If this is no answer of `bayesmeta.designs`.
    OutputError
        If the axes are smaller than the figure.

    Examples
    --------
    >>> import bayesmeta as bm
    >>> table = bm.read_studies("examples/data/rtms_SIMULATED.csv")
    >>> effects = bm.effect_sizes(table, "MD", outcome="TNF-alpha")
    >>> found = bm.designs(effects, spread="common", points=5)
    >>> bm.plot_designs_dial(found).axes[1].get_xlabel()
    'SD of the bias, pg/mL (1 uisd = 14.1)'
    """
    require_answer(found, "designs", "over_bias", "crossings")
    panels = panels_of(found)
    question = found.question
    level = f"{100 * question.interval:g} %"
    note = (
        f"Lines: posterior medians with {level} intervals; P({event(found)}) below. "
        "Triangles: where a threshold (dotted) is crossed. Circles: the analysis' own prior; open: "
        f"half its SD. Dashed: {_dashed(panels[0])}of the share the dial over the power."
        f"{'' if found.tails is None else ' Dash-dotted: both dials with t effects.'}"
    )
    height = _EFFECT + _BETWEEN + _CHANCE
    span = _span(found)
    left = max(_LEFT, _room_at_left(found, span))
    width = left + len(panels) * (_WIDTH + _GAP)
    sheet = page((width, height), head=[Said([heading(found, title)])], notes=[note], left=left,
                 axes=axes)  # fmt: skip
    for place, panel in enumerate(panels):
        _column(sheet, found, panel, place=place, span=span)
    return whole(sheet.figure)


def _room_at_left(found: Designs, span: Range) -> float:
    lines = max(len(BODY.wrapped(effect_words(found), _EFFECT)),
                len(BODY.wrapped(f"P({event(found)})", _CHANCE)))  # fmt: skip
    return room_at_left(ticks_of(kind_of(found.measure))(span), lines)


def _dashed(panel: Panel) -> str:
    return "" if panel.beside is None else "of the bias its dial under a common spread; "


def _span(found: Designs) -> Range:
    ends = [float(value) for table in _drawn(found) for name in ("lower", "upper")
            for value in table[name]]  # fmt: skip
    return effect_range([0.0, *ends], ends)


def _drawn(found: Designs) -> list[pd.DataFrame]:
    """Return every dial that is drawn."""
    tails = [] if found.tails is None else [found.tails.over_bias, found.tails.over_power]
    return [found.over_bias, found.over_power, *tails]


def _column(sheet: Page, found: Designs, panel: Panel, *, place: int, span: Range) -> None:
    left = place * (_WIDTH + _GAP)
    effects = sheet.axes(left, _CHANCE + _BETWEEN, _WIDTH, _EFFECT)
    chances = sheet.axes(left, 0.0, _WIDTH, _CHANCE)
    table, x = panel.table, panel.x
    effects.fill_between(x, table["lower"], table["upper"], color=BAND, linewidth=0,
                         gid=f"interval{_of(panel)}")  # fmt: skip
    effects.plot(x, table["median"], color=BLUE, linewidth=1.6, gid=f"median{_of(panel)}")
    effects.axhline(0.0, color=INK, linewidth=0.8, zorder=1, gid="null")
    chances.plot(x, table["p_benefit"], color=BLUE, linewidth=1.6, gid=f"p_benefit{_of(panel)}")
    _dash(effects, chances, found, panel)
    _thresholds(chances, found, panel)
    _own(chances, found, panel)
    for axes in (effects, chances):
        axes.set_xlim(float(x.min()), float(x.max()))
        set_ticks(axes, panel.ticks)
        axes.margins(x=0)
    show_range(effects, span, kind=kind_of(found.measure), which="y")
    low = min(0.5, *(float(table["p_benefit"].min()) for table in _drawn(found)))
    show_range(chances, Range(low - 0.03, 1.03), which="y")
    effects.set_xticklabels([])
    name_axes(effects, y="" if place else effect_words(found))
    name_axes(chances, x=sided(found, panel.name), y="" if place else f"P({event(found)})")
    if place:
        effects.set_yticklabels([])
        chances.set_yticklabels([])


def _dash(effects: "Axes", chances: "Axes", found: Designs, panel: Panel) -> None:
    """Draw what is beside a dial: a common spread, or the dial over the power."""
    x = panel.x
    if panel.beside is not None:
        for axes, columns in ((effects, ("median", "lower", "upper")), (chances, ("p_benefit",))):
            for name in columns:
                axes.plot(x, panel.beside[name], color=INK, linestyle=DASHED, linewidth=1.0,
                          gid=f"{name}, common spread{_of(panel)}")  # fmt: skip
    if panel.tails is not None:
        place, table = panel.tails
        for axes, columns in ((effects, ("median", "lower", "upper")), (chances, ("p_benefit",))):
            for name in columns:
                axes.plot(place, table[name], color=INK, linestyle=DASH_DOTTED, linewidth=0.9,
                          gid=f"{name}, t effects")  # fmt: skip
    if panel.name.startswith("Cohorts"):
        other = found.over_power
        chances.plot(-100 * other["cohort_share"], other["p_benefit"], color=INK, linestyle=DASHED,
                     linewidth=1.0, gid="over power")  # fmt: skip


def _of(panel: Panel) -> str:
    """Return which effects lines are of, behind their names."""
    return ", t effects" if panel.of_tails else ""


def _thresholds(axes: "Axes", found: Designs, panel: Panel) -> None:
    threshold = found.question.threshold
    for height in (threshold, 1 - threshold):
        axes.axhline(height, color=INK, linestyle=DOTTED, linewidth=0.8, zorder=1, gid="threshold")
    for at, height in panel.marks:
        axes.plot(at, height, "v", color=INK, markerfacecolor="white", markersize=6, zorder=4,
                  gid="tips")  # fmt: skip


def _own(axes: "Axes", found: Designs, panel: Panel) -> None:
    if not panel.name.startswith("SD") or panel.of_tails:
        return
    at = float(np.log10(found.question.bias_sd))
    height = found.member("design-bias").p_benefit
    axes.plot(at, height, "o", color=INK, markersize=5, zorder=5, gid="own")
    axes.plot(at - np.log10(2), found.halved_benefit, "o", color=INK, markerfacecolor="white",
              markersize=5, zorder=5, gid="half")  # fmt: skip
