"""The table that a forest plot draws, with all that was chosen."""

from dataclasses import dataclass

import pandas as pd

from bayesmeta.errors import PosteriorError
from bayesmeta.measures.effects import Effects
from bayesmeta.plots.forest_arms import with_arms
from bayesmeta.plots.forest_benefit import Side, sides_of, with_benefit
from bayesmeta.plots.forest_choices import Choices
from bayesmeta.plots.forest_columns import Head
from bayesmeta.plots.forest_order import ordered
from bayesmeta.plots.forest_words import heads_of
from bayesmeta.summaries.forest import STUDY, forest_rows
from bayesmeta.summaries.page import Page
from bayesmeta.summaries.wording import label_of


@dataclass(frozen=True, eq=False)
class Chosen:
    """The rows, the heads of their columns of text, and the side of each outcome."""

    table: pd.DataFrame
    before: dict[str, Head]
    after: dict[str, Head]
    sides: dict[str, Side]


def chosen_table(page: Page, choices: Choices) -> Chosen:
    """Return the table of a page with its columns, in the order asked for.

    Raises
    ------
    PosteriorError
        If the posterior does not hold the studies' data, the effects are of others, or a choice
        makes no sense.
    """
    table = forest_rows(page)
    effects = choices.effects
    before: dict[str, Head] = {}
    if effects is not None:
        _require_same(table, effects)
        table, before = with_arms(table, effects)
    names = list(dict.fromkeys(table["outcome"]))
    if choices.order is not None:
        parts = [table[table["outcome"] == name] for name in names]
        table = pd.concat([ordered(part, choices.order, effects) for part in parts])
    sides = sides_of(page, names, choices)
    table = with_benefit(page, table, sides)
    return Chosen(table, before, heads_of(page, table), sides)


def _require_same(table: pd.DataFrame, effects: Effects) -> None:
    """Raise unless the effects are those of the posterior."""
    studies = table.loc[table["kind"] == STUDY, ["quantity", "estimate"]]
    known = dict(zip(effects.labels, effects.estimate.tolist(), strict=True))
    named = ((label_of(name), estimate) for name, estimate in studies.itertuples(index=False))
    wrong = [label for label, estimate in named if known.get(label) != estimate]
    if wrong:
        raise PosteriorError(
            f"The effects are not those of the posterior: {', '.join(wrong[:6])} differ."
        )
