"""Tables and figures of a comparison with the classical estimators."""

from pathlib import Path

from bayesmeta.comparison import comparison_text
from bayesmeta.comparison.both import Comparison
from bayesmeta.sheets import write_csv


def write(found: Comparison, folder: Path, *, title: str = "") -> None:
    """Write the rows, the gap between them where there is one to explain, and the text."""
    from bayesmeta.plots.comparison import plot_comparison
    from bayesmeta.plots.gap import plot_gap
    from bayesmeta.plots.saving import save_figures

    said = comparison_text(*found, title=title, brief=True)
    (folder / "comparison.txt").write_text(f"{said}\n", encoding="utf-8")
    write_csv(found.table, folder / "comparison.csv")
    figures = {"comparison": plot_comparison(found.table, title=title)}
    if found.gap is not None:
        write_csv(found.gap, folder / "gap.csv")
        figures["gap"] = plot_gap(found.gap, title=title)
    save_figures(figures, folder)
