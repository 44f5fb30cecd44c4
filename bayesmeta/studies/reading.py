"""Read a table of studies out of a file or a frame."""

import os
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from bayesmeta.studies.cells import is_range, looks_numeric, numbers
from bayesmeta.studies.checks import duplicates, problems_of
from bayesmeta.studies.columns import NUMERIC, RANGED, TEXT, name_columns
from bayesmeta.studies.problems import Place, Problem, refuse
from bayesmeta.studies.sources import Rows, rows_of_file, rows_of_frame
from bayesmeta.studies.table import Column, Studies, line_word

if TYPE_CHECKING:
    import pandas as pd


def read_studies(
    source: "str | os.PathLike[str] | pd.DataFrame", *, columns: Mapping[str, str] | None = None
) -> Studies:
    """Return a checked table of studies out of a CSV file or a pandas frame.

    Columns are recognised under our names, metafor's and RevMan's. In a column of numbers an
    empty cell, ``NA``, ``NaN`` or ``.`` is missing; a column of text has no missing words, so a
    study may be called "None". A file is UTF-8, with comma, semicolon or tab.

    Parameters
    ----------
    source
        Path of a CSV file, or a frame (its index is not read).
    columns
        Our name to the table's, for what is not recognised: ``{"study": "author"}``.

    Returns
    -------
    Studies
        The table, with every renaming in ``notes``.

    Raises
    ------
    StudiesError
        If the table cannot be read, or with every bad cell in one message: file, line, study,
        column, value and what it must be.

    Examples
    --------
    Two trials of specialist stroke care, length of stay in days (Normand 1999):

    >>> import pandas as pd
    >>> frame = pd.DataFrame({"slab": ["Edinburgh", "Umea"], "n1i": [155, 110],
    ...                       "m1i": [55, 21], "sd1i": [47, 16], "n2i": [156, 183],
    ...                       "m2i": [75, 31], "sd2i": [64, 27]})
    >>> studies = read_studies(frame)
    >>> studies["sd_control"]
    array([64., 27.])
    >>> studies.notes[0]
    "Column 'slab' is read as study."
    """
    rows = rows_of_file(source) if isinstance(source, str | os.PathLike) else rows_of_frame(source)
    naming = name_columns(rows.header, columns or {}, source=rows.source)
    text = _columns_of_text(rows, naming.names)
    return _checked(text, rows, notes=rows.notes + naming.notes)


def _columns_of_text(rows: Rows, names: Sequence[str]) -> dict[str, tuple[str, ...]]:
    cells = zip(*rows.cells, strict=True)
    return {name: column for name, column in zip(names, cells, strict=True) if name}


def _checked(text: Mapping[str, tuple[str, ...]], rows: Rows, *, notes: tuple[str, ...]) -> Studies:
    columns = {name: _column(name, cells) for name, cells in text.items()}
    problems = [
        *_words(text, columns),
        *problems_of(columns, text),
        *duplicates(columns, rows.lines, word=line_word(rows.source)),
    ]
    refuse(problems, Place(rows.source, rows.lines, text["study"]))
    complete, derived = _with_arm_sizes(columns)
    return Studies(complete, rows.source, rows.lines, notes + derived + _warned(columns))


def _warned(columns: Mapping[str, Column]) -> tuple[str, ...]:
    """Return the note that keeps invented rows from passing for real ones."""
    return ("The data are SIMULATED: a column of the table says so.",) * ("SIMULATED" in columns)


def _column(name: str, cells: tuple[str, ...]) -> Column:
    if name in RANGED and any(map(is_range, cells)):
        return np.array(cells, dtype=np.str_)
    if name in NUMERIC or (name not in TEXT and looks_numeric(cells)):
        return numbers(cells)[0]
    return np.array(cells, dtype=np.str_)


def _words(text: Mapping[str, tuple[str, ...]], columns: Mapping[str, Column]) -> Iterator[Problem]:
    """Yield a problem for each word in a column of numbers."""
    for name in columns:
        if name in NUMERIC:
            for row in numbers(text[name])[1]:
                if name in RANGED and is_range(text[name][row]):
                    continue
                yield Problem(
                    row, name, f"{text[name][row]!r} is not a number{_hint(text[name][row])}."
                )


def _hint(cell: str) -> str:
    dotted = cell.replace(",", ".")
    return f"; write {dotted}" if cell.count(",") == 1 and looks_numeric([dotted]) else ""


def _with_arm_sizes(columns: Mapping[str, Column]) -> tuple[dict[str, Column], tuple[str, ...]]:
    """Return the columns with the size of an arm counted from its cells where it is not given."""
    complete, notes = dict(columns), []
    for arm in ("treatment", "control"):
        cells = (f"events_{arm}", f"non_events_{arm}")
        if f"n_{arm}" not in columns and all(cell in columns for cell in cells):
            complete[f"n_{arm}"] = columns[cells[0]] + columns[cells[1]]
            notes.append(f"n_{arm} is {cells[0]} + {cells[1]}.")
    return complete, tuple(notes)
