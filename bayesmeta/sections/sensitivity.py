"""Tables and figures of a sensitivity examination."""

from pathlib import Path
from typing import TYPE_CHECKING

from bayesmeta.sensitivity.examination import Examination
from bayesmeta.sensitivity.text import text
from bayesmeta.sheets import write_csv

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.figure import Figure


def write(
    found: Examination,
    folder: Path,
    *,
    title: str = "",
    minimal_important_difference: float | None = None,
) -> None:
    """Write every table as CSV, the text, and the figures as PNG and SVG."""
    from bayesmeta.plots.saving import save_figures

    heading = f"{title}\n\n" if title else ""
    said = text(found, minimal_important_difference=minimal_important_difference)
    (folder / "sensitivity.txt").write_text(f"{heading}{said}\n", encoding="utf-8")
    for name, table in found.tables.items():
        named = table.index.name is not None or table.index.nlevels > 1
        write_csv(table, folder / f"{name}.csv", index=named)
    if found.prior_map is not None:
        grid = found.prior_map.drop_dims("named")
        grid.to_dataframe().to_csv(folder / "prior_map.csv")
    save_figures(_figures(found, title), folder)


def _figures(found: Examination, title: str) -> "dict[str, Figure]":
    from bayesmeta.plots.cumulative import plot_cumulative
    from bayesmeta.plots.leave_one_out import plot_leave_one_out
    from bayesmeta.plots.power_scaling import plot_power_scaling
    from bayesmeta.plots.prior_map import plot_prior_map
    from bayesmeta.plots.tipping import plot_tipping

    drawn: dict[str, Callable[..., Figure]] = {
        "tipping_curve": plot_tipping,
        "power_scaling": plot_power_scaling,
        "leave_one_out": plot_leave_one_out,
        "cumulative": plot_cumulative,
    }
    figures = {
        name: plot(found.tables[name], title=title)
        for name, plot in drawn.items()
        if name in found.tables
    }
    if found.prior_map is not None:
        figures["prior_map"] = plot_prior_map(found.prior_map, title=title)
    return figures
