"""The table that a forest plot draws, with all that was chosen."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from bayesmeta.errors import PosteriorError
from bayesmeta.measures.effects import Effects
from bayesmeta.plots.forest_arms import with_arms
from bayesmeta.plots.forest_benefit import Side, sides_of, with_benefit
from bayesmeta.plots.forest_choices import Choices
from bayesmeta.plots.forest_classical import (
    USUAL,
    classical_note,
    fit_of,
    homogeneity_note,
    with_classical,
)
from bayesmeta.plots.forest_columns import Head
from bayesmeta.plots.forest_extra import with_extra
from bayesmeta.plots.forest_groups import arranged, of_model, with_tau
from bayesmeta.plots.forest_order import ordered
from bayesmeta.plots.forest_risk import Judged, with_risk
from bayesmeta.plots.forest_subtotals import subtotalled
from bayesmeta.plots.forest_words import heads_of
from bayesmeta.plots.ink import BODY
from bayesmeta.summaries.forest import STUDY, forest_rows
from bayesmeta.summaries.page import Page
from bayesmeta.summaries.wording import label_of


@dataclass(frozen=True, eq=False)
class Chosen:
    """The rows, the heads of their columns of text, the side of each outcome, further notes."""

    table: pd.DataFrame
    before: dict[str, Head]
    after: dict[str, Head]
    sides: dict[str, Side]
    notes: tuple[str, ...]


def chosen_table(page: Page, choices: Choices) -> Chosen:
    """Return the table of a page with its columns, in the order asked for.

    Raises
    ------
    BayesmetaError
        If the posterior does not hold the studies' data, the effects are of others, or a choice
        makes no sense.
    """
    table, effects = forest_rows(page), choices.effects
    if effects is not None:
        _require_same(table, effects)
    names = list(dict.fromkeys(table["outcome"]))
    sides = sides_of(page, names, choices)
    table = with_benefit(page, table, sides)
    if choices.order is not None:
        parts = [table[table["outcome"] == name] for name in names]
        table = pd.concat([ordered(page, part, choices.order, effects) for part in parts],
                          ignore_index=True)  # fmt: skip
    table, notes = _with_rows(page, table, choices, sides)
    before, beyond, judged = _with_columns(page, table, choices)
    after = heads_of(page, judged.table) | beyond
    said = tuple(note for note in (judged.note, *notes) if note)
    return Chosen(judged.table, before, after, sides, said)


def _with_rows(
    page: Page, table: pd.DataFrame, choices: Choices, sides: Mapping[str, Side]
) -> tuple[pd.DataFrame, list[str]]:
    """Return the table with groups and a classical row, and what is to be said of both."""
    notes = [homogeneity_note(page)]
    if choices.classical:
        asked = USUAL if choices.classical is True else choices.classical
        fit = fit_of(page, asked)
        table = with_classical(page, table, fit)
        notes.append(classical_note(page, fit))
    if choices.subgroups is None:
        division = of_model(page, table)
    else:
        (side, *_) = sides.values()
        division = subtotalled(page, choices, side.benefit)
    if division is not None:
        table = with_tau(page, arranged(table, division))
        notes.append(division.note)
    return table, notes


def _with_columns(
    page: Page, table: pd.DataFrame, choices: Choices
) -> tuple[dict[str, Head], dict[str, Head], Judged]:
    """Return heads before and beyond the plot, and the table with these columns."""
    effects = choices.effects
    table, before = with_extra(page, table, choices.columns, effects, BODY)
    if effects is None:
        return before, {}, Judged(table, {}, "")
    table, arms = with_arms(table, effects)
    judged = with_risk(table, effects)
    return before | arms, judged.heads, judged


def _require_same(table: pd.DataFrame, effects: Effects) -> None:
    """Raise unless the effects are those of the posterior."""
    studies = table.loc[table["kind"] == STUDY, ["quantity", "estimate"]]
    known = dict(zip(effects.labels, effects.estimate.tolist(), strict=True))
    named = ((label_of(name), estimate) for name, estimate in studies.itertuples(index=False))
    wrong = [label for label, estimate in named
             if not np.array_equal(known.get(label, np.inf), estimate, equal_nan=True)]  # fmt: skip
    if wrong:
        raise PosteriorError(
            f"The effects are not those of the posterior: {', '.join(wrong[:6])} differ."
        )
