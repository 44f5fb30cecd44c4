"""Moderators beside the duration: their columns at the studies, at chosen weeks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from bayesmeta.arrays import BoolArray, FloatArray
from bayesmeta.biases.parameter import BIAS
from bayesmeta.duration_response.weeks import Durations
from bayesmeta.errors import ModelError
from bayesmeta.location import LOCATIONS, Location, slopes
from bayesmeta.location.columns import joined
from bayesmeta.location.formula import locate
from bayesmeta.location.grammar import columns_of
from bayesmeta.measures.effects import Effects
from bayesmeta.parameters import Parameter

if TYPE_CHECKING:
    from bayesmeta.studies import Column

type Setting = Mapping[str, str | float]


@dataclass(frozen=True, eq=False)
class Others:
    """Centred design columns of the moderators beside the duration.

    Parameters
    ----------
    design
        Shape (study, term); no terms without moderators.
    terms
        Their names.
    moving
        Which terms hold the duration, in an interaction, shape (term,).
    location
        What the columns were made of; None without moderators.
    kept
        Which of the location's terms these are.
    column
        The duration's column.
    biased
        Whether the last column marks cohorts, which have a bias: predictions are of trials.
    """

    design: FloatArray
    terms: tuple[str, ...]
    moving: BoolArray
    location: Location | None
    kept: tuple[int, ...]
    column: str
    biased: bool = False

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """The coefficients, in the columns' order."""
        own = slopes(self.terms[:-1] if self.biased else self.terms)
        return (*own, BIAS) if self.biased else own

    def settings(self, at: Setting, apart: Sequence[str]) -> Setting:
        """Return values to predict at without those that only say what a new study is.

        Parameters
        ----------
        apart
            The columns that say it; some may be moderators too.
        """
        known = () if self.location is None else self.location.moderators
        return {name: value for name, value in at.items() if name in known or name not in apart}

    def rows(self, weeks: FloatArray, at: Setting) -> FloatArray:
        """Return the columns at chosen weeks, shape (week, term), averaged over the studies.

        Parameters
        ----------
        at
            Values of other moderators in every study, such as ``{"design": "RCT"}``; those not
            named stay as the studies have them.
        """
        found = self._moderated(weeks, at)
        return np.column_stack([found, np.zeros((weeks.size, int(self.biased)))])

    def _moderated(self, weeks: FloatArray, at: Setting) -> FloatArray:
        """Return the moderators' columns."""
        if self.location is None:
            if at:
                raise ModelError(f"There are no moderators; {', '.join(at)} given.")
            return np.zeros((weeks.size, 0))
        unknown = [name for name in at if name not in self.location.moderators]
        if unknown or self.column in at:
            known = [name for name in self.location.moderators if name != self.column]
            raise ModelError(f"{[*unknown, self.column][0]!r} cannot be set; moderators: {known}.")
        return self._averaged(self.location, weeks, at)

    def _averaged(self, location: Location, weeks: FloatArray, at: Setting) -> FloatArray:
        """Return the columns' means over all studies put at each duration."""
        count = len(location.design)
        values: dict[str, Column] = {
            name: np.full(weeks.size * count, at[name]) if name in at else np.tile(own, weeks.size)
            for name, own in location.moderators.items()
        }
        if self.column in values:
            values[self.column] = np.repeat(weeks, count)
        rows, _ = LOCATIONS["formula"].rows(location, values)  # type: ignore[arg-type]
        found: FloatArray = rows[:, 1:].reshape(weeks.size, count, -1).mean(axis=1)
        return found[:, list(self.kept)]


def locate_others(
    effects: Effects, formula: str | None, durations: Durations,
    cohort: FloatArray | None = None,
) -> Others:  # fmt: skip
    """Return the columns of a formula without the duration's own, which the shape replaces.

    Parameters
    ----------
    cohort
        1 for studies that have a bias, which is the last column; None where none has.

    Raises
    ------
    ModelError
        If the formula cannot be used, or crosses the duration while some durations are unknown.
    """
    found = _located(effects, formula, durations)
    if cohort is not None:
        design = np.column_stack([found.design, cohort])
        found = replace(found, design=design, terms=(*found.terms, BIAS.name), biased=True)
    return _marked(found, durations)


def _located(effects: Effects, formula: str | None, durations: Durations) -> Others:
    column, formula = durations.column, joined(formula)
    if not formula:
        nothing = np.empty((len(effects), 0))
        return Others(nothing, (), np.empty(0, dtype=bool), None, (), column)
    reads = columns_of(formula, known=tuple(effects.studies.columns))
    if column in reads and not durations.complete:
        raise ModelError(
            f"Moderators {formula!r} cross {column}, but some studies give a range or nothing; "
            f"leave {column} out of the formula, or those studies."
        )
    _, location = locate(effects, formula, missing="error")
    kept = tuple(place for place, term in enumerate(location.terms) if term != column)
    design = location.design[:, 1:][:, list(kept)]
    terms = tuple(location.terms[place] for place in kept)
    return Others(design, terms, np.empty(0, dtype=bool), location, kept, column)


def _marked(others: Others, durations: Durations) -> Others:
    ends = np.array([durations.observed.shortest, durations.observed.longest])
    change = np.abs(np.diff(others.rows(ends, {}), axis=0)[0])
    return replace(others, moving=change > 1e-12 * np.abs(others.design).max(initial=1.0))
