"""Which direction helps, outcome by outcome, and how probable benefit is."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from bayesmeta.errors import PosteriorError
from bayesmeta.plots.forest_choices import Choices
from bayesmeta.summaries import digits
from bayesmeta.summaries.forest import NEW, POOLED
from bayesmeta.summaries.page import Page
from bayesmeta.summaries.statements import directions
from bayesmeta.summaries.tails import threshold


class Side(NamedTuple):
    """Which direction helps of an outcome, if one is told, and half the zone that is trivial."""

    benefit: str | None
    half: float | None


def sides_of(page: Page, names: Sequence[str], choices: Choices) -> dict[str, Side]:
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
    return {name: Side(side, _half(view.word("measure"), side, choices.difference))
            for name, side in benefit.items()}  # fmt: skip


def _half(measure: str, benefit: str | None, difference: float | None) -> float | None:
    if difference is None:
        return None
    return abs(threshold(measure, benefit=benefit or "lower", difference=difference))


def with_benefit(page: Page, table: pd.DataFrame, sides: Mapping[str, Side]) -> pd.DataFrame:
    """Return the table with the probability of benefit of pooled effects and new studies."""
    rows = zip(table["kind"], table["quantity"], table["outcome"], strict=True)
    texts = [_probability(page, str(name), sides[outcome].benefit)
             if kind in (POOLED, NEW) else "" for kind, name, outcome in rows]  # fmt: skip
    return table.assign(benefit_text=texts)


def _probability(page: Page, name: str, benefit: str | None) -> str:
    if benefit is None:
        return ""
    below, error = page.pair(name, "p_below_0")
    if np.isnan(below):
        return ""
    return digits.probability(below if benefit == "lower" else 1 - below, error)
