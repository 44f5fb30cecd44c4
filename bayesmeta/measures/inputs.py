"""Which columns of a table a measure is computed from, and which cells are missing."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bayesmeta.errors import MeasureError
from bayesmeta.measures import ready_made, two_by_two
from bayesmeta.measures.contract import Measure, Table
from bayesmeta.studies import Studies


class Inputs(NamedTuple):
    """The columns to compute from.

    Parameters
    ----------
    table
        Columns by name, each of shape (row,), with gaps as nan.
    ready
        Whether they are ready-made estimates instead of arms.
    notes
        What was decided, in sentences.
    """

    table: Table
    ready: bool
    notes: tuple[str, ...] = ()


def inputs(studies: Studies, measure: Measure) -> Inputs:
    """Return the columns of a table that a measure is computed from.

    Arms come first; ready-made estimates serve where the table has no arms.

    Raises
    ------
    MeasureError
        If the table has neither.
    """
    arms = measure is not ready_made and all(name in studies for name in measure.columns)
    filled = arms and all(_filled(studies, name) for name in measure.columns)
    ready = _ready_columns(studies)
    if not arms and not ready:
        raise MeasureError(_lacking(studies, measure))
    if filled or not ready:
        return _arms(studies, measure, ready=bool(ready))
    table = {name: studies[name] for name in ready}
    return Inputs(table, ready=True, notes=() if measure is ready_made else (_taken(measure),))


def gaps(chosen: Inputs) -> dict[str, NDArray[np.bool_]]:
    """Return where a needed cell is missing, by the name of the column, shape (row,)."""
    if not chosen.ready:
        return {name: np.isnan(column) for name, column in chosen.table.items()}
    spreads = [names for names in ready_made.SPREADS if set(names) <= set(chosen.table)]
    none = np.all([np.isnan(ready_made.spread(chosen.table, names)) for names in spreads], axis=0)
    either = " or ".join(" and ".join(names) for names in spreads)
    return {"estimate": np.isnan(chosen.table["estimate"]), either: none}


def _arms(studies: Studies, measure: Measure, *, ready: bool) -> Inputs:
    table = {name: studies[name] for name in measure.columns}
    notes = ["The table has arms and ready-made estimates; the arms are used."] if ready else []
    if measure.columns == two_by_two.COLUMNS:
        for arm in ("treatment", "control"):
            table[f"n_{arm}"], differing = _counted(studies, arm)
            if differing:
                who = ", ".join(differing)
                notes.append(f"n_{arm} is events + non-events, not the column n_{arm}: {who}.")
    return Inputs(table, ready=False, notes=tuple(notes))


def _counted(studies: Studies, arm: str) -> tuple[NDArray[np.float64], list[str]]:
    """Return the size of an arm as its cells count it, and the studies where n says otherwise."""
    size = studies[f"n_{arm}"]
    if f"non_events_{arm}" not in studies:
        return size, []
    counted = studies[f"events_{arm}"] + studies[f"non_events_{arm}"]
    differs = ~np.isnan(counted) & ~np.isnan(size) & (counted != size)
    differing = [str(label) for label in studies["study"][differs]]
    return np.where(np.isnan(counted), size, counted), differing


def _ready_columns(studies: Studies) -> tuple[str, ...]:
    """Return the ready-made columns that hold something; none unless they suffice."""
    if not _filled(studies, "estimate"):
        return ()
    spreads = [
        names for names in ready_made.SPREADS if all(_filled(studies, name) for name in names)
    ]
    return ("estimate", *(name for names in spreads for name in names)) if spreads else ()


def _filled(studies: Studies, name: str) -> bool:
    return name in studies and not bool(np.all(np.isnan(studies[name])))


def _taken(measure: Measure) -> str:
    scale = f" ({measure.unit})" if measure.ratio else ""
    return f"The estimates of the table are taken as they are, as {measure.code}{scale}."


def _lacking(studies: Studies, measure: Measure) -> str:
    absent = [name for name in measure.columns if name not in studies]
    some = 0 < len(absent) < len(measure.columns)
    without = f"no column {', '.join(absent)}; " if some else ""
    arms = "" if measure is ready_made else f"{', '.join(measure.columns)}; or "
    return (
        f"{studies.source}: {without}{measure.code} needs the columns {arms}estimate with "
        "standard_error, variance, or ci_lower and ci_upper; "
        f"the table has: {', '.join(studies.columns)}{_hollow(studies)}."
    )


def _hollow(studies: Studies) -> str:
    numeric = [name for name, column in studies.columns.items() if column.dtype.kind == "f"]
    empty = [name for name in numeric if not _filled(studies, name)]
    return f" (nothing in {', '.join(empty)})" if empty else ""
