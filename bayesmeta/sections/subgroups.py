"""Tables and figure of subgroups."""

from pathlib import Path

from bayesmeta.duration_response.subgroup_text import text, write_tables
from bayesmeta.duration_response.subgroups import Subgroups


def write(found: Subgroups, folder: Path, *, title: str = "") -> None:
    """Write every table as CSV, the text, and the forest as PNG and SVG."""
    from bayesmeta.plots.duration_subgroups import plot_subgroups
    from bayesmeta.plots.saving import save_figures

    (folder / "subgroups.txt").write_text(text(found, title=title) + "\n", encoding="utf-8")
    write_tables(found, folder)
    save_figures({"subgroups": plot_subgroups(found, title=title)}, folder)
