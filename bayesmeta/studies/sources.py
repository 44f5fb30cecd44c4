"""Rows of a table, out of any file or frame, with one row a study or an arm."""

import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bayesmeta.errors import StudiesError
from bayesmeta.studies.decimals import with_points
from bayesmeta.studies.formats.frame import rows_of_frame
from bayesmeta.studies.formats.register import format_of
from bayesmeta.studies.grids import chosen_grid, rows_of_grid
from bayesmeta.studies.layouts.register import layout_of
from bayesmeta.studies.limits import bounded
from bayesmeta.studies.rows import Grid, Rows

if TYPE_CHECKING:
    import pandas as pd


def rows_of(
    source: "str | os.PathLike[str] | pd.DataFrame", *, sheet: str | None, decimal: str | None
) -> Rows:
    """Return the rows of a table, numbers with a point, cells of a review under our names.

    Raises
    ------
    StudiesError
        If it cannot be read, or holds several tables and none is chosen.
    """
    if isinstance(source, str | os.PathLike):
        rows = _rows_of_file(source, sheet=sheet)
    else:
        rows = rows_of_frame(source)
    rows = with_points(rows, decimal)
    layout = layout_of(rows)
    return layout.arranged(rows) if layout else rows


def grids_of_file(path: "str | os.PathLike[str]") -> tuple[str, Sequence[Grid]]:
    """Return the format of a file, and every table inside.

    Raises
    ------
    StudiesError
        If the file cannot be opened.
    """
    source = os.fspath(path)
    _require_name(source)
    try:
        with Path(path).expanduser().open("rb") as handle:
            content = bounded(handle, source=source)
    except (OSError, RuntimeError) as error:
        reason = getattr(error, "strerror", None) or error
        raise StudiesError(f"{source}: cannot be read ({reason}).") from error
    found = format_of(content)
    return found.title, found.grids(content, source=source)


def _require_name(source: str) -> None:
    """Raise where a text is given that is no file's name: a table itself, an address, nothing."""
    if not source.strip():
        raise StudiesError("The path of a table of studies is empty.")
    if "\n" in source:
        raise StudiesError(
            "The text of a table is given, not a file's path; save it, or read it with "
            "pandas.read_csv(io.StringIO(text)) and give the frame."
        )
    if re.match(r"(?:https?|ftp)://", source, re.IGNORECASE):
        raise StudiesError(f"{source}: an address, not a file's path; download the table first.")


def _rows_of_file(path: "str | os.PathLike[str]", *, sheet: str | None) -> Rows:
    source = os.fspath(path)
    _, grids = grids_of_file(path)
    grid = chosen_grid(grids, sheet, source=source)
    mark = grid.name if grid.name in (";", ",", "\t", "|") else ""
    where = source if mark or not grid.name or len(grids) == 1 else f"{source}, sheet {grid.name!r}"
    rows = rows_of_grid(grid, source=where)
    return rows._replace(comma=mark != ",", semicolon=mark == ";")
