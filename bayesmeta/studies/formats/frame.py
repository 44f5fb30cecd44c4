"""Rows of text out of a pandas frame."""

import math
from typing import TYPE_CHECKING

from bayesmeta.errors import StudiesError
from bayesmeta.studies.rows import Rows
from bayesmeta.studies.table import FRAME

if TYPE_CHECKING:
    import pandas as pd


def rows_of_frame(frame: "pd.DataFrame") -> Rows:
    """Return the rows of a pandas frame; its index is not read.

    Raises
    ------
    StudiesError
        If it is not a frame, or has no rows.
    """
    import pandas as pd

    if not isinstance(frame, pd.DataFrame):
        kind = type(frame).__name__
        raise StudiesError(f"A table of studies is a file's path or a DataFrame, not a {kind}.")
    if frame.empty:
        raise StudiesError(f"{FRAME}: no studies; the frame has no rows.")
    header = tuple(str(name).strip() for name in frame.columns)
    columns = [
        [
            _cell(value, missing=missing)
            for value, missing in zip(column, column.isna(), strict=True)
        ]
        for _, column in frame.items()
    ]
    cells = [list(row) for row in zip(*columns, strict=True)]
    return Rows(FRAME, header, cells, tuple(range(1, len(frame) + 1)))


def _cell(value: object, *, missing: bool) -> str:
    if missing:
        return ""
    # Labels 1.0, 2.0 ... come from integers that pandas widened.
    if isinstance(value, float) and math.isfinite(value):
        return str(int(value)) if value.is_integer() else repr(float(value))
    return str(value).strip()
