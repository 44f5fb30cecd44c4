"""Everything a forest plot will show, decided before the first line is drawn."""

from dataclasses import dataclass, replace

import pandas as pd

from bayesmeta.plots.forest_layout import Layout, lay_out
from bayesmeta.plots.ink import MARGIN, SMALL, STRONG, TITLE
from bayesmeta.plots.scale import Range, effect_range
from bayesmeta.summaries import wording
from bayesmeta.summaries.forest import NEW, POOLED, STUDY, forest_rows
from bayesmeta.summaries.notes import alarm, footnotes
from bayesmeta.summaries.page import Page
from bayesmeta.summaries.remembered import Matters
from bayesmeta.summaries.tails import threshold
from bayesmeta.summaries.view import Posterior, view_of

TICKS, FAVOURS, AXIS_LABEL, KEY = 0.3, 0.22, 0.26, 0.24
"""Heights below the panel, in inches: tick labels, sides, axis label, key."""


@dataclass(frozen=True)
class Choices:
    """What the caller chose; as in `plot_forest`."""

    title: str
    interval: float
    shortest: bool
    benefit: str | None
    difference: float | None


@dataclass(frozen=True)
class Words:
    """Everything a forest plot says outside its rows; lists are lines.

    Parameters
    ----------
    key
        Words for each mark: observed, study effect, pooled, new study; empty for one not there.
    """

    title: list[str]
    alarm: list[str]
    sides: wording.Sides
    axis: str
    notes: list[str]
    key: tuple[str, str, str, str]


@dataclass(frozen=True, eq=False)
class Plan:
    """A forest plot, planned.

    Parameters
    ----------
    table
        As `forest_table` gives it.
    ratio
        Whether the axis is labelled in ratios.
    half
        Half the width of the shaded zone of unimportant effects, on the axis; None without one.
    """

    table: pd.DataFrame
    layout: Layout
    limits: Range
    ratio: bool
    half: float | None
    words: Words

    @property
    def panel_foot(self) -> float:
        """Height of the panel's foot above the figure's, in inches."""
        notes = MARGIN + len(self.words.notes) * SMALL.line + 0.08
        return notes + KEY + AXIS_LABEL + FAVOURS + TICKS

    @property
    def height(self) -> float:
        """Height of the figure, in inches."""
        heads = max(len(column.head) for column in self.layout.columns)
        words = len(self.words.title) * TITLE.line + (heads + len(self.words.alarm)) * STRONG.line
        return self.panel_foot + self.layout.panel_height + words + 0.2 + MARGIN


def plan(posterior: Posterior, choices: Choices) -> Plan:
    """Return the plan of a posterior's forest plot."""
    view = view_of(posterior)
    # By the attributes alone: a view is stopped at as rarely as can be.
    asked = Matters.of(view.tree.attrs, choices.benefit, choices.difference)
    choices = replace(choices, benefit=asked.benefit, difference=asked.difference)
    page = Page.of(
        view, interval=choices.interval, shortest=choices.shortest,
        difference=choices.difference,
    )  # fmt: skip
    table = forest_rows(page)
    layout = lay_out(table, _heads(page, table))
    half = _half(view.word("measure"), choices)
    limits = _limits(table, half)
    words = _words(page, layout, table, choices)
    return Plan(table, layout, limits, view.is_ratio, half, words)


def _heads(page: Page, table: pd.DataFrame) -> dict[str, tuple[str, ...]]:
    """Return the head of each column of text; no weights where none are defined."""
    observed = f"Observed {page.code}" if page.code != "Estimate" else page.code
    heads = {
        "observed_text": (observed, f"[{100 * page.level:g} % CI]"),
        "effect_text": ("Posterior median", f"[{page.interval}]"),
    }
    return heads | ({"weight_text": ("Weight",)} if table["weight"].notna().any() else {})


def _half(measure: str, choices: Choices) -> float | None:
    if choices.difference is None:
        return None
    benefit = choices.benefit or "lower"
    return abs(threshold(measure, benefit=benefit, difference=choices.difference))


def _limits(table: pd.DataFrame, half: float | None) -> Range:
    pooled = table[table["kind"] == POOLED]
    core = [0.0, *table["estimate"], *table["median"], *pooled["lower"], *pooled["upper"]]
    core += [] if half is None else [-half, half]
    ends = table[["observed_lower", "observed_upper", "lower", "upper"]].to_numpy().ravel()
    return effect_range(core, ends)


def _words(page: Page, layout: Layout, table: pd.DataFrame, choices: Choices) -> Words:
    posterior, room = page.view, layout.width - 2 * MARGIN
    scale = " (log scale)" if posterior.is_ratio else ""
    warning = alarm(page)
    notes = [*_shade_note(page), *footnotes(page)]
    return Words(
        title=TITLE.wrapped(wording.heading(posterior, choices.title), room),
        alarm=STRONG.wrapped(warning, room) if warning else [],
        sides=wording.sides(choices.benefit),
        axis=wording.with_unit(wording.measure_title(posterior) + scale, wording.unit(posterior)),
        notes=SMALL.paragraphs(notes, room),
        key=_key(page, table),
    )


def _key(page: Page, table: pd.DataFrame) -> tuple[str, str, str, str]:
    studies = table[table["kind"] == STUDY]
    weighed, known = studies["weight"].notna().any(), studies["median"].notna().any()
    # Shrinkage is the normal-normal model's; another model pulls effects as it likes.
    effect = "study effect, shrunken" if page.view.is_normal_normal else "study effect"
    return (
        "observed (area: weight)" if weighed else "observed",
        effect if known else "",
        "pooled effect",
        "effect in a new study" if (table["kind"] == NEW).any() else "",
    )


def _shade_note(page: Page) -> list[str]:
    view, difference = page.view, page.difference
    if difference is None:
        return []
    size = f"{difference:g} {wording.unit(view)}".rstrip()
    if view.is_ratio:
        size = f"a ratio of {difference:g} or {1 / difference:.3g}"
    return [f"Shaded: effects smaller than the minimal important difference, {size}."]
