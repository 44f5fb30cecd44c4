"""What parts may look at of the rows of a table."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from bayesmeta.arrays import BoolArray, FloatArray
from bayesmeta.covariance.contract import Quantity
from bayesmeta.covariance.groups import Groups
from bayesmeta.spec import Prior

MEASURE = "measure"
"""The word of a layout that is the measure of the effects."""


class Use(StrEnum):
    """What a part does with what the user names for a role."""

    GROUPS = "groups"
    """The values of a column say which rows belong together."""
    FORMULA = "formula"
    """A formula in the table's columns gives centred columns of numbers."""
    MATRIX = "matrix"
    """A file, or columns such as ``v1i v2i``, give the covariance of the estimates."""
    WORD = "word"
    """The word itself is a choice of the part's."""


class ColumnRole(NamedTuple):
    """What a part wants of the table; nobody guesses it from a column's name.

    Parameters
    ----------
    name
        As arguments, keys and options call it: ``cluster``.
    says
        What the column says, for messages.
    use
        What the part does with it.
    needed
        Whether the part cannot do without.
    unless
        Another role that serves in its place.
    default
        What serves where nothing is named and the table has it.
    joins
        Whether rows that it joins depend on each other: a study may then stand in several.
    fixed
        Whether nothing but the default serves: other parts look there too.
    choices
        What a word may be.
    """

    name: str
    says: str
    use: Use = Use.GROUPS
    needed: bool = True
    unless: str = ""
    default: str = ""
    joins: bool = False
    fixed: bool = False
    choices: tuple[str, ...] = ()


class Table(NamedTuple):
    """Columns of numbers, shape (row, column), with their names.

    Parameters
    ----------
    square
        Whether the columns are the rows once more.
    """

    values: FloatArray
    labels: tuple[str, ...]
    square: bool = False

    def take(self, rows: BoolArray) -> "Table":
        """Return the numbers of some rows."""
        if not self.square:
            return self._replace(values=self.values[rows])
        labels = tuple(label for label, kept in zip(self.labels, rows, strict=True) if kept)
        return Table(self.values[rows][:, rows], labels, square=True)


@dataclass(frozen=True, eq=False)
class Layout:
    """How the rows of a table hang together, by the roles that parts name.

    Parameters
    ----------
    groups
        Which rows belong together: ``cluster``.
    tables
        Columns of numbers: ``tau_formula``.
    words
        Choices of the parts by role, and ``measure``, that of the effects.
    """

    groups: Mapping[str, Groups] = field(default_factory=dict)
    tables: Mapping[str, Table] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)

    def take(self, rows: BoolArray) -> "Layout":
        """Return how some of the rows hang together, shape (row,)."""
        groups = {role: each.take(rows) for role, each in self.groups.items()}
        tables = {role: each.take(rows) for role, each in self.tables.items()}
        return Layout(groups, tables, self.words)


NO_LAYOUT = Layout()
"""Rows of which nothing is said."""

type Values = Mapping[str, Quantity]
"""Values of hyperparameters by name; arrays broadcast against the rows, shape (..., 1)."""


@dataclass(frozen=True, eq=False)
class Rows:
    """What parts may look at of the rows of a table.

    Parameters
    ----------
    standard_error
        Of the estimates, in the outcome's unit, shape (row,).
    layout
        How the rows hang together.
    data
        What a likelihood reads beside estimates, by column, each of shape (row,).
    priors
        Of the nuisance parameters that stand once a row, by name.
    """

    standard_error: Quantity
    layout: Layout = NO_LAYOUT
    data: Mapping[str, Quantity] = field(default_factory=dict)
    priors: Mapping[str, Prior] = field(default_factory=dict)

    @property
    def groups(self) -> Mapping[str, Groups]:
        """Which rows belong together, by role."""
        return self.layout.groups

    @property
    def tables(self) -> Mapping[str, Table]:
        """Columns of numbers, by role."""
        return self.layout.tables
