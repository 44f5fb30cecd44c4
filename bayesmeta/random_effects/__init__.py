"""How study effects spread around their centre; a file a distribution.

``HETEROGENEITY`` is the register: the name a model file uses, and the part.
"""

from bayesmeta.random_effects import (
    bivariate,
    by_level,
    contaminated,
    log_linear,
    nested,
    none,
    normal,
    student_t,
)
from bayesmeta.random_effects.kernel import Kernel, Scales, kernel_of
from bayesmeta.random_effects.part import Heterogeneity

HETEROGENEITY: dict[str, Heterogeneity] = {
    "normal": normal,
    "none": none,
    "nested": nested,
    "by-level": by_level,
    "log-linear": log_linear,
    "bivariate": bivariate,
    "student-t": student_t,
    "contaminated": contaminated,
}

__all__ = ["HETEROGENEITY", "Heterogeneity", "Kernel", "Scales", "kernel_of"]
