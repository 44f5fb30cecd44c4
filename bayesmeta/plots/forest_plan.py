"""Everything a forest plot will show, decided before the first line is drawn."""

from dataclasses import dataclass
from typing import Self

import pandas as pd

from bayesmeta.plots.forest_choices import Choices
from bayesmeta.plots.forest_curves import Curves, curves_of
from bayesmeta.plots.forest_layout import COMPACT, Frame, Stack, Style, frame_of, stacked
from bayesmeta.plots.forest_marks import null_of
from bayesmeta.plots.forest_range import range_of
from bayesmeta.plots.forest_table import Chosen, chosen_table
from bayesmeta.plots.forest_words import Words, axis_of, words_of
from bayesmeta.plots.ink import MARGIN, SMALL, STRONG, TITLE
from bayesmeta.plots.scale import Range
from bayesmeta.summaries import wording
from bayesmeta.summaries.forest import POOLED
from bayesmeta.summaries.own_scale import kind_of
from bayesmeta.summaries.page import Page
from bayesmeta.summaries.precision import Kind
from bayesmeta.summaries.view import Posterior, view_of

TICKS, FAVOURS, AXIS_LABEL, KEY = 0.3, 0.22, 0.26, 0.24
"""Heights below the panel, in inches: tick labels, sides, axis label, key."""


@dataclass(frozen=True, eq=False)
class Panel:
    """The rows of one outcome on an axis of their own; of one outcome there is one.

    Parameters
    ----------
    title
        The outcome, where there are several.
    table
        As `forest_table` gives it, with the rows and columns that were chosen.
    half
        Half the width of the shaded zone of unimportant effects, on the axis; None without one.
    axis, sides
        What the axis is of, and what its sides mean.
    curves
        Densities and likelihoods, where they are asked for.
    pooled, largest
        The pooled effect, and the largest weight of a study.
    """

    title: str
    table: pd.DataFrame
    stack: Stack
    limits: Range
    half: float | None
    axis: str
    sides: wording.Sides
    curves: Curves
    pooled: float
    largest: float

    @classmethod
    def of(cls, page: Page, chosen: Chosen, outcome: str, frame: Frame) -> Self:
        """Return the panel of an outcome."""
        table, side = chosen.table[chosen.table["outcome"] == outcome], chosen.sides[outcome]
        return cls(
            outcome, table, stacked(table, frame), _limits(page, table, side.half), side.half,
            axis_of(page, outcome), wording.sides(side.benefit, page.view.word("measure")),
            curves_of(page, table, frame.style),
            float(table.loc[table["kind"] == POOLED, "median"].iloc[0]),
            float(table["weight"].max()),
        )  # fmt: skip

    @property
    def head(self) -> float:
        """Height of the title above the rows, in inches."""
        return STRONG.line + 0.1 if self.title else 0.0

    @property
    def height(self) -> float:
        """Height of everything from the title to the axis' name, in inches."""
        return self.head + self.stack.height + TICKS + FAVOURS + AXIS_LABEL


@dataclass(frozen=True, eq=False)
class Plan:
    """A forest plot, planned.

    Parameters
    ----------
    frame
        Of all rows together: what all panels share.
    kind
        What the axes are labelled in: ratios, correlations, or numbers as they are.
    """

    panels: tuple[Panel, ...]
    frame: Frame
    kind: Kind
    words: Words

    @property
    def feet(self) -> list[float]:
        """Height of each panel's foot above the figure's, in inches."""
        foot = MARGIN + len(self.words.notes) * SMALL.line + 0.08 + KEY * len(self.words.key)
        found = []
        for panel in reversed(self.panels):
            found.append(foot + AXIS_LABEL + FAVOURS + TICKS)
            foot += panel.height
        return found[::-1]

    @property
    def top(self) -> float:
        """Height of the first panel's top."""
        first = self.panels[0]
        return self.feet[0] + first.stack.height + first.head

    @property
    def height(self) -> float:
        """Height of the figure, in inches."""
        heads = max(len(column.head.lines) for column in self.frame.columns)
        words = len(self.words.title) * TITLE.line + (heads + len(self.words.alarm)) * STRONG.line
        return self.top + words + 0.2 + MARGIN


def plan(posterior: Posterior, choices: Choices) -> Plan:
    """Return the plan of a posterior's forest plot; errors as `plot_forest`."""
    view = view_of(posterior)
    choices = choices.remembering(view.tree.attrs)
    page = Page.of(
        view, interval=choices.interval, shortest=choices.shortest, difference=choices.difference
    )
    choices = choices.having(likelihoods=page.view.is_approximate and bool(view.rows.data))
    chosen = chosen_table(page, choices)
    style = Style.of(densities=choices.densities, raindrops=bool(choices.raindrops))
    rows = choices.rows_a_page or 0
    frame = frame_of(
        chosen.table,
        chosen.before,
        chosen.after,
        style,
        most=0 if rows > COMPACT else COMPACT + len(chosen.table) * bool(rows),
    )
    panels = [Panel.of(page, chosen, outcome, frame) for outcome in chosen.sides]
    words = words_of(page, frame.width, chosen.table, choices, chosen.notes)
    return Plan(tuple(panels), frame, kind_of(view.word("measure")), words)


def _limits(page: Page, table: pd.DataFrame, half: float | None) -> Range:
    null = null_of(page.view.kind)
    zone = [] if half is None else [-half, half]
    return range_of(table, zone if null is None else [null, *zone])
