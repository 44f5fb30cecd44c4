"""Table and figure of a calibration."""

from pathlib import Path
from typing import TYPE_CHECKING

from bayesmeta.sheets import write_csv

if TYPE_CHECKING:
    import pandas as pd


def write(found: "pd.DataFrame", folder: Path) -> None:
    """Write the table and the figure."""
    from bayesmeta.plots.calibration import plot_calibration
    from bayesmeta.plots.saving import save_figures

    write_csv(found, folder / "calibration.csv")
    save_figures({"calibration": plot_calibration(found)}, folder)
