"""What parts may look at of the rows of a table."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from bayesmeta.arrays import FloatArray
from bayesmeta.covariance.contract import Quantity
from bayesmeta.covariance.groups import Groups


class ColumnRole(NamedTuple):
    """What a part wants a column of the table for; nobody guesses it from a column's name.

    Parameters
    ----------
    name
        As options and keys call it: ``cluster``.
    says
        What the column says, for messages.
    needed
        Whether the part does without.
    """

    name: str
    says: str
    needed: bool = True


type Values = Mapping[str, Quantity]
"""Values of hyperparameters by name; arrays broadcast against the rows, shape (..., 1)."""


@dataclass(frozen=True, eq=False)
class Rows:
    """What parts may look at of the rows of a table.

    Parameters
    ----------
    standard_error
        Of the estimates, in the outcome's unit, shape (row,).
    groups
        Which rows belong together, by the role that a part names: ``cluster``.
    numbers
        Columns of numbers that a part names, each of shape (row,) or (row, row).
    """

    standard_error: Quantity
    groups: Mapping[str, Groups] = field(default_factory=dict)
    numbers: Mapping[str, FloatArray] = field(default_factory=dict)
