"""Further columns of the table by which studies of different length may differ."""

from collections.abc import Sequence

import numpy as np

from bayesmeta.duration_response.weeks import Durations
from bayesmeta.measures.effects import Effects
from bayesmeta.studies import Column
from bayesmeta.studies.names.ours import NUMERIC

_LABELS = ("study", "outcome", "unit", "comparison", "subgroup", "source", "author", "reference",
           "outcome_number", "subgroup_number")  # fmt: skip


def offered_columns(effects: Effects, durations: Durations, read: Sequence[str]) -> tuple[str, ...]:
    """Return the columns that could be moderators beside the duration, in the table's order.

    Not those that effects are made of, that are read already, that are the same in every study,
    or whose words are different in nearly all.
    """
    made_of = {name for row in effects.provenance for name in row.columns}
    taken = {*made_of, *NUMERIC, *_LABELS, *read, durations.column}
    return tuple(
        name
        for name, column in effects.studies.columns.items()
        if name not in taken and _divides(column)
    )


def _divides(column: Column) -> bool:
    """Return whether studies differ by it, and some are alike."""
    known = column[~np.isnan(column)] if column.dtype.kind == "f" else column
    values = set(known.tolist()) - {""}
    if len(values) < 2:  # noqa: PLR2004 - one group tells nothing apart
        return False
    return column.dtype.kind == "f" or len(values) <= len(column) / 2
