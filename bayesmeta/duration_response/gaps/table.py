"""The open studies of a table, under the curves of a shape."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from bayesmeta.arrays import BoolArray, FloatArray
from bayesmeta.duration_response.candidates import Curves
from bayesmeta.duration_response.gaps.rows import OpenRow, weeks_of
from bayesmeta.duration_response.weeks import Durations
from bayesmeta.measures.effects import Effects


@dataclass(frozen=True, eq=False)
class OpenStudies:
    """What makes the open studies' likelihoods.

    Parameters
    ----------
    effects, durations
        The table.
    curves
        The curves of one shape.
    others
        The further moderators' columns, shape (study, term).
    mask
        1 for studies used, 0 for studies left out, shape (curve, study); None uses all.
    spread
        What a study's variance has beside s**2, and what multiplies tau**2 in it, shape (2, study).
    """

    effects: Effects
    durations: Durations
    curves: Curves
    others: FloatArray
    mask: FloatArray | None = None
    spread: FloatArray | None = None

    @property
    def count(self) -> int:
        """How many there are."""
        return int(self.durations.open_rows.size)

    @property
    def apart(self) -> bool:
        """Whether the curves are of different tables, so that each must be known well."""
        return self.mask is not None

    def take(self, chosen: BoolArray) -> "OpenStudies":
        """Return the same under some of the curves."""
        mask = None if self.mask is None else self.mask[chosen]
        return replace(self, curves=self.curves.take(chosen), mask=mask)

    def rows(self, counts: Sequence[int], weak: FloatArray) -> tuple[OpenRow, ...]:
        """Return their likelihoods.

        Parameters
        ----------
        counts
            How many nodes each has between two breaks of the shape.
        weak
            1 where the reference needs them as weak observations, shape (curve,).
        """
        pairs = zip(self.durations.open_rows.tolist(), counts, strict=True)
        return tuple(self._row(row, count, weak) for row, count in pairs)

    def _row(self, row: int, count: int, weak: FloatArray) -> OpenRow:
        effects, size = self.effects, len(self.curves.weight)
        used = np.ones(size) if self.mask is None else self.mask[:, row]
        return OpenRow(
            place=row,
            estimate=float(effects.estimate[row]),
            variance=float(effects.standard_error[row] ** 2),
            others=np.concatenate([[1.0], self.others[row]]),
            weeks=weeks_of(self.durations, self.curves, row, count),
            used=used,
            weak=used * weak,
            apart=0.0 if self.spread is None else float(self.spread[0, row]),
            load=1.0 if self.spread is None else float(self.spread[1, row]),
        )
