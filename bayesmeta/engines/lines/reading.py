"""Rows of a table as likelihoods on a line."""

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.assembly import Parts
from bayesmeta.covariance import Rows as TableRows
from bayesmeta.engines.lines.rows import NormalRows, Rows
from bayesmeta.engines.lines.tables import TabulatedRows
from bayesmeta.errors import ModelError


def rows_of(parts: Parts, estimate: FloatArray, rows: TableRows) -> Rows:
    """Return the likelihoods of a table's rows.

    Raises
    ------
    ModelError
        If they are not smooth.
    """
    if parts.likelihood.CONJUGATE:
        return NormalRows(estimate, np.asarray(rows.standard_error) ** 2)
    if parts.likelihood.kinks(rows):
        raise ModelError(
            "These likelihoods have a kink where the effect is 0, since the range of risks that is "
            "left turns there: the exact engine integrates smooth ones; use measure OR."
        )
    return TabulatedRows.of(parts.likelihood, estimate, rows)
