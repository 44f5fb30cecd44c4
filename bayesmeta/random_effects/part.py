"""What every distribution of study effects offers."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Protocol, runtime_checkable

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.covariance import ColumnRole, Covariance, Layout, Quantity, Rows, Values
from bayesmeta.errors import ModelError
from bayesmeta.parameters import Parameter
from bayesmeta.spec import Prior

if TYPE_CHECKING:
    from pytensor.tensor import TensorVariable


class Heterogeneity(Protocol):
    """How study effects spread around their centre.

    What is not `NORMAL` offers PyMC's side alone: no engine integrates it, and nobody takes it
    for normal.
    """

    @property
    def NORMAL(self) -> bool:  # noqa: N802  (a constant of the module)
        """Whether study effects are normal given the hyperparameters."""
        ...

    @property
    def SPREAD(self) -> str | None:  # noqa: N802  (a constant of the module)
        """The hyperparameter that is the standard deviation of study effects; None where none is.

        I-squared, H-squared and tau-squared are made of it.
        """
        ...

    @property
    def ROLES(self) -> tuple[ColumnRole, ...]:  # noqa: N802  (a constant of the module)
        """What it wants of the table, the outermost groups first."""
        ...

    def parameters(self, layout: Layout) -> tuple[Parameter, ...]:
        """Return its hyperparameters; the first is the one that the engines integrate innermost."""
        ...

    def covariance(self, values: Values, rows: Rows) -> Covariance:
        """Return the covariance of the study effects around their centres."""
        ...

    @property
    def KIND(self) -> str:  # noqa: N802  (a constant of the module)
        """The dimension of the kinds of new studies; empty where all are alike."""
        ...

    def kinds(self, layout: Layout) -> tuple[str, ...]:
        """Return the kinds of new studies; one empty name where all are alike."""
        ...

    def new_variance(self, values: Values, kind: str = "") -> Quantity:
        """Return the variance of the effect in a new study of a kind around its centre."""
        ...

    def study_effects(
        self, centre: "TensorVariable", values: Values, rows: Rows, *, centred: bool = False
    ) -> "TensorVariable":
        """Return ``theta``, dims (study,), inside a ``pm.Model``."""
        ...

    def new_study(
        self, centre: FloatArray, values: Values, generator: np.random.Generator, kind: str = ""
    ) -> FloatArray:
        """Draw effects of new studies of a kind, in the shape of their centres."""
        ...


@runtime_checkable
class Grouped(Protocol):
    """What a part offers beside, whose groups of rows have effects of their own."""

    @property
    def GROUPED(self) -> str:  # noqa: N802  (a constant of the module)
        """The role whose groups have them."""
        ...

    def group_variance(self, values: Values) -> Quantity:
        """Return the variance of those effects, which all rows of a group share."""
        ...


def groups_of(part: Heterogeneity, values: Values) -> tuple[str, Quantity]:
    """Return the role whose groups have effects of their own, and the variance of those.

    Raises
    ------
    ModelError
        If the part knows none.
    """
    if not isinstance(part, Grouped):
        raise ModelError("Groups of rows have no effects of their own in this model.")
    return part.GROUPED, part.group_variance(values)


@runtime_checkable
class Renaming(Protocol):
    """What a part offers beside, whose parameter has a second name, on another scale."""

    def translated(self, priors: Mapping[str, Prior]) -> dict[str, Prior]:
        """Return priors with one on the second name as the one on the parameter that it means."""
        ...


def translated(part: Heterogeneity, priors: Mapping[str, Prior]) -> dict[str, Prior]:
    """Return priors by the names of a part's parameters; errors as the part has them."""
    return part.translated(priors) if isinstance(part, Renaming) else dict(priors)
