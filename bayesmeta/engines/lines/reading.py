"""Rows of a table as likelihoods on a line."""

from collections.abc import Mapping, Sequence
from typing import cast

import numpy as np

from bayesmeta import schema
from bayesmeta.arrays import BoolArray, FloatArray
from bayesmeta.assembly import Parts
from bayesmeta.biases.parameter import BIAS_SD, SHARE
from bayesmeta.covariance import Rows as TableRows
from bayesmeta.engines.lines.rows import NormalRows, Rows
from bayesmeta.engines.lines.tables import TabulatedRows
from bayesmeta.engines.lines.widening import Widening
from bayesmeta.priors import normal
from bayesmeta.random_effects import Kernel, ScaleMixture
from bayesmeta.spec import Prior


def rows_of(parts: Parts, estimate: FloatArray, rows: TableRows) -> Rows:
    """Return the likelihoods of a table's rows."""
    if parts.likelihood.CONJUGATE:
        return NormalRows(estimate, np.asarray(rows.standard_error) ** 2)
    return TabulatedRows.of(parts.likelihood, estimate, rows)


def outside_of(kernel: Kernel, rows: TableRows) -> BoolArray | None:
    """Return which rows' effects spread as those outside the reference design; None for no such."""
    if kernel.OUTSIDE is None:
        return None
    return np.asarray(rows.marks[schema.IS_COHORT], dtype=float) > 0


def own_kernel(kernel: Kernel, outside: BoolArray | None, study: int) -> ScaleMixture:
    """Return how one study's effect spreads.

    Parameters
    ----------
    outside
        As `outside_of`.
    """
    is_outside = outside is not None and bool(outside[study])
    return kernel.OUTSIDE if is_outside and kernel.OUTSIDE is not None else kernel


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


def spike_of(parts: Parts, priors: Mapping[str, Prior]) -> float:
    """Return the standard deviation of no bias, where cohorts share one or none has any; else 0.

    Raises
    ------
    PriorError
        If the prior of a bias that there may be is not normal.
    """
    if parts.bias.CERTAIN or not parts.bias.COEFFICIENTS:
        return 0.0
    # Of half a chance both are there: of the normals of the mixture the narrow one comes first.
    mixed = parts.bias.coefficient_prior(priors[schema.BIAS], {SHARE.name: 0.5})
    each = cast("Sequence[Prior]", mixed.parameters["comp_dists"])
    return min(found.sd for found in map(normal, each) if found)
