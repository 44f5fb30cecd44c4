"""Which column names the studies, alone or joined with another."""

from collections.abc import Iterable, Mapping, Sequence

from bayesmeta.errors import StudiesError
from bayesmeta.near import did_you_mean
from bayesmeta.studies.cells import MISSING, number
from bayesmeta.studies.columns import has
from bayesmeta.studies.layouts import contrasts
from bayesmeta.studies.names.keys import key_of
from bayesmeta.studies.names.labels import LIKELY, YEARS
from bayesmeta.studies.names.ours import NUMERIC, TEXT
from bayesmeta.studies.rows import Rows
from bayesmeta.studies.wording import column_choice

NUMBERED = "row"
"""What stands for the rows' own numbers where no column names the studies."""

_LABEL = "study"
_IDENTITY = "id"
_JOINT = ","
_FIRST_YEAR, _LAST_YEAR = 1800, 2100


def labelled(rows: Rows, by_hand: Mapping[str, str], names: Sequence[str]) -> tuple[Rows, str]:
    """Return the table with a column of study labels, and the name of that column.

    Chosen by hand, one column or several joined ("author, year"); else the column of a known
    name; else one that is likely by its name, else one of text that is different in every row,
    each alone or joined with a year. What was chosen is noted, with how to choose otherwise.

    Parameters
    ----------
    names
        Our name of each column.

    Raises
    ------
    StudiesError
        If no column will do, or several would do equally.
    """
    if by_hand.get(_LABEL):
        return _by_hand(rows, by_hand[_LABEL])
    if _LABEL in names:
        return rows, rows.header[list(names).index(_LABEL)]
    likely = sorted((name for name in rows.header if key_of(name) in LIKELY),
                    key=lambda name: LIKELY.index(key_of(name)))  # fmt: skip
    for name in likely:
        found = _unique(rows, name)
        if found:
            return _said(found, name, rows)
    if likely:
        return _said((likely[0],), likely[0], rows)
    return _from_values(rows, names)


def _from_values(rows: Rows, names: Sequence[str]) -> tuple[Rows, str]:
    if not rows.header[0] and _texts(row[0] for row in rows.cells):
        header = (_LABEL, *rows.header[1:])
        note = "The first column, which has no name, is taken as the study."
        return rows._replace(header=header, notes=(*rows.notes, note)), _LABEL
    treatments = contrasts.labels(rows, {})
    own = {name for name, ours in zip(rows.header, names, strict=True)
           if name == ours and name and ours not in TEXT + NUMERIC
           and name not in treatments}  # fmt: skip
    candidates = {name: found for name in rows.header
                  if name in own and (found := _unique(rows, name))}  # fmt: skip
    if len(candidates) == 1:
        name, found = next(iter(candidates.items()))
        return _said(found, name, rows)
    numbered = next((name for name in rows.header if key_of(name) == _IDENTITY), "")
    if not candidates and numbered and all(rows.column(numbered)):
        return _said((numbered,), numbered, rows)
    raise StudiesError(_question(rows, list(candidates), own))


def _question(rows: Rows, candidates: Sequence[str], own: Iterable[str]) -> str:
    choices = [column_choice(_LABEL, name) for name in candidates]
    choices = choices or [column_choice(_LABEL, name) for name in _first_word(rows, own)]
    numbered = column_choice(_LABEL, NUMBERED)
    named = (
        f"Choose it with {' or '.join(choices)}, two joined with "
        f"{column_choice(_LABEL, 'author, year')}, or number"
        if choices
        else "Number"
    )
    return (
        f"{rows.source}: no column 'study' with the studies' names, and "
        f"{'several that could be' if candidates else 'none of text that is different in each row'}"
        f"; {has(rows.header)}. {named} the rows with {numbered}."
    )


def _first_word(rows: Rows, own: Iterable[str]) -> list[str]:
    """Return the first column of text that has no other meaning, if there is one."""
    return [name for name in rows.header if name in own and _texts(rows.column(name))][:1]


def _by_hand(rows: Rows, wanted: str) -> tuple[Rows, str]:
    if wanted in rows.header:
        return rows, wanted
    if wanted == NUMBERED:
        numbers = [f"row {place}" for place in range(1, len(rows.cells) + 1)]
        note = "The studies have the numbers of their rows, as was said."
        return _joined(rows, numbers, note, name=NUMBERED)
    parts = [part.strip() for part in wanted.split(_JOINT)]
    absent = [part for part in parts if part not in (*rows.header, NUMBERED)]
    if absent:
        listed = ", ".join(map(repr, absent))
        raise StudiesError(
            f"{rows.source}: no column {listed}; {has(rows.header)}."
            f"{did_you_mean(absent[0], rows.header)}"
        )
    note = f"The study is {' and '.join(map(repr, parts))} joined, as was said."
    return _joined(rows, _together(rows, parts), note, name=", ".join(parts))


def _together(rows: Rows, parts: Sequence[str]) -> list[str]:
    numbers = [f"[{place}]" for place in range(1, len(rows.cells) + 1)]
    columns = [rows.column(part) if part in rows.header else numbers for part in parts]
    return [" ".join(filter(None, cells)) for cells in zip(*columns, strict=True)]


def _joined(rows: Rows, labels: list[str], note: str, *, name: str) -> tuple[Rows, str]:
    found = rows.replaced({name: labels})
    return found._replace(notes=(*rows.notes, note)), name


def _said(parts: Sequence[str], name: str, rows: Rows) -> tuple[Rows, str]:
    otherwise = f"say otherwise with {column_choice(_LABEL, 'COLUMN')}"
    if len(parts) == 1:
        note = f"Column {name!r} is taken as the study; {otherwise}."
        return rows._replace(notes=(*rows.notes, note)), name
    note = f"The study is {' and '.join(map(repr, parts))} joined; {otherwise}."
    return _joined(rows, _together(rows, parts), note, name=", ".join(parts))


def _unique(rows: Rows, name: str) -> tuple[str, ...]:
    """Return the column, or it with a year, if that is text different in every row; else ()."""
    cells = rows.column(name)
    if not _texts(cells):
        return ()
    if len(set(cells)) == len(cells):
        return (name,)
    for year in (other for other in rows.header if holds_years(other, rows.column(other))):
        if len(set(_together(rows, (name, year)))) == len(cells):
            return (name, year)
    return ()


def _texts(cells: Iterable[str]) -> bool:
    """Return whether every cell is filled, and most are words."""
    listed = list(cells)
    words = sum(number(cell) is None for cell in listed)
    return bool(listed) and all(listed) and 2 * words > len(listed)


def holds_years(name: str, cells: Iterable[str]) -> bool:
    """Return whether a column has the name and the values of years of publication.

    Examples
    --------
    >>> holds_years("pubyear", ["1998", "2004"]), holds_years("year", ["1", "2"])
    (True, False)
    """
    values = [number(cell) for cell in cells if cell not in MISSING]
    plausible = all(value is not None and _FIRST_YEAR <= value <= _LAST_YEAR for value in values)
    return key_of(name) in YEARS and bool(values) and plausible
