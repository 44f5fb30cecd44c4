"""Everything a forest plot will show, decided before the first line is drawn."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import pandas as pd

from bayesmeta import schema
from bayesmeta.errors import PosteriorError
from bayesmeta.measures.effects import Effects
from bayesmeta.plots.forest_arms import with_arms
from bayesmeta.plots.forest_layout import Layout, lay_out
from bayesmeta.plots.forest_order import ordered
from bayesmeta.plots.ink import MARGIN, SMALL, STRONG, TITLE
from bayesmeta.plots.scale import Range, effect_range
from bayesmeta.summaries import digits, wording
from bayesmeta.summaries.forest import GROUP, NEW, POOLED, STUDY, forest_rows
from bayesmeta.summaries.notes import alarm, footnotes
from bayesmeta.summaries.own_scale import is_moved, kind_of
from bayesmeta.summaries.page import Page
from bayesmeta.summaries.precision import Kind
from bayesmeta.summaries.remembered import Matters
from bayesmeta.summaries.statements import directions
from bayesmeta.summaries.tails import Benefit, threshold
from bayesmeta.summaries.view import Posterior, view_of

TICKS, FAVOURS, AXIS_LABEL, KEY = 0.3, 0.22, 0.26, 0.24
"""Heights below the panel, in inches: tick labels, sides, axis label, key."""

_LONGEST_UNIT = 12
"""Letters of a unit that the heads of columns have room for; the axis names it in any case."""


@dataclass(frozen=True)
class Choices:
    """What the caller chose; as in `plot_forest`."""

    title: str
    interval: float
    shortest: bool
    benefit: Benefit | None
    difference: float | None
    order: str | None = None


@dataclass(frozen=True)
class Words:
    """Everything a forest plot says outside its panels; lists are lines.

    Parameters
    ----------
    key
        Words for each mark: observed, study effect, that of a group, pooled, new study; empty for
        one not there.
    """

    title: list[str]
    alarm: list[str]
    notes: list[str]
    key: tuple[str, str, str, str, str]


@dataclass(frozen=True, eq=False)
class Panel:
    """The rows of one outcome on an axis of their own; of one outcome there is one.

    Parameters
    ----------
    title
        The outcome, where there are several.
    table
        As `forest_table` gives it.
    half
        Half the width of the shaded zone of unimportant effects, on the axis; None without one.
    axis, sides
        What the axis is of, and what its sides mean.
    """

    title: str
    table: pd.DataFrame
    layout: Layout
    limits: Range
    half: float | None
    axis: str
    sides: wording.Sides

    @property
    def head(self) -> float:
        """Height of the title above the rows, in inches."""
        return STRONG.line + 0.1 if self.title else 0.0

    @property
    def height(self) -> float:
        """Height of everything from the title to the axis' name, in inches."""
        return self.head + self.layout.panel_height + TICKS + FAVOURS + AXIS_LABEL


@dataclass(frozen=True, eq=False)
class Plan:
    """A forest plot, planned.

    Parameters
    ----------
    layout
        Of all rows together: what all panels share of it are its columns.
    kind
        What the axes are labelled in: ratios, correlations, or numbers as they are.
    """

    panels: tuple[Panel, ...]
    layout: Layout
    kind: Kind
    words: Words

    @property
    def feet(self) -> list[float]:
        """Height of each panel's foot above the figure's, in inches."""
        foot = MARGIN + len(self.words.notes) * SMALL.line + 0.08 + KEY
        found = []
        for panel in reversed(self.panels):
            found.append(foot + AXIS_LABEL + FAVOURS + TICKS)
            foot += panel.height
        return found[::-1]

    @property
    def top(self) -> float:
        """Height of the first panel's top."""
        first = self.panels[0]
        return self.feet[0] + first.layout.panel_height + first.head

    @property
    def height(self) -> float:
        """Height of the figure, in inches."""
        heads = max(len(column.head) for column in self.layout.columns)
        words = len(self.words.title) * TITLE.line + (heads + len(self.words.alarm)) * STRONG.line
        return self.top + words + 0.2 + MARGIN


def plan(posterior: Posterior, choices: Choices, effects: Effects | None = None) -> Plan:
    """Return the plan of a posterior's forest plot; with effects, of their arms too."""
    view = view_of(posterior)
    # By the attributes alone: a view is stopped at as rarely as can be.
    asked = Matters.of(view.tree.attrs, choices.benefit, choices.difference)
    choices = replace(choices, benefit=asked.benefit, difference=asked.difference)
    page = Page.of(
        view, interval=choices.interval, shortest=choices.shortest,
        difference=choices.difference,
    )  # fmt: skip
    table = forest_rows(page)
    before: dict[str, tuple[str, ...]] = {}
    if effects is not None:
        _require_same(table, effects)
        table, before = with_arms(table, effects)
    names = list(dict.fromkeys(table["outcome"]))
    if choices.order is not None:
        parts = [table[table["outcome"] == name] for name in names]
        table = pd.concat([ordered(part, choices.order, effects) for part in parts])
    sides = _sides(page, names, choices)
    table = _with_benefit(page, table, sides)
    heads = _heads(page, table)
    layout = lay_out(table, heads, before)
    panels = [
        _panel(page, table[table["outcome"] == name], lambda rows: lay_out(rows, heads, before),
               sides[name])
        for name in names
    ]  # fmt: skip
    return Plan(tuple(panels), layout, kind_of(view.word("measure")),
                _words(page, layout, table, choices))  # fmt: skip


class _Side(NamedTuple):
    """Which direction helps of an outcome, if one is told, and half the zone that is trivial."""

    benefit: str | None
    half: float | None


