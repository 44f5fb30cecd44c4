"""What was reported of each arm, as columns of text of a forest plot."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from bayesmeta.arrays import BoolArray
from bayesmeta.measures.effects import Effects
from bayesmeta.plots.forest_columns import Head
from bayesmeta.summaries import digits
from bayesmeta.summaries.forest import POOLED, STUDY, SUBTOTAL
from bayesmeta.summaries.wording import label_of

if TYPE_CHECKING:
    import pandas as pd

    from bayesmeta.studies import Column

_ARMS = (("treatment", "Treated"), ("control", "Control"))
type _Total = Callable[[BoolArray], str]


class _Arm(NamedTuple):
    """One column of an arm: key, head, a cell a row of the effects, and the total of some rows."""

    key: str
    head: str
    cells: list[str]
    total: _Total


def with_arms(table: "pd.DataFrame", effects: Effects) -> "tuple[pd.DataFrame, dict[str, Head]]":
    """Return a forest plot's table with a column of text for each of its heads.

    Events of participants, or participants beside their mean and standard deviation; a row that
    was not computed from arms has none. Pooled effects' rows, and subtotals, have the totals of
    their studies.

    Parameters
    ----------
    table
        As `forest_table` gives it; with the column ``group``, where there are subtotals.
    effects
        What the posterior was made of.
    """
    place = {label: row for row, label in enumerate(effects.labels)}
    whose = [_rows(table, row, place) for row in table.to_dict("records")]
    found: dict[str, list[str]] = {}
    heads: dict[str, Head] = {}
    for arm, name in _ARMS:
        for each in _columns(effects, arm):
            if not any(each.cells):
                continue
            above = "" if any(known.endswith(f"_{arm}_text") for known in heads) else name
            key = f"{each.key}_{arm}_text"
            heads[key] = Head((above, each.head))
            found[key] = [_cell(each, kind, rows)
                          for kind, rows in zip(table["kind"], whose, strict=True)]  # fmt: skip
    return table.assign(**found), heads


def _rows(table: "pd.DataFrame", row: "dict[Any, Any]", place: dict[str, int]) -> BoolArray:
    """Return which rows of the effects a row of the table is of: its own, or those it pools."""
    found = np.zeros(len(place), dtype=bool)
    own = table[table["kind"] == STUDY]
    if row["kind"] == STUDY:
        found[place[label_of(str(row["quantity"]))]] = True
    elif row["kind"] == POOLED and not row["outcome"]:
        found[:] = True
    elif row["kind"] in (POOLED, SUBTOTAL):
        column = "outcome" if row["kind"] == POOLED else "group"
        within = own.loc[own[column] == row[column], "quantity"]
        found[[place[label_of(str(name))] for name in within]] = True
    return found


def _cell(column: _Arm, kind: str, rows: BoolArray) -> str:
    if not rows.any():
        return ""
    return column.cells[int(np.flatnonzero(rows)[0])] if kind == STUDY else column.total(rows)


def _columns(effects: Effects, arm: str) -> Iterator[_Arm]:
    """Yield the columns of one arm."""
    n = _used(effects, f"n_{arm}")
    events, time = _used(effects, f"events_{arm}"), _used(effects, f"time_{arm}")
    if np.any(~np.isnan(events)):
        over, what = (time, "time") if np.all(np.isnan(n)) else (n, "n")
        cells = [_of(*pair) for pair in zip(events, over, strict=True)]
        yield _Arm("events", f"events/{what}", cells,
                   lambda rows: _of(np.nansum(events[rows]), np.nansum(over[rows])))  # fmt: skip
        return
    yield _Arm("n", "n", [_count(size) for size in n],
               lambda rows: _count(float(np.nansum(n[rows]))))  # fmt: skip
    mean, deviation = _used(effects, f"mean_{arm}"), _used(effects, f"sd_{arm}")
    for key, head, values in (("mean", "mean", mean), ("sd", "SD", deviation)):
        places = _places(values, digits.column_places(deviation[np.isfinite(deviation)]))
        yield _Arm(key, head, [_fixed(value, places) for value in values], lambda _rows: "")


def _used(effects: Effects, name: str) -> "Column":
    """Return a column of arms where the effect of a row was made of it, else nan."""
    if name not in effects.studies:
        return np.full(len(effects), np.nan)
    used = [name in made.columns for made in effects.provenance] or [True] * len(effects)
    return np.where(used, effects.studies[name], np.nan)


def _of(events: float, size: float) -> str:
    return "" if np.isnan(events + size) else f"{_count(events)}/{_count(size)}"


def _count(size: float) -> str:
    return "" if np.isnan(size) else f"{size:.15g}"


def _places(values: "Column", usual: int) -> int:
    """Return the decimals of a column: those that were reported, where they are not many more."""
    known = values[np.isfinite(values)]
    for places in range(usual + 3):
        if np.array_equal(np.round(known, places), known):
            return places
    return usual


def _fixed(value: float, places: int) -> str:
    return "" if np.isnan(value) else digits.fixed(value, places)
