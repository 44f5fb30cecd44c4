"""A calibration as JSON has it."""

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


def contract(table: "pd.DataFrame") -> dict[str, object]:
    """Return everything `calibrate --json` says; what is not a finite number is None.

    Parameters
    ----------
    table
        From `calibrate`.
    """
    rows = [
        {str(name): value if isinstance(value, str) or math.isfinite(value) else None
         for name, value in row.items()}
        for row in table.to_dict("records")
    ]  # fmt: skip
    return {str(name): value for name, value in table.attrs.items()} | {"rows": rows}
