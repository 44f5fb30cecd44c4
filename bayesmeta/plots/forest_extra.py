"""Further columns of the table of studies, as text beside the rows of a forest plot."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bayesmeta.measures.effects import Effects
from bayesmeta.plots.forest_columns import Head
from bayesmeta.plots.forest_sources import cells_of
from bayesmeta.plots.lettering import Letters
from bayesmeta.summaries import digits
from bayesmeta.summaries.forest import STUDY
from bayesmeta.summaries.page import Page
from bayesmeta.summaries.wording import label_of

if TYPE_CHECKING:
    import pandas as pd

_WIDEST = 1.6
"""Of a cell of words, in inches; longer ones end in an ellipsis."""


def with_extra(
    page: Page, table: "pd.DataFrame", names: Sequence[str], effects: Effects | None,
    letters: Letters,
) -> "tuple[pd.DataFrame, dict[str, Head]]":  # fmt: skip
    """Return a forest plot's table with columns of the table of studies, and their heads.

    Numbers stand below one another by their points, words begin at the left.

    Parameters
    ----------
    names
        Of the columns.
    letters
        Those of a study's row.

    Raises
    ------
    PosteriorError
        If there is no such column.
    """
    heads: dict[str, Head] = {}
    texts: dict[str, list[str]] = {}
    for name in names:
        cells = cells_of(page, effects, name, use="to show beside the studies")
        numbers = all(isinstance(cell, int | float) for cell in cells.values())
        key = f"extra {name}"
        heads[key] = Head((name,), "point" if numbers else "left")
        said = {label: letters.clipped(_text(cell), _WIDEST) for label, cell in cells.items()}
        texts[key] = [
            said[label_of(str(quantity))] if kind == STUDY else ""
            for kind, quantity in zip(table["kind"], table["quantity"], strict=True)
        ]
    return table.assign(**texts), heads


def _text(cell: object) -> str:
    """Return a cell as it is; an empty one is empty."""
    if not isinstance(cell, float):
        return " ".join(str(cell).split())
    return "" if cell != cell else f"{cell:.15g}".replace("-", digits.MINUS)  # noqa: PLR0124
