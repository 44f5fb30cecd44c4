"""The order of a forest plot's studies: by any of its numbers, or any column of their table."""

from typing import TYPE_CHECKING

import numpy as np

from bayesmeta.measures.effects import Effects
from bayesmeta.plots.forest_sources import cells_of
from bayesmeta.summaries.forest import STUDY
from bayesmeta.summaries.page import Page
from bayesmeta.summaries.wording import label_of

if TYPE_CHECKING:
    import pandas as pd

_NUMBERS = ("estimate", "median", "weight", "label")


def ordered(page: Page, table: "pd.DataFrame", by: str, effects: Effects | None) -> "pd.DataFrame":
    """Return a forest plot's table with its studies in another order, ties in file order.

    Parameters
    ----------
    table
        As `forest_table` gives it, of one outcome.
    by
        ``estimate``, ``median``, ``weight``, ``label``, or a column of the table of studies, with
        a minus before it for the largest first; what is missing comes last.
    effects
        What the posterior was made of, where the column is one of its own.

    Raises
    ------
    PosteriorError
        If there is no such column.
    """
    name = by.removeprefix("-")
    studies = table[table["kind"] == STUDY]
    if name in _NUMBERS:
        values = studies[name].to_numpy()
    else:
        cells = cells_of(page, effects, name, use="to order studies by", beside=_NUMBERS)
        values = np.array([cells[label_of(quantity)] for quantity in studies["quantity"]])
    ranks = np.unique(values, return_inverse=True)[1] if values.dtype.kind != "f" else values
    rank = -ranks if by.startswith("-") else ranks
    places = np.argsort(rank, kind="stable")
    rest = table[table["kind"] != STUDY]
    return table.loc[[*studies.index[places], *rest.index]].reset_index(drop=True)
