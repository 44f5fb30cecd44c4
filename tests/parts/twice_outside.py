"""A toy heterogeneity: normal effects integrated row by row, of cohorts with twice the variance."""

from types import SimpleNamespace

import numpy as np

from bayesmeta import schema
from bayesmeta.covariance import ColumnRole, Diagonal
from bayesmeta.random_effects import cohort_ratio, normal
from bayesmeta.random_effects.kernel import Scales
from bayesmeta.random_effects.normal import TAU

NORMAL = False
ROLES: tuple[ColumnRole, ...] = cohort_ratio.ROLES
KIND = ""
SPREAD = None
MARK = ""
MARK_HEAD = ""
MIXING = ""


def _wider(values):
    return {**values, schema.TAU: np.sqrt(2) * np.asarray(values[schema.TAU])}


OUTSIDE = SimpleNamespace(
    scales=lambda values: normal.scales(_wider(values)),
    variable_scales=lambda values, fixed: Scales(
        np.zeros(1), 2 * normal.variable_scales(values, fixed).variance
    ),
    log_kernel=lambda deviation, values: normal.log_kernel(deviation, _wider(values)),
    mark=normal.mark,
)

kinds, new_variance, scales, mark = normal.kinds, normal.new_variance, normal.scales, normal.mark
variable_scales, log_kernel, new_study = normal.variable_scales, normal.log_kernel, normal.new_study
deviation, moments = normal.deviation, normal.moments


def parameters(layout):
    return (TAU,)


def covariance(values, rows):
    return Diagonal(values["tau"] ** 2 * (1 + rows.marks[schema.IS_COHORT]))


def study_effects(centre, values, rows, *, centred=False):
    scale = np.sqrt(1 + rows.marks[schema.IS_COHORT])
    return normal.study_effects(centre, {"tau": values["tau"] * scale}, rows, centred=centred)
