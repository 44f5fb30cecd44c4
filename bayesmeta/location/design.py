"""The design matrix of the study effects' centre."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Protocol

from bayesmeta.measures.effects import Effects, FloatArray
from bayesmeta.studies import Column


@dataclass(frozen=True, eq=False)
class Location:
    """A design matrix with what it was made of.

    Parameters
    ----------
    design
        Shape (study, 1 + term): ones, then one column a slope, centred at its unweighted mean.
    terms
        Names of the slopes.
    column_means
        Shape (term,): what centring subtracted, so that ``Intercept = mu - column_means @ beta``.
    formula
        The moderators' formula; empty without moderators.
    moderators
        The table's columns that the formula reads, each of shape (study,).
    """

    design: FloatArray
    terms: tuple[str, ...]
    column_means: FloatArray
    formula: str = ""
    moderators: Mapping[str, Column] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Freeze what is mutable."""
        self.design.setflags(write=False)
        self.column_means.setflags(write=False)
        object.__setattr__(self, "moderators", MappingProxyType(dict(self.moderators)))


class Locator(Protocol):
    """What an entry of ``LOCATIONS`` does."""

    def __call__(
        self, effects: Effects, moderators: str | None, *, missing: str
    ) -> tuple[Effects, Location]:
        """Return the effects that can be used, and their design."""
        ...
