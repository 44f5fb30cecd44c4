"""Rows of a table as likelihoods on a line."""

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.assembly import Parts
from bayesmeta.covariance import Rows as TableRows
from bayesmeta.engines.lines.rows import NormalRows, Rows
from bayesmeta.engines.lines.tables import TabulatedRows


def rows_of(parts: Parts, estimate: FloatArray, rows: TableRows) -> Rows:
    """Return the likelihoods of a table's rows."""
    if parts.likelihood.CONJUGATE:
        return NormalRows(estimate, np.asarray(rows.standard_error) ** 2)
    return TabulatedRows.of(parts.likelihood, estimate, rows)
