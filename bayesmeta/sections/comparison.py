"""Tables and figures of a comparison with the classical estimators."""

from pathlib import Path

from bayesmeta.comparison import comparison_text
from bayesmeta.comparison.both import Comparison


def write(found: Comparison, folder: Path, *, title: str = "") -> None:
    """Write the rows, the gap between them where there is one to explain, and the text."""
    from bayesmeta.plots.comparison import plot_comparison
    from bayesmeta.plots.gap import plot_gap
    from bayesmeta.plots.saving import save_figures

    (folder / "comparison.txt").write_text(comparison_text(*found) + "\n", encoding="utf-8")
    found.table.to_csv(folder / "comparison.csv", index=False)
    figures = {"comparison": plot_comparison(found.table, title=title)}
    if found.gap is not None:
        found.gap.to_csv(folder / "gap.csv", index=False)
        figures["gap"] = plot_gap(found.gap, title=title)
    save_figures(figures, folder)
