"""Table and figure of a calibration."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


def write(found: "pd.DataFrame", folder: Path) -> None:
    """Write the table and the figure."""
    from bayesmeta.plots.calibration import plot_calibration
    from bayesmeta.plots.saving import save_figures

    found.to_csv(folder / "calibration.csv", index=False)
    save_figures({"calibration": plot_calibration(found)}, folder)
