"""Estimates that share patients: rows of a trial are correlated, with known standard errors.

With s the standard errors and R the correlations of the rows of a trial, S = s_i s_j R_ij: known,
out of a matrix or of what the table says of an arm that rows share; or the same ``rho_within`` for
all pairs, with a prior; or its power by the weeks between two rows.

References
----------
Wei Y, Higgins JPT (2013). Bayesian multivariate meta-analysis with multiple outcomes. Stat Med
32:2911-2934, section 2.
Musekiwa A, Manda SOM, Mwambi HG, Chen DG (2016). Meta-analysis of effect sizes reported at
multiple time points using general linear mixed model. PLoS ONE 11(10):e0164898.
"""

from collections import Counter

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.covariance import (
    NO_LAYOUT,
    Blocks,
    ColumnRole,
    Groups,
    Layout,
    Quantity,
    Rows,
    Use,
    Values,
)  # fmt: skip
from bayesmeta.covariance.contract import raised
from bayesmeta.errors import ModelError
from bayesmeta.parameters import Parameter, Role
from bayesmeta.spec import Prior

TRIAL, COVARIANCE, CONTROL_ARM, WEEKS = "trial", "covariance", "control_arm", "weeks"
KNOWN = (COVARIANCE, CONTROL_ARM)
SHOWN_AT = {"rho_within": (0.0, 0.3, 0.5, 0.7, 0.9)}
WORKING = {"rho_within": 0.8}
"""The usual assumption of robust variance estimation (Fisher and Tipton 2015, arXiv:1503.02220)."""
ROLES = (
    ColumnRole(TRIAL, "which rows share patients", unless=COVARIANCE, joins=True),
    ColumnRole(COVARIANCE, "the covariance of the estimates", Use.MATRIX, needed=False,
               apart=(CONTROL_ARM, WEEKS)),
    ColumnRole(CONTROL_ARM, "which rows of a trial share a control arm", Use.SHARED_ARM,
               needed=False, apart=(WEEKS,)),
    ColumnRole(WEEKS, "when each row was measured, in weeks", Use.NUMBER, needed=False),
)  # fmt: skip


def parameters(layout: Layout = NO_LAYOUT) -> tuple[Parameter, ...]:
    """Return ``rho_within``, where the covariance of the estimates is not known.

    As far down as every block is positive definite: to -1 / (m - 1) where m rows are exchangeable,
    to 0 where it is raised to powers.

    Raises
    ------
    ModelError
        If rows of a trial are of the same week.
    """
    if any(role in layout.tables for role in KNOWN):
        return ()
    lower, apart = _lowest(layout), ""
    if WEEKS in layout.tables:
        _require_distinct(layout)
        apart = ", a week apart"
    return (
        Parameter(
            "rho_within",
            Role.HYPERPARAMETER,
            (lower, 1.0),
            unit_power=0,
            says=f"correlation of estimates of the same trial{apart}",
            default=Prior("Uniform", {"lower": lower, "upper": 1.0}),
        ),
    )


def _lowest(layout: Layout) -> float:
    if WEEKS in layout.tables:
        return 0.0
    largest = int(layout.groups[TRIAL].sizes.max()) if TRIAL in layout.groups else 2
    return -1.0 / max(largest - 1, 1)


def _require_distinct(layout: Layout) -> None:
    trials, week = layout.groups[TRIAL], layout.tables[WEEKS].values[:, 0].tolist()
    (trial, when), times = Counter(zip(trials.names, week, strict=True)).most_common(1)[0]
    if times > 1:
        raise ModelError(
            f"Trial {trial!r} has {times} rows of week {when:g}, whose correlation would be 1; "
            "keep one of them, or leave out weeks for rows that are exchangeable."
        )


def covariance(values: Values, rows: Rows) -> Blocks:
    """Return the covariance of the estimates of each trial."""
    trials = rows.groups[TRIAL]
    error = rows.standard_error[..., trials.member]  # type: ignore[index]
    block = error[..., :, np.newaxis] * error[..., np.newaxis, :] * _correlation(values, rows)
    return Blocks(block, trials)


def _correlation(values: Values, rows: Rows) -> Quantity:
    trials = rows.groups[TRIAL]
    known = next((rows.tables[role] for role in KNOWN if role in rows.tables), None)
    if known is not None:
        return known.values[trials.member[:, :, np.newaxis], trials.member[:, np.newaxis, :]]
    rho = raised(values["rho_within"], 2)
    if WEEKS in rows.tables:
        power: Quantity = rho ** _weeks_apart(rows.tables[WEEKS].values[:, 0], trials)
        return power
    same = np.eye(trials.member.shape[1])
    correlation: Quantity = same + rho * (1 - same)
    return correlation


def _weeks_apart(weeks: FloatArray, trials: Groups) -> FloatArray:
    """Return the weeks between the rows of each trial, shape (trial, place, place)."""
    when = weeks[trials.member]
    return np.abs(when[:, :, np.newaxis] - when[:, np.newaxis, :])
