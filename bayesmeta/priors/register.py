"""The register of families."""

from bayesmeta.priors.beta import BETA
from bayesmeta.priors.composed import MIXTURE, TRUNCATED
from bayesmeta.priors.correlations import LKJ, STRETCHED_BETA
from bayesmeta.priors.family import Family
from bayesmeta.priors.half import HALF_CAUCHY, HALF_LOGISTIC, HALF_NORMAL, HALF_STUDENT_T
from bayesmeta.priors.improper import (
    BERGER_DEELY,
    FLAT,
    JEFFREYS,
    OVERALL_JEFFREYS,
    SQRT,
    UNIFORM_WORD,
)
from bayesmeta.priors.symmetric import CAUCHY, LOG_NORMAL, LOG_STUDENT_T, NORMAL, STUDENT_T
from bayesmeta.priors.table import TABLE
from bayesmeta.priors.typical import CONVENTIONAL, DU_MOUCHEL, I2, SHRINKAGE
from bayesmeta.priors.uniform import UNIFORM
from bayesmeta.priors.waiting import EXPONENTIAL, GAMMA, INVERSE_GAMMA, LOMAX, WEIBULL

_ALL = (
    *(HALF_NORMAL, HALF_STUDENT_T, HALF_CAUCHY, HALF_LOGISTIC),
    *(EXPONENTIAL, GAMMA, INVERSE_GAMMA, WEIBULL, LOMAX),
    *(LOG_NORMAL, LOG_STUDENT_T, UNIFORM, BETA, STRETCHED_BETA, LKJ),
    *(NORMAL, STUDENT_T, CAUCHY, TRUNCATED, MIXTURE, TABLE),
    *(FLAT, UNIFORM_WORD, SQRT, JEFFREYS, OVERALL_JEFFREYS, BERGER_DEELY),
    *(CONVENTIONAL, DU_MOUCHEL, SHRINKAGE, I2),
)
FAMILIES: dict[str, Family] = {family.name: family for family in _ALL}


def families_for(parameter: str) -> tuple[str, ...]:
    """Return the names of the families that suit "tau", "mu", a "share" or a "correlation".

    Examples
    --------
    >>> families_for("mu")
    ('Uniform', 'Normal', 'StudentT', 'Cauchy', 'Truncated', 'Mixture', 'Table', 'flat')
    """
    return tuple(name for name, family in FAMILIES.items() if parameter in family.suits)
