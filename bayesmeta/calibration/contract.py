"""A calibration as JSON has it."""

from typing import TYPE_CHECKING

from bayesmeta.plain import Json, plain, records

if TYPE_CHECKING:
    import pandas as pd


def contract(table: "pd.DataFrame") -> dict[str, Json]:
    """Return everything `calibrate --json` says; what is not a finite number is None.

    Parameters
    ----------
    table
        From `calibrate`.
    """
    about = {str(name): plain(value) for name, value in table.attrs.items()}
    return about | {"rows": records(table)}
