"""Rows of text out of a pandas frame."""

import math
from typing import TYPE_CHECKING

from bayesmeta.errors import StudiesError
from bayesmeta.studies.rows import Rows
from bayesmeta.studies.table import FRAME

if TYPE_CHECKING:
    import pandas as pd


_WAYS = {
    **dict.fromkeys(("dict", "list", "tuple", "ndarray"), "; pandas.DataFrame(...) makes one"),
    **dict.fromkeys(("StringIO", "BytesIO", "TextIOWrapper", "BufferedReader", "bytes"),
                    "; give the path, or pandas.read_csv(...) of it"),
    "Series": "; give the whole frame",
}  # fmt: skip


def rows_of_frame(frame: "pd.DataFrame") -> Rows:
    """Return the rows of a pandas frame; an index that has a name is a column.

    Raises
    ------
    StudiesError
        If it is not a frame, or has no rows.
    """
    import pandas as pd

    if not isinstance(frame, pd.DataFrame):
        kind = type(frame).__name__
        raise StudiesError(
            f"A table of studies is a file's path or a DataFrame, not a {kind}"
            f"{_WAYS.get(kind, '')}."
        )
    if frame.empty:
        raise StudiesError(f"{FRAME}: no studies; the frame has no rows.")
    notes: tuple[str, ...] = ()
    if frame.index.name is not None and str(frame.index.name) not in map(str, frame.columns):
        frame = frame.reset_index()
        notes = (f"The frame's index, {str(frame.columns[0])!r}, is taken as a column.",)
    header = tuple(str(name).strip() for name in frame.columns)
    columns = [
        [
            _cell(value, missing=missing)
            for value, missing in zip(column, column.isna(), strict=True)
        ]
        for _, column in frame.items()
    ]
    cells = [list(row) for row in zip(*columns, strict=True)]
    return Rows(FRAME, header, cells, tuple(range(1, len(frame) + 1)), notes)


def _cell(value: object, *, missing: bool) -> str:
    if missing:
        return ""
    # Labels 1.0, 2.0 ... come from integers that pandas widened.
    if isinstance(value, float) and math.isfinite(value):
        return str(int(value)) if value.is_integer() else repr(float(value))
    return str(value).strip()
