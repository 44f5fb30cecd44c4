"""The answer at each of several assumed correlations."""

from pathlib import Path
from typing import TYPE_CHECKING

from bayesmeta.report.chapters.figures import drawn
from bayesmeta.report.document import Chapter, table
from bayesmeta.sensitivity.strip_words import reason, strip_caption, strip_grid

if TYPE_CHECKING:
    import pandas as pd


def correlation(found: "pd.DataFrame", folder: Path) -> Chapter:
    """Return the strip as a table and a figure."""
    grid, said = strip_grid(found), strip_caption(found)
    strip = table("correlation_strip", said, grid.head, grid.rows, [reason(found)])
    return Chapter("correlation", "Assumed correlations", (strip, *drawn(folder, said)))
