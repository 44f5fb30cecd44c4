"""Read a table of studies out of a file or a frame."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from bayesmeta.errors import StudiesError
from bayesmeta.studies.arrangement import (
    NAMING,
    Arrangement,
    in_one_direction,
    one_row_a_study,
    wide,
)
from bayesmeta.studies.cells import is_range, looks_numeric, numbers
from bayesmeta.studies.checks import problems_of, words
from bayesmeta.studies.columns import Naming, name_columns
from bayesmeta.studies.derivation import PETO_MEANS, completed, said
from bayesmeta.studies.labels import labelled
from bayesmeta.studies.layouts import two_sets, unknown_arms
from bayesmeta.studies.layouts.packed import unpacked
from bayesmeta.studies.names.ours import NUMERIC, RANGED, TEXT
from bayesmeta.studies.problems import Place, refuse
from bayesmeta.studies.roles import questioned, without_words
from bayesmeta.studies.rows import Rows
from bayesmeta.studies.sources import rows_of
from bayesmeta.studies.table import Column, Studies
from bayesmeta.studies.totals import without_totals

if TYPE_CHECKING:
    import os

    import pandas as pd

_TWO = ', two as in "author, year"'
_ANALYSIS = ("comparison", "subgroup", "year")


def read_studies(  # noqa: PLR0913  (what a table leaves open)
    source: "str | os.PathLike[str] | pd.DataFrame",
    *,
    columns: Mapping[str, str] | None = None,
    sheet: str | None = None,
    decimal: str | None = None,
    arm: str | None = None,
    treated: str | None = None,
    controls: str | None = None,
    totals: str | None = None,
) -> Studies:
    """Return a checked table of studies out of a file or a pandas frame.

    Files are known by their content: text with comma, semicolon or tab in UTF-8, UTF-16 or
    Windows-1252, Excel workbooks, RevMan 5 reviews and exports, data rows and data packages of
    the Cochrane Library. Columns are recognised under our names and those of metafor, meta,
    bayesmeta, RoBMA, JASP, jamovi and RevMan, whatever their case and joints. In a column of
    numbers an empty cell, ``NA``, ``NaN`` or ``.`` is missing; a column of text has no missing
    words, so a study may be called "None". A study may stand in several rows: `effect_sizes`
    refuses that unless it is asked for ``repeated`` ones.

    Parameters
    ----------
    source
        Path of a file, or a frame (an index that has a name is a column of it).
    columns
        Our name to the table's, for what is not recognised: ``{"study": "author"}``; two columns
        joined, ``{"study": "author, year"}``; a role that no column has, ``{"outcome": ""}``.
    sheet
        Which table of a file that holds several: a workbook's sheet, a file in an archive.
    decimal
        ``"point"`` or ``"comma"``, where the table leaves it open.
    arm
        ``"COLUMN=CONTROL"`` where every row is one arm: which rows are controls. Every other arm
        of a study becomes a row against its control.
    treated
        Which arm is compared with the control where there are several; studies without both are
        left out, with a note.
    controls
        Which of two sets of columns holds the controls, where names do not tell.
    totals
        ``"drop"`` or ``"keep"``: rows that may sum up the others, where nothing tells.

    Returns
    -------
    Studies
        The table, with everything that was decided in ``notes``.

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
    _require_names(columns)
    rows = rows_of(source, sheet=sheet, decimal=decimal)
    said = Arrangement(arm, treated, controls, totals)
    try:
        rows, naming, chosen = _named(rows, columns or {}, said)
    except StudiesError as error:
        if not rows.problems:
            raise
        raise StudiesError("\n".join([*rows.problems, str(error)])) from error
    return _checked(rows, naming, chosen)


def _require_names(columns: object) -> None:
    """Raise unless columns are told by our name and the table's, both as text."""
    if columns is None:
        return
    if not isinstance(columns, Mapping):
        raise StudiesError(
            f"columns is {columns!r}; write our name and the table's, such as "
            '{"study": "author"}.'
        )
    for ours, theirs in columns.items():
        if not isinstance(theirs, str):
            raise StudiesError(
                f"columns has {ours!r}: {theirs!r}; write the name of one column as text"
                f"{_TWO if ours == 'study' else ''}."
            )


