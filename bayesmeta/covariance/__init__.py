"""Covariances of rows by their structure, in arithmetic for NumPy arrays and PyTensor variables."""

from bayesmeta.covariance.blocks import Blocks
from bayesmeta.covariance.clustered import Clustered
from bayesmeta.covariance.contract import Covariance, Quantity
from bayesmeta.covariance.diagonal import Diagonal
from bayesmeta.covariance.groups import Groups
from bayesmeta.covariance.rows import (
    MEASURE,
    NO_LAYOUT,
    ColumnRole,
    Layout,
    Rows,
    Table,
    Use,
    Values,
)
from bayesmeta.covariance.shrinkage import Shrinkage
from bayesmeta.covariance.sums import difference, simplest, total

__all__ = [
    "MEASURE",
    "NO_LAYOUT",
    "Blocks",
    "Clustered",
    "ColumnRole",
    "Covariance",
    "Diagonal",
    "Groups",
    "Layout",
    "Quantity",
    "Rows",
    "Shrinkage",
    "Table",
    "Use",
    "Values",
    "difference",
    "simplest",
    "total",
]