def _sides(page: Page, names: Sequence[str], choices: Choices) -> dict[str, _Side]:
    """Return the direction of benefit and the shaded zone of each outcome.

    Raises
    ------
    PosteriorError
        If a direction is missing, or one minimal important difference is meant for several units.
    """
    view = page.view
    if choices.difference is not None and len(set(view.follows.units.values())) > 1:
        said = ", ".join(f"{name} in {unit}" for name, unit in view.follows.units.items())
        raise PosteriorError(f"One minimal important difference is of one unit: {said}.")
    told = None if choices.benefit is None else directions(names, choices.benefit)
    benefit = {name: None if told is None else told[name] for name in names}
    return {name: _Side(side, _half(view.word("measure"), side, choices.difference))
            for name, side in benefit.items()}  # fmt: skip


def _panel(
    page: Page, table: pd.DataFrame, laid: Callable[[pd.DataFrame], Layout], side: _Side
) -> Panel:
    view, name = page.view, str(table["outcome"].iloc[0])
    own = view.follows.unit_of(f"{schema.MU}[{name}]" if name else schema.MU)
    scale = wording.AXES[kind_of(view.word("measure"))]
    unit = "" if is_moved(view.word("measure")) else own
    return Panel(
        title=name,
        table=table,
        layout=laid(table),
        limits=_limits(table, side.half),
        half=side.half,
        axis=wording.with_unit(wording.measure_title(view) + scale, unit),
        sides=wording.sides(side.benefit),
    )


def _require_same(table: pd.DataFrame, effects: Effects) -> None:
    """Raise unless the effects are those of the posterior."""
    studies = table.loc[table["kind"] == STUDY, ["label", "estimate"]]
    known = dict(zip(effects.labels, effects.estimate.tolist(), strict=True))
    wrong = [label for label, estimate in studies.itertuples(index=False, name=None)
             if known.get(label) != estimate]  # fmt: skip
    if wrong:
        raise PosteriorError(
            f"The effects are not those of the posterior: {', '.join(wrong[:6])} differ."
        )


def _with_benefit(page: Page, table: pd.DataFrame, sides: Mapping[str, _Side]) -> pd.DataFrame:
    """Return the table with the probability of benefit of pooled effects and new studies."""
    view = page.view
    names = {kind: iter([name for name in found if name in page])
             for kind, found in ((POOLED, view.means), (NEW, view.news))}  # fmt: skip
    rows = zip(table["kind"], table["outcome"], strict=True)
    texts = [_probability(page, next(names[kind], ""), sides[outcome].benefit)
             if kind in names else "" for kind, outcome in rows]  # fmt: skip
    return table.assign(benefit_text=texts)


def _probability(page: Page, name: str, benefit: str | None) -> str:
    if not name or benefit is None:
        return ""
    below, error = page.pair(name, "p_below_0")
    if np.isnan(below):
        return ""
    return digits.probability(below if benefit == "lower" else 1 - below, error)


def _heads(page: Page, table: pd.DataFrame) -> dict[str, tuple[str, ...]]:
    """Return the head of each column of text, with the unit; no weights where none are defined."""
    observed = f"Observed {page.code}" if page.code != "Estimate" else page.code
    unit = "" if is_moved(page.view.word("measure")) else page.view.word("unit")
    unit = unit if len(unit) <= _LONGEST_UNIT else ""
    heads: dict[str, tuple[str, ...]] = {
        "observed_text": (wording.with_unit(observed, unit), f"[{100 * page.level:g} % CI]"),
        "effect_text": (wording.with_unit("Posterior median", unit), f"[{page.interval}]"),
    }
    for key, head, there in (
        ("weight_text", "Weight", table["weight"].notna().any()),
        ("benefit_text", "P(benefit)", (table["benefit_text"] != "").any()),
    ):
        heads |= {key: (head,)} if there else {}
    return heads


def _half(measure: str, benefit: str | None, difference: float | None) -> float | None:
    if difference is None:
        return None
    return abs(threshold(measure, benefit=benefit or "lower", difference=difference))


def _limits(table: pd.DataFrame, half: float | None) -> Range:
    pooled = table[table["kind"] == POOLED]
    core = [0.0, *table["estimate"], *table["median"], *pooled["lower"], *pooled["upper"]]
    core += [] if half is None else [-half, half]
    ends = table[["observed_lower", "observed_upper", "lower", "upper"]].to_numpy().ravel()
    return effect_range(core, ends)


def _words(page: Page, layout: Layout, table: pd.DataFrame, choices: Choices) -> Words:
    posterior, room = page.view, layout.width - 2 * MARGIN
    warning = alarm(page)
    notes = [*_shade_note(page), *footnotes(page)]
    return Words(
        title=TITLE.wrapped(wording.heading(posterior, choices.title), room),
        alarm=STRONG.wrapped(warning, room) if warning else [],
        notes=SMALL.paragraphs(notes, room),
        key=_key(page, table),
    )


def _key(page: Page, table: pd.DataFrame) -> tuple[str, str, str, str, str]:
    studies = table[table["kind"] == STUDY]
    weighed, known = studies["weight"].notna().any(), studies["median"].notna().any()
    # Shrinkage is the normal-normal model's; another model pulls effects as it likes.
    effect = "study effect, shrunken" if page.view.is_normal_normal else "study effect"
    return (
        "observed (area: weight)" if weighed else "observed",
        effect if known else "",
        f"{page.view.follows.grouped} effect" if (table["kind"] == GROUP).any() else "",
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
