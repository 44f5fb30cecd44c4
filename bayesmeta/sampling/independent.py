"""Estimates of different patients, with known standard errors."""

from bayesmeta.covariance import NO_LAYOUT, ColumnRole, Diagonal, Layout, Rows, Values
from bayesmeta.parameters import Parameter

ROLES: tuple[ColumnRole, ...] = ()
SHOWN_AT: dict[str, tuple[float, ...]] = {}
WORKING: dict[str, float] = {}


def parameters(layout: Layout = NO_LAYOUT) -> tuple[Parameter, ...]:
    """Return no hyperparameter."""
    return ()


def covariance(values: Values, rows: Rows) -> Diagonal:
    """Return the squared standard errors.

    Examples
    --------
    >>> covariance({}, Rows(standard_error=3.0))
    Diagonal(variance=9.0)
    """
    return Diagonal(rows.standard_error**2)
