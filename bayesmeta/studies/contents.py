"""What a file of studies holds, before anything is chosen."""

import os
from typing import NamedTuple

from bayesmeta.errors import StudiesError
from bayesmeta.studies.sources import grids_of_file


class Sheet(NamedTuple):
    """One table of a file: its name ("" where there is one), and its filled rows."""

    name: str
    rows: int


class Contents(NamedTuple):
    """The format of a file, and its tables."""

    format: str
    sheets: tuple[Sheet, ...]


def contents(path: "str | os.PathLike[str]") -> Contents:
    """Return the format of a file, and the tables in it.

    Raises
    ------
    StudiesError
        If it cannot be opened.

    Examples
    --------
    >>> contents("examples/data/normand1999.csv")
    Contents(format='text table', sheets=(Sheet(name='', rows=10),))
    """
    title, grids = grids_of_file(path)
    sheets = [
        Sheet(grid.name if len(grid.name) > 1 else "", sum(any(cells) for _, cells in grid.rows))
        for grid in grids
    ]
    if not sheets:
        raise StudiesError(f"{os.fspath(path)}: the file is empty.")
    return Contents(title, tuple(sheets))
