"""Egger's regression test: the estimates on their standard errors."""

import numpy as np
from numpy.typing import ArrayLike

from bayesmeta.arrays import FloatArray
from bayesmeta.errors import ModelError
from bayesmeta.frequentist.entry import as_data
from bayesmeta.frequentist.funnel.asymmetry import Asymmetry, few_studies
from bayesmeta.frequentist.pooling import pool
from bayesmeta.measures.effects import Effects
from bayesmeta.studies.wording import number_of

FEWEST = 4
"""Three studies leave one degree of freedom: a line that passes by them nearly always."""
FORMS = {"random": ("REML", "z"), "classical": ("CE", "knha")}
"""The meta-regression on the standard error that each form is."""

_ROUNDING = 1e-9


def egger(
    effects: Effects | ArrayLike, variance: ArrayLike | None = None, *, form: str = "classical"
) -> Asymmetry:
    """Return the test that the slope of the estimates on their standard errors is zero.

    Parameters
    ----------
    effects, variance
        As for `pool`; at least four studies with different standard errors.
    form
        ``"classical"``: weighted least squares, t on k - 2 degrees of freedom, the dispersion
        estimated (Egger 1997). ``"random"``: meta-regression with REML and z (Sterne and Egger
        2005).

    Raises
    ------
    ModelError
        With fewer than four studies, equal standard errors, estimates that lie on a line, or an
        unknown form.

    References
    ----------
    Egger M, Davey Smith G, Schneider M, Minder C (1997). BMJ 315:629-634; Sterne JAC, Egger M
    (2005), in Rothstein HR et al., Publication Bias in Meta-Analysis, 99-110.

    Examples
    --------
    >>> test = egger([0.1, 0.3, 0.2, 0.8, 0.9], [0.01, 0.02, 0.04, 0.2, 0.5])
    >>> round(test.statistic, 3), round(test.p, 3)
    (3.189, 0.05)
    """
    if form not in FORMS:
        raise ModelError(f"No form {form!r} of Egger's test; there are: {', '.join(FORMS)}.")
    data = as_data(effects, variance)
    if data.k < FEWEST:
        raise ModelError(f"{number_of(data.k)}; Egger's test needs at least {FEWEST}.")
    error = np.sqrt(data.variance)
    if np.ptp(error) <= _ROUNDING * error.max():
        raise ModelError(
            "All standard errors are alike, and Egger's test looks at estimates by their standard "
            "errors; there is no test."
        )
    design = np.column_stack([np.ones(data.k), error])
    method, test = FORMS[form]
    fit = pool(data.estimate, data.variance, design, method=method, test=test)
    if form == "classical":
        _require_scatter(data.estimate - design @ fit.coefficients, data.estimate)
    statistic = float(fit.coefficients[1] / fit.se[1])
    return Asymmetry(f"Egger ({form})", statistic, float(fit.p[1]), float(fit.coefficients[0]),
                     float(fit.se[0]), few_studies(data.k))  # fmt: skip


def _require_scatter(residual: FloatArray, estimate: FloatArray) -> None:
    """Raise where the estimates lie on the line: any slope would be infinitely sure."""
    if np.abs(residual).max() <= _ROUNDING * max(np.ptp(estimate), np.abs(estimate).max()):
        raise ModelError(
            "The estimates lie on a line of their standard errors, so that nothing says how sure "
            "its slope is; there is no test."
        )
