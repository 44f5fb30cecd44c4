"""How study effects spread around their centre; a file a distribution.

``HETEROGENEITY`` is the register: the name a model file uses, and the part.
"""

from bayesmeta.random_effects import (
    by_design,
    by_level,
    cohort_extra,
    cohort_own,
    cohort_ratio,
    contaminated,
    log_linear,
    multivariate,
    nested,
    none,
    normal,
    student_t,
)
from bayesmeta.random_effects.kernel import Kernel, ScaleMixture, Scales, kernel_of
from bayesmeta.random_effects.part import Grouped, Heterogeneity, groups_of, translated

HETEROGENEITY: dict[str, Heterogeneity] = {
    "normal": normal,
    "none": none,
    "nested": nested,
    "by-level": by_level,
    "log-linear": log_linear,
    "multivariate": multivariate,
    "bivariate": multivariate,  # what posteriors saved before there were more than two say
    "cohort-ratio": cohort_ratio,
    "cohort-own": cohort_own,
    "cohort-extra": cohort_extra,
    "student-t": student_t,
    "contaminated": contaminated,
    "student-t-extra": by_design.EXTRA,
    "student-t-own": by_design.OWN,
    "student-t-ratio": by_design.RATIO,
}

__all__ = [
    "HETEROGENEITY",
    "Grouped",
    "Heterogeneity",
    "Kernel",
    "ScaleMixture",
    "Scales",
    "groups_of",
    "kernel_of",
    "translated",
]
