"""Estimates that share patients: rows of a trial are correlated, with known standard errors.

With s the standard errors and R the correlations of the rows of a trial, S = s_i s_j R_ij: known,
or the same ``rho_within`` for all pairs, with a prior.

References
----------
Wei Y, Higgins JPT (2013). Bayesian multivariate meta-analysis with multiple outcomes. Stat Med
32:2911-2934, section 2.
"""

import numpy as np

from bayesmeta.covariance import (
    NO_LAYOUT,
    Blocks,
    ColumnRole,
    Layout,
    Quantity,
    Rows,
    Use,
    Values,
)  # fmt: skip
from bayesmeta.covariance.contract import raised
from bayesmeta.parameters import Parameter, Role
from bayesmeta.spec import Prior

TRIAL, COVARIANCE = "trial", "covariance"
ROLES = (
    ColumnRole(TRIAL, "which rows share patients", unless=COVARIANCE, joins=True),
    ColumnRole(COVARIANCE, "the covariance of the estimates", Use.MATRIX, needed=False),
)


def parameters(layout: Layout = NO_LAYOUT) -> tuple[Parameter, ...]:
    """Return ``rho_within``, where the covariance of the estimates is not known.

    As far down as m exchangeable rows allow: to -1 / (m - 1).
    """
    if COVARIANCE in layout.tables:
        return ()
    largest = int(layout.groups[TRIAL].sizes.max()) if TRIAL in layout.groups else 2
    lower = -1.0 / max(largest - 1, 1)
    return (
        Parameter(
            "rho_within",
            Role.HYPERPARAMETER,
            (lower, 1.0),
            unit_power=0,
            says="correlation of estimates of the same trial",
            default=Prior("Uniform", {"lower": lower, "upper": 1.0}),
        ),
    )


def covariance(values: Values, rows: Rows) -> Blocks:
    """Return the covariance of the estimates of each trial."""
    trials = rows.groups[TRIAL]
    error = rows.standard_error[..., trials.member]  # type: ignore[index]
    block = error[..., :, np.newaxis] * error[..., np.newaxis, :] * _correlation(values, rows)
    return Blocks(block, trials)


def _correlation(values: Values, rows: Rows) -> Quantity:
    trials = rows.groups[TRIAL]
    if COVARIANCE in rows.tables:
        every = rows.tables[COVARIANCE].values
        return every[trials.member[:, :, np.newaxis], trials.member[:, np.newaxis, :]]
    same = np.eye(trials.member.shape[1])
    correlation: Quantity = same + raised(values["rho_within"], 2) * (1 - same)
    return correlation
