"""Rows of a table as likelihoods on a line."""

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.assembly import Parts
from bayesmeta.covariance import Rows as TableRows
from bayesmeta.engines.lines.rows import NormalRows, Rows


def rows_of(parts: Parts, estimate: FloatArray, rows: TableRows) -> Rows:
    """Return the likelihoods of a table's rows."""
    return NormalRows(estimate, np.asarray(rows.standard_error) ** 2)
