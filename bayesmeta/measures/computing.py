"""The effects of rows, each computed from what it has."""

from collections.abc import Sequence

import numpy as np

from bayesmeta.arrays import BoolArray
from bayesmeta.errors import StudiesError
from bayesmeta.measures import ready_made
from bayesmeta.measures.complete import shortened
from bayesmeta.measures.contract import Effect, Measure, Table
from bayesmeta.measures.inputs import Inputs
from bayesmeta.studies import Studies


def computed(measure: Measure, found: Inputs, *, variance: str) -> Effect:
    """Return the effects, each row from what it has: arms or a ready-made estimate."""
    formula = measure.other_variances.get(variance, measure.effect)
    parts: list[tuple[BoolArray, Effect]] = []
    if not np.all(found.is_ready):
        # What overflows is refused by name just after.
        with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
            parts.append((~found.is_ready, formula(_rows(found.arms, ~found.is_ready))))
    if np.any(found.is_ready):
        parts.append((found.is_ready, ready_made.effect(_rows(found.ready, found.is_ready))))
    return _merged(parts)


def _rows(table: Table, kept: BoolArray) -> Table:
    return {name: column[kept] for name, column in table.items()}


def _merged(parts: Sequence[tuple[BoolArray, Effect]]) -> Effect:
    """Return the effects of all rows, from those of parts of them."""
    size = parts[0][0].size
    estimate, error = np.full(size, np.nan), np.full(size, np.nan)
    remarks: dict[str, BoolArray] = {}
    refused: dict[str, BoolArray] = {}
    converted: dict[str, BoolArray] = {}
    for mask, effect in parts:
        estimate[mask], error[mask] = effect.estimate, effect.standard_error
        for said, those in ((remarks, effect.remarks), (refused, effect.refused),
                            (converted, effect.converted)):  # fmt: skip
            for why, rows in those.items():
                whole = np.zeros(size, dtype=np.bool_)
                whole[mask] = rows
                said[why] = whole
    return Effect(estimate, error, remarks, refused, converted)


def refuse_unusable(studies: Studies, effect: Effect, found: Inputs, measure: Measure) -> None:
    """Raise unless every row has a finite estimate and a positive, finite standard error.

    Raises
    ------
    StudiesError
        With each row, the reason, and the cells it was computed from.
    """
    reasons = {
        row: why for why, mask in effect.refused.items() for row in np.flatnonzero(mask).tolist()
    }
    usable = np.isfinite(effect.estimate) & np.isfinite(effect.standard_error)
    usable &= effect.standard_error > 0
    for row in np.flatnonzero(~usable).tolist():
        reasons.setdefault(
            row,
            f"{measure.code} is {effect.estimate[row]:g} with standard error "
            f"{effect.standard_error[row]:g}; both must be finite, the latter above 0",
        )
    if reasons:
        lines = [
            f"{studies.place(row)}: {reasons[row]}{_cells(found, row)}." for row in sorted(reasons)
        ]
        advice = "Mend the cells, or leave the rows out of the table."
        raise StudiesError("\n".join(shortened(lines, advice)))


def _cells(found: Inputs, row: int) -> str:
    """Return what a row was computed from, for a message."""
    table = found.ready if found.is_ready[row] else found.arms
    filled = {name: column[row] for name, column in table.items() if not np.isnan(column[row])}
    return f" ({', '.join(f'{name} {value:.15g}' for name, value in filled.items())})"
