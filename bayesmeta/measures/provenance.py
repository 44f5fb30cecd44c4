"""What each row's effect was made of: its columns, with what was done to their cells."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from bayesmeta.measures import ready_made
from bayesmeta.measures.contract import Remarks, Table
from bayesmeta.measures.inputs import Inputs


class Provenance(NamedTuple):
    """What one row's estimate and standard error were made of.

    Parameters
    ----------
    columns
        The columns that were used, under our names.
    conversions
        What was done to their cells, in words without a full stop; () where nothing was.
    """

    columns: tuple[str, ...]
    conversions: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Return both in words."""
        used = ", ".join(self.columns)
        return f"{used} ({'; '.join(self.conversions)})" if self.conversions else used


def provenance(found: Inputs, read: Table, converted: Sequence[Remarks]) -> tuple[Provenance, ...]:
    """Return what each row was made of.

    Parameters
    ----------
    read
        The columns of ready-made estimates as the table has them, before their scale was changed.
    converted
        What was done, each sentence with the rows of which it holds.
    """
    done: Mapping[str, np.ndarray] = {}
    for remarks in converted:
        done = {**done, **remarks}
    spread = ready_made.source(read) if np.any(found.is_ready) else np.full(len(found.is_ready), -1)
    of = [*ready_made.SPREADS[:-1], found.tested]
    return tuple(
        Provenance(
            ("estimate", *of[spread[row]]) if ready else tuple(found.arms),
            tuple(why for why, mask in done.items() if mask[row]),
        )
        for row, ready in enumerate(found.is_ready.tolist())
    )
