"""What a forest plot says outside its panels: title, notes, key, heads, axes."""

from dataclasses import dataclass

import pandas as pd

from bayesmeta import schema
from bayesmeta.plots.forest_choices import Choices
from bayesmeta.plots.forest_columns import Head
from bayesmeta.plots.ink import MARGIN, SMALL, STRONG, TITLE
from bayesmeta.summaries import wording
from bayesmeta.summaries.forest import GROUP, MARK, NEW, STUDY
from bayesmeta.summaries.notes import alarm, footnotes
from bayesmeta.summaries.page import Page

_LONGEST_UNIT = 12
"""Letters of a unit that the heads of columns have room for; the axis names it in any case."""


@dataclass(frozen=True)
class Words:
    """Everything a forest plot says outside its panels; lists are lines.

    Parameters
    ----------
    key
        Words for each mark there is, by the mark's name.
    """

    title: list[str]
    alarm: list[str]
    notes: list[str]
    key: dict[str, str]


def words_of(page: Page, width: float, table: pd.DataFrame, choices: Choices) -> Words:
    """Return the words of a figure of a width in inches."""
    room = width - 2 * MARGIN
    warning = alarm(page)
    notes = [*_shade_note(page), *footnotes(page)]
    return Words(
        title=TITLE.wrapped(wording.heading(page.view, choices.title), room),
        alarm=STRONG.wrapped(warning, room) if warning else [],
        notes=SMALL.paragraphs(notes, room),
        key=_key(page, table),
    )


def axis_of(page: Page, outcome: str) -> str:
    """Return the name of an outcome's axis, with the unit."""
    view = page.view
    scale = " (log scale)" if view.is_ratio else ""
    own = view.follows.unit_of(f"{schema.MU}[{outcome}]" if outcome else schema.MU)
    return wording.with_unit(wording.measure_title(view) + scale, "" if view.is_ratio else own)


def heads_of(page: Page, table: pd.DataFrame) -> dict[str, Head]:
    """Return the head of each column of text, with the unit; no weights where none are defined."""
    observed = f"{_reported(page).capitalize()} {page.code}"
    observed = observed if page.code != "Estimate" else page.code
    unit = "" if page.view.is_ratio else page.view.word("unit")
    unit = unit if len(unit) <= _LONGEST_UNIT else ""
    heads: dict[str, tuple[str, ...]] = {
        "observed_text": (wording.with_unit(observed, unit), f"[{100 * page.level:g} % CI]"),
        "effect_text": (wording.with_unit("Posterior median", unit), f"[{page.interval}]"),
    }
    kernel = page.view.kernel
    marked = (
        ()
        if kernel is None or MARK not in table
        else ((MARK, kernel.MARK_HEAD[:1].upper() + kernel.MARK_HEAD[1:]),)
    )
    for key, said in (("weight_text", "Weight"), *marked, ("benefit_text", "P(benefit)")):
        heads |= {key: (said,)} if (table[key] != "").any() else {}
    return {key: Head(lines) for key, lines in heads.items()}


def _key(page: Page, table: pd.DataFrame) -> dict[str, str]:
    studies, kinds = table[table["kind"] == STUDY], set(table["kind"])
    weighed, known = studies["weight"].notna().any(), studies["median"].notna().any()
    # Shrinkage is the normal-normal model's; another model pulls effects as it likes.
    effect = "study effect, shrunken" if page.view.is_normal_normal else "study effect"
    said = {
        "observed": f"{_reported(page)} (area: weight)" if weighed else _reported(page),
        "effect": effect if known else "",
        "group": f"{page.view.follows.grouped} effect" if GROUP in kinds else "",
        "pooled": "pooled effect",
        "new": "effect in a new study" if NEW in kinds else "",
    }
    return {mark: text for mark, text in said.items() if text}


def _reported(page: Page) -> str:
    """Return what a study's estimate is: observed, or for display where there are counts."""
    return "approximate" if page.view.is_approximate else "observed"


def _shade_note(page: Page) -> list[str]:
    view, difference = page.view, page.difference
    if difference is None:
        return []
    size = f"{difference:g} {wording.unit(view)}".rstrip()
    if view.is_ratio:
        size = f"a ratio of {difference:g} or {1 / difference:.3g}"
    return [f"Shaded: effects smaller than the minimal important difference, {size}."]
