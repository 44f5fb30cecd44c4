"""Effect sizes: what every room after the measures takes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from html import escape
from typing import NamedTuple

import numpy as np

from bayesmeta.arrays import BoolArray, FloatArray, IntArray
from bayesmeta.measures.provenance import Provenance
from bayesmeta.studies import Studies

_SHOWN = 20
"""Rows that are printed; the rest are counted."""


def _cell(value: float) -> str:
    return "" if np.isnan(value) else f"{value:.4g}"


class Dropped(NamedTuple):
    """A row that is not analysed, and why."""

    study: str
    reason: str


@dataclass(frozen=True, eq=False, repr=False)
class Effects:
    """Estimates with their standard errors, one a row of the table of studies.

    Parameters
    ----------
    measure
        The field's code: ``"MD"``, ``"SMD"``, ``"OR"`` ...; ratios are on the log scale.
    unit
        Unit of the estimates, such as ``"days"``; empty where none was stated.
    estimate, standard_error
        Shape (study,), finite; standard errors are positive.
    n
        Participants, shape (study,), or None where the table does not say.
    studies
        The rows used, in file order, with all their columns.
    dropped
        Rows left out on request, each with the reason.
    notes
        What was done on the way, in sentences, such as the rule for zero cells.
    units
        Unit of the estimates by outcome, of several.
    provenance
        What each row was made of: its columns, with what was done to their cells; () where the
        effects did not come out of a table.
    """

    measure: str
    unit: str
    estimate: FloatArray
    standard_error: FloatArray
    n: FloatArray | None
    studies: Studies
    outcome: str = ""
    dropped: tuple[Dropped, ...] = ()
    notes: tuple[str, ...] = ()
    provenance: tuple[Provenance, ...] = ()
    units: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Make the arrays read-only."""
        for array in (self.estimate, self.standard_error, self.n):
            if array is not None:
                array.setflags(write=False)

    def __repr__(self) -> str:
        """Return the effects as a table, with what was done on the way."""
        rows = f"{len(self)} row{'s' * (len(self) != 1)} of {self.studies.source}"
        about = ", ".join(part for part in (self.measure, self.outcome, self.unit, rows) if part)
        wide = max([5, *map(len, self.labels)])
        head = f"{'study':{wide}}  {'n':>7}  {'estimate':>10}  {'standard_error':>14}"
        lines = [
            f"{label:{wide}}  {_cell(n):>7}  {_cell(estimate):>10}  {_cell(error):>14}"
            for label, n, estimate, error in list(self._rows())[:_SHOWN]
        ]
        more = [f"... and {len(self) - _SHOWN} more"] if len(self) > _SHOWN else []
        return "\n".join([f"Effects: {about}", head, *lines, *more, *self.said])

    def _repr_html_(self) -> str:
        """Return the same for a notebook."""
        return f"<pre>{escape(repr(self))}</pre>"

    def _rows(self) -> Iterator[tuple[str, float, float, float]]:
        n = np.full(len(self), np.nan) if self.n is None else self.n
        yield from zip(self.labels, n, self.estimate, self.standard_error, strict=True)

    def __len__(self) -> int:
        """Return the number of studies, k."""
        return self.estimate.size

    @property
    def labels(self) -> tuple[str, ...]:
        """The studies' names in file order, ``study [outcome or row]`` where names repeat."""
        return self.studies.labels

    @property
    def study(self) -> tuple[str, ...]:
        """The study of each row, in file order; it repeats where a study has several rows.

        Groups of any other column of the table: ``studies.groups(column)``.
        """
        return tuple(str(name) for name in self.studies["study"])

    @property
    def said(self) -> tuple[str, ...]:
        """The notes, then each row left out with the reason, in sentences."""
        return (*self.notes, *(f"Left out: {row.study} ({row.reason})." for row in self.dropped))

    @property
    def made_of(self) -> list[dict[str, str | list[str]]]:
        """What each row was made of, as plain data: its label, columns and conversions."""
        pairs = zip(self.labels, self.provenance, strict=True) if self.provenance else ()
        return [
            {"study": label, "columns": list(made.columns), "conversions": list(made.conversions)}
            for label, made in pairs
        ]

    def take(self, rows: BoolArray | IntArray, *, reason: str = "") -> "Effects":
        """Return the effects of some rows; with a reason, the others are listed as dropped.

        Parameters
        ----------
        rows
            A mask of shape (study,), or places.
        reason
            Why the others are left out.

        Examples
        --------
        >>> import bayesmeta as bm
        >>> studies = bm.read_studies("examples/data/normand1999.csv")
        >>> effects = bm.effect_sizes(studies, "MD")
        >>> known = effects.take(effects.standard_error < 3, reason="too large an error")
        >>> known.labels
        ('Orpington-Mild', 'Montreal-Transfer', 'Umea')
        >>> known.said[0]
        'Left out: Edinburgh (too large an error).'
        """
        kept = np.arange(len(self))[rows]
        chosen = set(kept.tolist())
        left_out = [label for row, label in enumerate(self.labels) if row not in chosen]
        gone = tuple(Dropped(label, reason) for label in left_out) if reason else ()
        return replace(
            self,
            estimate=self.estimate[kept],
            standard_error=self.standard_error[kept],
            n=None if self.n is None else self.n[kept],
            studies=self.studies.take(kept),
            dropped=self.dropped + gone,
            provenance=tuple(self.provenance[row] for row in kept if self.provenance),
        )
