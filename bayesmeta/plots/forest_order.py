"""The order of a forest plot's studies: by any of its numbers, or any column of their table."""

from typing import TYPE_CHECKING

import numpy as np

from bayesmeta.errors import PosteriorError
from bayesmeta.summaries.forest import STUDY
from bayesmeta.summaries.wording import label_of

if TYPE_CHECKING:
    import pandas as pd

    from bayesmeta.measures.effects import Effects

_NUMBERS = ("estimate", "median", "weight", "label")


def ordered(table: "pd.DataFrame", by: str, effects: "Effects | None") -> "pd.DataFrame":
    """Return a forest plot's table with its studies in another order, ties in file order.

    Parameters
    ----------
    table
        As `forest_table` gives it.
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
    elif effects is not None and name in effects.studies:
        cells = dict(zip(effects.labels, effects.studies[name], strict=True))
        values = np.array([cells[label_of(name)] for name in studies["quantity"]])
    else:
        known = [*_NUMBERS, *(effects.studies.columns if effects is not None else ())]
        raise PosteriorError(
            f"No column {name!r} to order studies by; known: {', '.join(dict.fromkeys(known))}."
        )
    ranks = np.unique(values, return_inverse=True)[1] if values.dtype.kind != "f" else values
    rank = -ranks if by.startswith("-") else ranks
    places = np.argsort(rank, kind="stable")
    rest = table[table["kind"] != STUDY]
    return table.loc[[*studies.index[places], *rest.index]].reset_index(drop=True)
