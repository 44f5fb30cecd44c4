"""Which columns of a table a measure is computed from, row by row, and which cells are missing."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from bayesmeta.arrays import BoolArray, FloatArray
from bayesmeta.errors import MeasureError
from bayesmeta.measures import ready_made, two_by_two
from bayesmeta.measures.contract import NO_REMARKS, Measure, Remarks, Table
from bayesmeta.measures.offers import offers
from bayesmeta.measures.participants import labels_of
from bayesmeta.measures.significance import Tests, offer, tests
from bayesmeta.studies import Studies
from bayesmeta.studies.ending import ended
from bayesmeta.studies.wording import columns_choice


class Inputs(NamedTuple):
    """The columns to compute from.

    Parameters
    ----------
    arms
        Columns of the measure by name, each of shape (row,), with gaps as nan; empty where the
        table has none.
    ready
        Columns of ready-made estimates, in the same way.
    is_ready
        Which rows take the ready-made estimate, shape (row,).
    notes
        What was decided, in sentences.
    converted
        What was done to the cells of some rows.
    tested
        The table's columns that tests of estimates come from.
    """

    arms: Table
    ready: Table
    is_ready: BoolArray
    notes: tuple[str, ...] = ()
    converted: Remarks = NO_REMARKS
    tested: tuple[str, ...] = ()

    def take(self, kept: BoolArray) -> "Inputs":
        """Return the columns of some rows."""
        return self._replace(
            arms={name: column[kept] for name, column in self.arms.items()},
            ready={name: column[kept] for name, column in self.ready.items()},
            is_ready=self.is_ready[kept],
            converted={why: mask[kept] for why, mask in self.converted.items()},
        )


def inputs(
    studies: Studies, measure: Measure, *, confidence: float | None = None,
    p_values: str | None = None,
) -> Inputs:  # fmt: skip
    """Return the columns of a table that a measure is computed from.

    Each row uses what it has: arms where they are whole, else its ready-made estimate.

    Parameters
    ----------
    confidence
        Confidence level of ready-made intervals, above 0 and below 1; by default the column
        ``confidence``, else 95 %.
    p_values
        What two-sided p-values are of, where they are to give standard errors.

    Raises
    ------
    MeasureError
        If the table has neither.
    """
    there = not _of_estimates(measure) and all(name in studies for name in measure.columns)
    whole = there and all(_filled(studies, name) for name in measure.columns)
    tested = tests(studies, p_values) if _filled(studies, "estimate") else Tests(np.array([np.nan]))
    columns = _ready_columns(studies, tested)
    if not there and not columns:
        raise MeasureError(_lacking(studies, measure))
    ready = {name: studies[name] for name in columns} | _levels(studies, columns, confidence)
    if columns and tested:
        ready[ready_made.STATISTIC] = tested.statistic
    arms, counted = _arms(studies, measure) if whole or not columns else ({}, NO_REMARKS)
    is_ready = np.full(len(studies), fill_value=not arms)
    if arms and ready:
        is_ready = _any(_gaps_of_arms(arms)) & ~_any(_gaps_of_ready(ready))
    decided = _decided(studies, measure, arms, is_ready) if ready else ()
    notes = [ended(f"{why}: {', '.join(labels_of(studies, mask))}")
             for why, mask in counted.items()]  # fmt: skip
    done = _done(studies, arms, counted, is_ready)
    used = is_ready & _is_tested(ready)
    done |= {how: mask & used for how, mask in tested.how.items() if np.any(used)}
    notes += [ended(f"{why[0].upper()}{why[1:]}: {', '.join(labels_of(studies, mask & used))}")
              for why, mask in tested.remarks.items() if np.any(mask & used)]  # fmt: skip
    return Inputs(arms, ready, is_ready, (*decided, *notes), done, tested.columns)


def _is_tested(ready: Table) -> BoolArray:
    """Return the rows whose standard error can only come from a test."""
    last = len(ready_made.SPREADS) - 1
    return np.asarray(ready_made.source(ready) == last) if ready else np.zeros(1, dtype=np.bool_)


def _of_estimates(measure: Measure) -> bool:
    """Return whether a measure is that of ready-made estimates alone."""
    return measure.columns == ready_made.columns


def _levels(
    studies: Studies, columns: Sequence[str], confidence: float | None
) -> dict[str, FloatArray]:
    """Return the column of confidence levels, if there are intervals and a level was told."""
    if "ci_lower" not in columns:
        return {}
    if confidence is not None:
        return {ready_made.CONFIDENCE: np.full(len(studies), confidence)}
    if ready_made.CONFIDENCE not in studies:
        return {}
    stated = studies[ready_made.CONFIDENCE]
    return {ready_made.CONFIDENCE: np.where(stated > 1, stated / 100, stated)}


def _done(
    studies: Studies, arms: Table, counted: Remarks, is_ready: BoolArray
) -> dict[str, BoolArray]:
    """Return what was done to the cells that each row uses, of arms or of estimates."""
    of_arms = {f"{one.column} is {one.how}": one.rows for one in studies.derived
               if one.column in arms}  # fmt: skip
    of_ready = {f"{one.column} is {one.how}": one.rows & is_ready for one in studies.derived
                if one.column in ready_made.columns}  # fmt: skip
    return {why: mask & ~is_ready for why, mask in {**of_arms, **counted}.items()} | of_ready


def gaps(chosen: Inputs) -> dict[str, BoolArray]:
    """Return where a needed cell is missing, by the name of the column, shape (row,)."""
    own = {name: gap & ~chosen.is_ready for name, gap in _gaps_of_arms(chosen.arms).items()}
    others = {name: gap & chosen.is_ready for name, gap in _gaps_of_ready(chosen.ready).items()}
    return own | others


def _gaps_of_arms(table: Table) -> dict[str, BoolArray]:
    return {name: np.isnan(column) for name, column in table.items()}


def _gaps_of_ready(table: Table) -> dict[str, BoolArray]:
    if not table:
        return {}
    spreads = [names for names in ready_made.SPREADS if set(names) <= set(table)]
    none = np.all([np.isnan(ready_made.spread(table, names)) for names in spreads], axis=0)
    either = " or ".join(" and ".join(names) for names in spreads)
    either = either.replace(ready_made.STATISTIC, "exact p-value or statistic")
    return {"estimate": np.isnan(table["estimate"]), either: none}


def _any(masks: Mapping[str, BoolArray]) -> BoolArray:
    return np.asarray(np.any(list(masks.values()), axis=0))


def _decided(
    studies: Studies, measure: Measure, arms: Table, is_ready: BoolArray
) -> tuple[str, ...]:
    """Return which rows use what, where there was something to decide."""
    if not arms:
        return () if measure is ready_made else (_taken(measure),)
    if not np.any(is_ready):
        return ("The table has arms and ready-made estimates; the arms are used.",)
    if np.all(is_ready):
        return (_taken(measure),)
    scale = f" ({measure.unit})" if measure.unit else ""
    who = ", ".join(labels_of(studies, is_ready))
    said = f"the estimates of the table are used, as {measure.code}{scale}: {who}"
    return (f"Without whole arms, {said}. All others are computed from arms.",)


def _arms(studies: Studies, measure: Measure) -> tuple[Table, Remarks]:
    table = {name: studies[name] for name in measure.columns}
    found: dict[str, BoolArray] = {}
    if measure.columns == two_by_two.COLUMNS:
        for arm in ("treatment", "control"):
            table[f"n_{arm}"], differing = _counted(studies, arm)
            if np.any(differing):
                found[f"n_{arm} is events + non-events, not the column n_{arm}"] = differing
    return table, found


def _counted(studies: Studies, arm: str) -> tuple[FloatArray, BoolArray]:
    """Return the size of an arm as its cells count it, and the rows where n says otherwise."""
    size = studies[f"n_{arm}"]
    if f"non_events_{arm}" not in studies:
        return size, np.zeros(len(studies), dtype=np.bool_)
    counted = studies[f"events_{arm}"] + studies[f"non_events_{arm}"]
    differs = ~np.isnan(counted) & ~np.isnan(size) & (counted != size)
    return np.where(np.isnan(counted), size, counted), np.asarray(differs)


def _ready_columns(studies: Studies, tested: Tests) -> tuple[str, ...]:
    """Return the ready-made columns that hold something; none unless they suffice."""
    if not _filled(studies, "estimate"):
        return ()
    spreads = [
        names for names in ready_made.SPREADS if all(_filled(studies, name) for name in names)
    ]
    found = ("estimate", *(name for names in spreads for name in names))
    return found if spreads or tested else ()


def _filled(studies: Studies, name: str) -> bool:
    return name in studies and not bool(np.all(np.isnan(studies[name])))


def _taken(measure: Measure) -> str:
    scale = f" ({measure.unit})" if measure.ratio else ""
    return f"The estimates of the table are used, as {measure.code}{scale}."


def _lacking(studies: Studies, measure: Measure) -> str:
    absent = [name for name in measure.columns if name not in studies]
    some = 0 < len(absent) < len(measure.columns)
    without = f"no column {', '.join(absent)}; " if some else ""
    arms = "" if _of_estimates(measure) else f"{', '.join(measure.columns)}; or "
    ways = offers(studies, counts=measure.columns == two_by_two.COLUMNS)
    offered = f" Say {' or '.join(ways)}." if ways else ""
    offered += f" {offer(studies)}" if offer(studies) else ""
    offered += _fitting(studies, measure)
    if some and not offered:
        way = columns_choice(dict.fromkeys(absent[:2], "COLUMN"))
        offered = f" Where the table has them under other names, say {way}."
    return (
        f"{studies.source}: {without}{measure.code} needs the columns {arms}estimate with "
        "standard_error, variance, or ci_lower and ci_upper; "
        f"the table has: {', '.join(studies.columns)}{_hollow(studies)}.{offered}"
    )


def _fitting(studies: Studies, measure: Measure) -> str:
    """Return which other measures have all their columns in the table, where one has."""
    from bayesmeta.measures.register import MEASURES

    found = [one.code for one in MEASURES.values()
             if one.code != measure.code and one.columns and not _of_estimates(one)
             and all(_filled(studies, name) for name in one.columns)]  # fmt: skip
    return f" Its columns are those of {' or '.join(found)}." if found else ""


def _hollow(studies: Studies) -> str:
    numeric = [name for name, column in studies.columns.items() if column.dtype.kind == "f"]
    empty = [name for name in numeric if not _filled(studies, name)]
    return f" (nothing in {', '.join(empty)})" if empty else ""
