"""Tables and figures of a duration analysis."""

from pathlib import Path

from bayesmeta.duration_response import Duration
from bayesmeta.duration_response.contract import write_tables
from bayesmeta.duration_response.text import text


def write(found: Duration, folder: Path, *, title: str = "") -> None:
    """Write every table as CSV, the text, and the figures as PNG and SVG."""
    from bayesmeta.plots.bubble import plot_bubble
    from bayesmeta.plots.duration_effects import plot_duration_effects
    from bayesmeta.plots.duration_shapes import plot_duration_shapes
    from bayesmeta.plots.saving import save_figures

    (folder / "duration.txt").write_text(text(found, title=title) + "\n", encoding="utf-8")
    write_tables(found, folder)
    figures = {
        "bubble": plot_bubble(found, title=title),
        "shapes": plot_duration_shapes(found, title=title),
        "effects_by_week": plot_duration_effects(found, title=title),
    }
    save_figures(figures, folder)
