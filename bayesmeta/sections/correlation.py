"""Table and figure of an answer at assumed correlations."""

from pathlib import Path
from typing import TYPE_CHECKING

from bayesmeta.sensitivity.strip_words import strip_text

if TYPE_CHECKING:
    import pandas as pd


def write(found: "pd.DataFrame", folder: Path, *, title: str = "") -> None:
    """Write the table, the text and the figure."""
    from bayesmeta.plots.correlation_strip import plot_correlation_strip
    from bayesmeta.plots.saving import save_figures

    (folder / "correlation.txt").write_text(strip_text(found) + "\n", encoding="utf-8")
    found.to_csv(folder / "correlation.csv")
    save_figures({"correlation": plot_correlation_strip(found, title=title)}, folder)
