"""How study effects spread around their centre; a file a distribution.

``HETEROGENEITY`` is the register: the name a model file uses, and the part.
"""

from bayesmeta.random_effects import (
    bivariate,
    by_level,
    cohort_extra,
    cohort_own,
    cohort_ratio,
    log_linear,
    nested,
    none,
    normal,
)
from bayesmeta.random_effects.part import Heterogeneity

HETEROGENEITY: dict[str, Heterogeneity] = {
    "normal": normal,
    "none": none,
    "nested": nested,
    "by-level": by_level,
    "log-linear": log_linear,
    "bivariate": bivariate,
    "cohort-ratio": cohort_ratio,
    "cohort-own": cohort_own,
    "cohort-extra": cohort_extra,
}

__all__ = ["HETEROGENEITY", "Heterogeneity"]
