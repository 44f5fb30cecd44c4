"""What each outcome borrowed from the others."""

from typing import TYPE_CHECKING

from bayesmeta.comparison.borrowing_text import ABOUT, borrowing_grid
from bayesmeta.report.document import Chapter, table

if TYPE_CHECKING:
    import pandas as pd


def borrowing(found: "pd.DataFrame", *, measure: str, interval: float) -> Chapter:
    """Return the own fits beside the joint one."""
    title = "What each outcome borrowed from the others"
    grid = borrowing_grid(found, measure, interval=interval)
    return Chapter(
        "borrowing", title, (table("borrowing_table", title, grid.head, grid.rows, [ABOUT]),)
    )
