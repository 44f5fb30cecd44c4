"""What is asked of a meta-analysis: which quantity, and which side of which value is benefit."""

import math
from dataclasses import dataclass, replace

import numpy as np

from bayesmeta import schema
from bayesmeta.arrays import FloatArray
from bayesmeta.assembly import Assembly
from bayesmeta.errors import AnalysisError
from bayesmeta.summaries.own_scale import is_moved, no_null, read_as, symbol

EFFECT = "effect"
EFFECT_NEW = "effect_new"
WHERE = {
    schema.MU: "",
    schema.THETA_NEW: " in a new study",
    schema.INTERCEPT: " where moderators are 0",
    EFFECT: " at ",
    EFFECT_NEW: " in a new study at ",
}
"""Quantities that are effects, with what an event says behind the measure's name."""


@dataclass(frozen=True, eq=False)
class Question:
    """One linear combination of the coefficients, for the studies' mean or for a new study.

    Parameters
    ----------
    assembly
        The model on the full table: its priors, uisd, centring and column SDs hold throughout.
    quantity
        The quantity's name, with the moderators' values where it is an effect at some.
    row
        The combination, shape (coefficient,).
    new_study
        Whether tau's spread comes on top.
    kind
        Which kind of new study belongs to it; None where there are several and none is named.
    benefit
        ``"lower"`` or ``"higher"`` than the null.
    null
        No effect, on the scale of the estimates; nan of a level that is compared with nothing.
    interval
        Probability of the central interval.
    """

    assembly: Assembly
    quantity: str
    row: FloatArray
    new_study: bool
    benefit: str
    null: float
    interval: float
    kind: str | None = ""

    @property
    def has_new_study(self) -> bool:
        """Whether a new study has an effect of this kind; no study has a slope for itself."""
        means = self.assembly.location.means
        return self.kind is not None and bool(self.row[:means].sum() == 1)

    def require_null(self, verb: str) -> None:
        """Raise where there is no value that benefit lies beyond.

        Raises
        ------
        AnalysisError
            Saying what would do.
        """
        if math.isnan(self.null):
            measure = self.assembly.effects.measure
            raise AnalysisError(f"{verb} asks how probable benefit is. {no_null(measure)}")

    @property
    def symbol(self) -> str:
        """The event that is benefit on the scale of the estimates, such as ``mu < 0``."""
        return f"{self.quantity} {'<' if self.benefit == 'lower' else '>'} {self.null:g}"

    @property
    def event(self) -> str:
        """The same as effects are read: of a ratio ``RR < 1``, of a correlation ``r < 0``."""
        sign = "<" if self.benefit == "lower" else ">"
        return f"{self.name} {sign} {self.read_null:g}"

    @property
    def name(self) -> str:
        """What the quantity is called in an event: a pooled ratio by its measure's code."""
        measure = self.assembly.effects.measure
        if not is_moved(measure) or not self.is_effect:
            return self.quantity
        _, bracket, label = self.quantity.partition("[")
        return f"{symbol(measure)}{self._where}{bracket}{label}"

    @property
    def is_effect(self) -> bool:
        """Whether the quantity is an effect, not a slope or another coefficient."""
        return self.quantity.partition("[")[0] in WHERE

    @property
    def _where(self) -> str:
        return WHERE[self.quantity.partition("[")[0]]

    @property
    def read_null(self) -> float:
        """No effect, on the scale that effects are read on: 1 for a ratio."""
        measure = self.assembly.effects.measure
        return read_as(measure, self.null) if self.is_effect else self.null

    @property
    def coefficient(self) -> str | None:
        """The coefficient asked about, where it is a single one: mu or a slope."""
        named = np.flatnonzero(self.row)
        alone = named.size == 1 and self.row[named[0]] == 1
        return self.assembly.coefficients[named[0]] if alone else None

    def under(self, assembly: Assembly) -> "Question":
        """Return the same question under another model of the same table."""
        return replace(self, assembly=assembly)
