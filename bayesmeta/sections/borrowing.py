"""Table of what each outcome borrowed."""

from pathlib import Path
from typing import TYPE_CHECKING

from bayesmeta.comparison.borrowing_text import borrowing_text

if TYPE_CHECKING:
    import pandas as pd


def write(found: "pd.DataFrame", folder: Path, *, measure: str, interval: float) -> None:
    """Write the table and the text."""
    said = borrowing_text(found, measure, interval=interval)
    (folder / "borrowing.txt").write_text(said + "\n", encoding="utf-8")
    found.to_csv(folder / "borrowing.csv", index=False)
