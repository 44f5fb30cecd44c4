"""The design matrix of the study effects' centre."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Protocol

from bayesmeta import schema
from bayesmeta.arrays import FloatArray
from bayesmeta.measures.effects import Effects
from bayesmeta.parameters import Parameter, Role, Usual
from bayesmeta.studies import Column

type Values = Mapping[str, Sequence[float] | Sequence[str]]
"""Chosen values of moderators, of equal number, by column."""

MU = Parameter(schema.MU, Role.COEFFICIENT, default=Usual.MEAN)


@dataclass(frozen=True, eq=False)
class Location:
    """A design matrix with what it was made of.

    Parameters
    ----------
    design
        Shape (study, coefficient): ones, or a column an outcome that says which rows are of it;
        then one column a further coefficient.
    terms
        Names of the further columns.
    column_means
        Shape (term,): what centring subtracted, so that ``Intercept = mu - column_means @ beta``.
    formula
        The moderators' formula; empty without moderators.
    moderators
        The table's columns that the formula reads, each of shape (study,).
    coefficients
        One parameter a column; ``mu`` and one ``beta[term]`` a term unless said otherwise.
    """

    design: FloatArray
    terms: tuple[str, ...]
    column_means: FloatArray
    formula: str = ""
    moderators: Mapping[str, Column] = field(default_factory=dict)
    coefficients: tuple[Parameter, ...] = ()

    def __post_init__(self) -> None:
        """Freeze what is mutable; name the coefficients."""
        self.design.setflags(write=False)
        self.column_means.setflags(write=False)
        object.__setattr__(self, "moderators", MappingProxyType(dict(self.moderators)))
        object.__setattr__(self, "coefficients", self.coefficients or (MU, *slopes(self.terms)))

    @property
    def means(self) -> int:
        """How many mean effects there are: their columns come first."""
        return sum(item.variable == schema.MU for item in self.coefficients)

    def centre(self, kind: str) -> int:
        """Return the column of the mean effect that new studies of a kind spread around.

        That of its own outcome, where there are several.
        """
        own = [place for place, item in enumerate(self.coefficients)
               if item.variable == schema.MU and item.label == kind]  # fmt: skip
        return own[0] if own else 0


def slopes(terms: Sequence[str]) -> tuple[Parameter, ...]:
    """Return the slopes of the terms, ``beta[term]``, in the order of the design's columns.

    Examples
    --------
    >>> [slope.name for slope in slopes(["duration_weeks"])]
    ['beta[duration_weeks]']
    """
    return tuple(
        Parameter(schema.BETA, Role.COEFFICIENT, dim=schema.TERM, label=term, column=place,
                  default=Usual.SLOPE)
        for place, term in enumerate(terms, start=1)
    )  # fmt: skip


class Locator(Protocol):
    """What an entry of ``LOCATIONS`` offers."""

    @property
    def CENTRE(self) -> str:  # noqa: N802  (a constant of the module)
        """The centre of a study effect as a model's statement writes it."""
        ...

    def locate(
        self, effects: Effects, moderators: str | None, *, missing: str
    ) -> tuple[Effects, Location]:
        """Return the effects that can be used, and their design."""
        ...

    def rows(self, location: Location, values: Values) -> tuple[FloatArray, dict[str, Column]]:
        """Return design rows at chosen values, shape (row, coefficient), with all values used."""
        ...
