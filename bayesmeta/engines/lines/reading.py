"""Rows of a table as likelihoods on a line."""

from collections.abc import Mapping

import numpy as np

from bayesmeta import schema
from bayesmeta.arrays import FloatArray
from bayesmeta.assembly import Parts
from bayesmeta.biases.parameter import BIAS_SD
from bayesmeta.covariance import Rows as TableRows
from bayesmeta.engines.lines.rows import NormalRows, Rows
from bayesmeta.engines.lines.tables import TabulatedRows
from bayesmeta.engines.lines.widening import Widening


def rows_of(parts: Parts, estimate: FloatArray, rows: TableRows) -> Rows:
    """Return the likelihoods of a table's rows."""
    if parts.likelihood.CONJUGATE:
        return NormalRows(estimate, np.asarray(rows.standard_error) ** 2)
    return TabulatedRows.of(parts.likelihood, estimate, rows)


def widening_of(parts: Parts, values: Mapping[str, float], rows: TableRows) -> Widening | None:
    """Return which rows may have a bias of their own; None where none may.

    Parameters
    ----------
    values
        What covariances take as numbers: the standard deviation of such a bias among them.
    """
    if parts.bias.CERTAIN or BIAS_SD not in values:
        return None
    mark = np.asarray(rows.marks[schema.IS_COHORT], dtype=float) > 0
    return Widening(mark, float(values[BIAS_SD]) ** 2)
