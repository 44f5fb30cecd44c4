"""Rows of a table as likelihoods on a line."""

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.assembly import Parts
from bayesmeta.covariance import Rows as TableRows
from bayesmeta.engines.lines.rows import NormalRows, Rows
from bayesmeta.errors import ModelError
from bayesmeta.likelihoods import LIKELIHOODS


def rows_of(parts: Parts, estimate: FloatArray, rows: TableRows) -> Rows:
    """Return the likelihoods of a table's rows.

    Raises
    ------
    ModelError
        If the likelihood is none that is spread in closed form, naming it.
    """
    if not parts.likelihood.CONJUGATE:
        names = [name for name, part in LIKELIHOODS.items() if part is parts.likelihood]
        raise ModelError(
            f"The exact engine does not integrate the likelihood {names[0]!r} yet; "
            'use engine="nuts".'
        )
    return NormalRows(estimate, np.asarray(rows.standard_error) ** 2)
