"""Study effects that do not spread: each lies on its centre (the common-effect model)."""

from typing import TYPE_CHECKING

import numpy as np

from bayesmeta import schema
from bayesmeta.arrays import FloatArray
from bayesmeta.covariance import NO_LAYOUT, ColumnRole, Diagonal, Layout, Quantity, Rows, Values
from bayesmeta.parameters import Parameter

if TYPE_CHECKING:
    from pytensor.tensor import TensorVariable

NORMAL = True
ROLES: tuple[ColumnRole, ...] = ()
KIND = ""
SPREAD = None


def parameters(layout: Layout = NO_LAYOUT) -> tuple[Parameter, ...]:
    """Return no hyperparameter."""
    return ()


def covariance(values: Values, rows: Rows) -> Diagonal:
    """Return a covariance of zero.

    Examples
    --------
    >>> covariance({}, Rows(standard_error=3.0))
    Diagonal(variance=0.0)
    """
    return Diagonal(0.0)


def kinds(layout: Layout) -> tuple[str, ...]:
    """Return one kind: all new studies are alike."""
    return ("",)


def new_variance(values: Values, kind: str = "") -> Quantity:
    """Return 0: a new study has the common effect."""
    return 0.0


def study_effects(
    centre: "TensorVariable", values: Values, rows: Rows, *, centred: bool = False
) -> "TensorVariable":
    """Return ``theta``, dims (study,), inside a ``pm.Model``: the centre, study by study."""
    import pymc as pm
    import pytensor.tensor as pt

    studies = pm.modelcontext(None).dim_lengths[schema.STUDY]
    return pm.Deterministic(schema.THETA, pt.broadcast_to(centre, (studies,)), dims=schema.STUDY)


def new_study(
    centre: FloatArray, values: Values, generator: np.random.Generator, kind: str = ""
) -> FloatArray:
    """Return the centres."""
    return centre
