"""What a measure is: the contract its files satisfy."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple, Protocol

from bayesmeta.arrays import BoolArray, FloatArray

type Table = Mapping[str, FloatArray]
"""The measure's columns, each of shape (study,) without gaps."""

type Remarks = Mapping[str, BoolArray]
"""Sentences about rows: each with a mask of shape (study,), true where it holds."""

NO_REMARKS: Remarks = MappingProxyType({})


type Loading = Callable[[Table], FloatArray]
"""What the chance in a control arm puts into each estimate, shape (deviate, study).

In units of uncorrelated deviates of variance 1: estimates that share the arm have the sum of
products over the deviates as their covariance. Only the arm's own columns, and the estimates', are
looked at."""

USUAL = "unpooled"
"""Name of the usual variance."""


class Effect(NamedTuple):
    """Estimates and standard errors of shape (study,), and what the reader should know.

    Parameters
    ----------
    estimate, standard_error
        Shape (study,); ratios are on the log scale.
    remarks
        What the reader should know of some rows, such as that there were no events.
    refused
        Why the measure does not exist for some rows.
    converted
        What was done to the cells of some rows, such as the rule for zero cells.
    """

    estimate: FloatArray
    standard_error: FloatArray
    remarks: Remarks = NO_REMARKS
    refused: Remarks = NO_REMARKS
    converted: Remarks = NO_REMARKS


class Measure(Protocol):
    """A measure of effect; every file of this room but the machinery is one."""

    @property
    def code(self) -> str:
        """The field's code: MD, SMD, OR ..."""

    @property
    def title(self) -> str:
        """What it is in words, for a heading."""

    @property
    def unit(self) -> str:
        """Its own unit, or "" where it has the unit of the outcome."""

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that it is computed from."""

    @property
    def ratio(self) -> bool:
        """Whether estimates are logarithms of a ratio."""

    @property
    def other_variances(self) -> Mapping[str, Callable[[Table], Effect]]:
        """Variances that may be asked for by name, beside the usual one."""

    @property
    def control_arm(self) -> Mapping[str, Loading]:
        """What the control arm puts into estimates, by variance; empty where there is no such arm.

        Within one study it is the control arm's part of the variance.
        """

    def effect(self, table: Table) -> Effect:
        """Return the estimates and standard errors of a table."""


USUAL_ONLY: Mapping[str, Callable[[Table], Effect]] = MappingProxyType({})
"""The ``other_variances`` of a measure that has none."""

NO_CONTROL: Mapping[str, Loading] = MappingProxyType({})
"""The ``control_arm`` of a measure of one group, or of ready-made estimates."""
