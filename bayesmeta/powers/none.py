"""Likelihoods as they are."""

from bayesmeta.covariance import ColumnRole, Layout, Quantity, Rows, Values
from bayesmeta.parameters import Parameter

ROLES: tuple[ColumnRole, ...] = ()


def parameters(layout: Layout) -> tuple[Parameter, ...]:
    """Return no hyperparameter."""
    return ()


def powers(values: Values, rows: Rows) -> Quantity | None:
    """Return None: all are 1."""
    return None
