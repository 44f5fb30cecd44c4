"""Estimators of the between-study variance, one a file.

``ESTIMATORS`` is the register: the name in tables, and what computes tau2 from `Data`. Each
takes one meta-analysis or a batch and gives tau2 in the squared unit of the outcome, shape of
the batch, never negative. All but CE need more studies than coefficients.
"""

from collections.abc import Callable

from bayesmeta.arrays import FloatArray
from bayesmeta.frequentist.estimators import (
    common_effect,
    dersimonian_laird,
    empirical_bayes,
    hedges,
    hunter_schmidt,
    maximum_likelihood,
    paule_mandel,
    restricted_likelihood,
    sidik_jonkman,
    two_step,
)
from bayesmeta.frequentist.weighting import Data

ESTIMATORS: dict[str, Callable[[Data], FloatArray]] = {
    "CE": common_effect.estimate,
    "DL": dersimonian_laird.estimate,
    "HE": hedges.estimate,
    "HS": hunter_schmidt.estimate,
    "SJ": sidik_jonkman.estimate,
    "ML": maximum_likelihood.estimate,
    "REML": restricted_likelihood.estimate,
    "EB": empirical_bayes.estimate,
    "PM": paule_mandel.estimate,
    "DL2": two_step.estimate,
}

_ASKED_FOR = ("DL2",)
"""Two steps of DL: between DL and PM, and in no row where nobody asks for it."""


def classical() -> tuple[str, ...]:
    """Return the names of the rows that `compare` prints: all that are registered but a few.

    Examples
    --------
    >>> classical()
    ('CE', 'DL', 'HE', 'HS', 'SJ', 'ML', 'REML', 'EB', 'PM')
    """
    return tuple(name for name in ESTIMATORS if name not in _ASKED_FOR)


__all__ = ["ESTIMATORS", "classical"]
