"""A table that a verb returned as plain text: whole, with the digits that its errors support."""

import math
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import pandas as pd

from bayesmeta.summaries import digits
from bayesmeta.summaries.page import WIDTH, wrapped
from bayesmeta.summaries.prior_words import rounded

_ERROR = "_error"
_WIDEST = 24
"""Letters of a cell; longer texts stand below the table."""
_CHANCES = ("p", "pit", "probability", "tail_probability", "conflict_probability")
_LOCATIONS = ("mean", "median", "lower", "upper", "probability", "tail_probability")
"""What a column called error is the error of."""
_GAP = "  "


def frame_text(table: pd.DataFrame, *, title: str = "") -> str:
    """Return a table as aligned text: every row and column, wide ones in blocks.

    A number has four digits, fewer where the column of its error, called the same and ``_error``,
    does not support them; a probability has three decimals. Errors themselves are not shown, and
    texts too long for a cell stand below.

    Parameters
    ----------
    title
        Heading; measure and unit that the table remembers stand below it.

    Examples
    --------
    >>> print(frame_text(pd.DataFrame({"median": [-14.728064, 20.88], "median_error": [0.17, 0.0],
    ...                                "p_below_0": [0.97484, np.nan]}, index=["mu", "tau"])))
         median  p_below_0
    mu    −14.7     0.9748
    tau   20.88
    Numerical errors decide the digits: columns median_error.
    """  # noqa: RUF002
    index = _index(table)
    names = [str(name) for name in table.columns if not _is_error(table, name)]
    cells = {name: _column(table, name) for name in names if name not in index}
    long = [name for name, column in cells.items() if max(map(len, column), default=0) > _WIDEST]
    short = {name: column for name, column in cells.items() if name not in long}
    head = [title, "=" * min(len(title), WIDTH)] if title else []
    blocks = list(_blocks(index, short)) if short or not long else []
    return "\n".join([*head, *_about(table), *blocks, *_below(index, cells, long), *_errors(table)])


def _about(table: pd.DataFrame) -> list[str]:
    """Return the measure and the unit that a table remembers."""
    known = [str(table.attrs.get(name) or "") for name in ("measure", "unit")]
    said = ", ".join(word for word in known if word)
    return [said] if said else []


def _is_error(table: pd.DataFrame, name: object) -> bool:
    """Return whether a column holds the numerical errors of others."""
    if name == "error":
        return True
    base = str(name).removesuffix(_ERROR)
    of = {base, *(f"{base}_{each}" for each in _LOCATIONS)}
    return str(name).endswith(_ERROR) and not of.isdisjoint(table.columns)


def _errors(table: pd.DataFrame) -> list[str]:
    names = [str(name) for name in table.columns if _is_error(table, name)]
    said = f"Numerical errors decide the digits: columns {', '.join(names)}."
    return wrapped([said]) if names else []


def _index(table: pd.DataFrame) -> dict[str, list[str]]:
    """Return what names the rows: the index, or the first column where that has texts."""
    if isinstance(table.index, pd.RangeIndex):
        first = [name for name in table.columns[:1] if pd.api.types.is_string_dtype(table[name])]
        return {str(name): [_text(each) for each in table[name]] for name in first}
    levels = range(table.index.nlevels)
    return {
        str(table.index.names[level] or ""): [
            _text(each) for each in table.index.get_level_values(level)
        ]
        for level in levels
    }


def _column(table: pd.DataFrame, name: str) -> list[str]:
    values = table[name].tolist()
    if "prior" in name.split("_") or name == "priors":
        return [rounded(value) if isinstance(value, str) else _text(value) for value in values]
    errors = _missed(table, name)
    chance = name in _CHANCES or name.startswith(("p_", "P("))
    return [_cell(value, error, chance=chance) for value, error in zip(values, errors, strict=True)]


def _missed(table: pd.DataFrame, name: str) -> list[float]:
    """Return the errors of a column: of its own, or those of the row's location."""
    kind, _, place = name.rpartition("_")
    beside = [f"{name}{_ERROR}"]
    if place in _LOCATIONS or name in _LOCATIONS:
        beside += [f"{kind}{_ERROR}", "error"]
    found = next((each for each in beside if each in table.columns), None)
    return [0.0] * len(table) if found is None else list(table[found])


def _cell(value: object, error: float, *, chance: bool) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float | np.number):
        return _text(value)
    number, missed = float(value), float(np.nan_to_num(error))
    if math.isnan(number):
        return ""
    if chance and 0 <= number <= 1:
        return digits.probability(number, missed)
    whole = isinstance(value, int) and not missed
    return f"{value}".replace("-", digits.MINUS) if whole else digits.number(number, missed)


def _text(value: object) -> str:
    if isinstance(value, bool | np.bool_):
        return "yes" if value else "no"
    if isinstance(value, float):
        return "" if math.isnan(value) else f"{value:.4g}"
    return "" if value is None or value is pd.NA else str(value)


def _blocks(index: dict[str, list[str]], cells: dict[str, list[str]]) -> Iterator[str]:
    """Yield the lines of as many columns as are wide, then of the next, each behind the index."""
    first = _aligned(index, left=True)
    rest = _aligned(cells, left=False)
    start = sum(len(column[0]) + len(_GAP) for column in first)
    block: list[list[str]] = []
    for column in rest:
        wide = start + sum(len(each[0]) + len(_GAP) for each in [*block, column])
        if block and wide > WIDTH + len(_GAP):
            yield from [*_joined([*first, *block]), ""]
            block = []
        block.append(column)
    yield from _joined([*first, *block])


def _aligned(columns: dict[str, list[str]], *, left: bool) -> list[list[str]]:
    found = []
    for head, cells in columns.items():
        wide = max(len(cell) for cell in (head, *cells))
        found.append([cell.ljust(wide) if left else cell.rjust(wide) for cell in (head, *cells)])
    return found


def _joined(columns: Sequence[Iterable[str]]) -> list[str]:
    return [_GAP.join(row).rstrip() for row in zip(*columns, strict=True)]


def _below(
    index: dict[str, list[str]], cells: dict[str, list[str]], long: Sequence[str]
) -> list[str]:
    """Return texts too long for a cell, each with its row; what several rows share is said once."""
    found = []
    for name in long:
        rows: dict[str, list[str]] = {}
        labels = list(zip(*index.values(), strict=True)) if index else None
        for place, text in enumerate(cells[name]):
            if text:
                label = str(place + 1) if labels is None else ", ".join(labels[place])
                rows.setdefault(text, []).append(label)
        found += ["", f"{name}:"]
        found += wrapped([f"{'; '.join(said)}: {text}" for text, said in rows.items()])
    return found
