"""The counts behind the effects of a table, zero cells as they are."""

from collections.abc import Mapping

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.errors import MeasureError, StudiesError
from bayesmeta.measures.effects import Effects
from bayesmeta.measures.inputs import gaps, inputs
from bayesmeta.measures.register import MEASURES

type Counted = Mapping[str, FloatArray]
"""Events with participants, or with person-time; each of shape (study,)."""


def counted(effects: Effects) -> Counted:
    """Return the columns that the effects' measure is made from.

    Raises
    ------
    MeasureError
        Unless the table of studies has the measure's counts.
    StudiesError
        If a cell is missing.
    """
    measure = MEASURES[effects.measure]
    missing = [column for column in measure.columns if column not in effects.studies]
    if missing:
        raise MeasureError(
            f"No column {missing[0]!r} in the table of studies; this needs "
            f"{', '.join(measure.columns)}."
        )
    found = inputs(effects.studies, measure)
    if np.all(found.is_ready):
        raise MeasureError(
            f"The effects are ready-made, and a column is empty; this needs the counts "
            f"{', '.join(measure.columns)}."
        )
    holes = [
        f"{effects.studies.place(row)}: no {name}; fill it, or leave the study out."
        for name, gap in gaps(found).items()
        for row in np.flatnonzero(gap).tolist()
    ]
    if holes:
        raise StudiesError("\n".join(holes))
    return found.arms