def _named(
    rows: Rows, by_hand: Mapping[str, str], said: Arrangement
) -> tuple[Rows, Naming, dict[str, str]]:
    """Return the table with one row a study, our names of its columns, and what was chosen."""
    rows = unpacked(two_sets.without_twins(rows), estimate=by_hand.get("estimate", ""))
    if said.arm is not None:
        rows, by_hand = unknown_arms.renamed(rows, by_hand)
    rows = in_one_direction(rows, by_hand, said)
    others = {ours: theirs for ours, theirs in by_hand.items() if ours not in NAMING}
    first = name_columns(rows.header, others, source=rows.source)
    rows, label = labelled(rows, by_hand, first.names)
    rows = without_totals(rows, label, said.totals)
    rows = one_row_a_study(rows, label, said, wide=wide(first.names))
    known = dict(zip(rows.header, name_columns(rows.header, others, source=rows.source).names,
                     strict=True))  # fmt: skip
    chosen = others if known.get(label) == "study" else others | {"study": label}
    naming = name_columns(rows.header, chosen, source=rows.source)
    if by_hand.get("study") != label:
        own = f"Column {label!r} is read as study (chosen by hand)."
        naming = naming._replace(notes=tuple(note for note in naming.notes if note != own))
    return rows, naming, chosen


def _checked(rows: Rows, naming: Naming, chosen: Mapping[str, str]) -> Studies:
    text = _columns_of_text(rows, naming.names)
    theirs = {ours: name for ours, name in zip(naming.names, rows.header, strict=True) if ours}
    renamed, asked = questioned(text, theirs, chosen)
    text = {renamed.get(name, name): cells for name, cells in text.items()}
    text, unreported = without_words(text)
    worded = (*TEXT, *(_ANALYSIS[:2] if rows.numbered else ()))
    columns = {name: _column(name, cells, worded) for name, cells in text.items()}
    problems = [*words(text, columns, theirs), *problems_of(columns, text)]
    refuse(problems, Place(rows.source, rows.lines, text["study"]), first=rows.problems)
    complete, derived = completed(columns)
    # GIV Mean and Peto's (O - E) / V of a ratio are logarithms.
    peto = any(one.column == "estimate" for one in derived)
    scale = "log" if rows.numbered or peto else naming.scale
    aside = {name: _column(name, cells, worded) for name, cells in _aside(rows, naming).items()}
    if naming.confidence is not None and "confidence" not in complete:
        complete["confidence"] = np.full(len(rows.lines), naming.confidence)
    notes = (
        *rows.notes,
        *naming.notes,
        *asked,
        *unreported,
        *said(derived, complete),
        *_warned(columns),
    )
    return Studies(
        complete, rows.source, rows.lines, notes, scale, theirs["study"], naming.error_scale,
        derived, aside, meant=PETO_MEANS if peto and not rows.numbered else naming.meant,
    )  # fmt: skip


def _aside(rows: Rows, naming: Naming) -> dict[str, tuple[str, ...]]:
    """Return the columns that have not kept the table's own name, under that name."""
    return {
        theirs: tuple(rows.column(theirs))
        for ours, theirs in zip(naming.names, rows.header, strict=True)
        if theirs and theirs != ours
    }


def _columns_of_text(rows: Rows, names: Sequence[str]) -> dict[str, tuple[str, ...]]:
    cells = zip(*rows.cells, strict=True)
    return {name: column for name, column in zip(names, cells, strict=True) if name}


def _warned(columns: Mapping[str, Column]) -> tuple[str, ...]:
    """Return the note that keeps invented rows from passing for real ones."""
    return ("The data are SIMULATED: a column of the table says so.",) * ("SIMULATED" in columns)


def _column(name: str, cells: tuple[str, ...], worded: Sequence[str]) -> Column:
    if name in RANGED and any(map(is_range, cells)):
        return np.array(cells, dtype=np.str_)
    if name in NUMERIC or (name not in worded and looks_numeric(cells)):
        return numbers(cells)[0]
    return np.array(cells, dtype=np.str_)
