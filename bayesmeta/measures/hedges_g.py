"""Mean difference in standard deviations: Hedges' g."""

import math
from types import MappingProxyType

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.measures import mean_difference
from bayesmeta.measures.contract import USUAL, USUAL_ONLY, Effect, Remarks, Table

code = "SMD"
title = "Standardised mean difference (Hedges' g)"
unit = "standard deviations"
columns = mean_difference.columns
ratio = False
other_variances = USUAL_ONLY


def effect(table: Table) -> Effect:
    """Return Hedges' g, with the exact correction for few participants.

    With s the standard deviation of both arms together and J the correction::

        estimate       = J(n_t + n_c - 2) * (m_t - m_c) / s
        standard_error = sqrt(1 / n_t + 1 / n_c + estimate**2 / (2 * (n_t + n_c)))

    References
    ----------
    Hedges LV (1981). Distribution theory for Glass's estimator of effect size and related
    estimators. Journal of Educational Statistics 6(2), 107-128.
    Hedges LV (1982). Estimation of effect size from a series of independent experiments.
    Psychological Bulletin 92(2), 490-499.

    Examples
    --------
    Length of stay in Edinburgh (Normand 1999):

    >>> edinburgh = {"n_treatment": 155, "mean_treatment": 55, "sd_treatment": 47,
    ...              "n_control": 156, "mean_control": 75, "sd_control": 64}
    >>> found = effect({name: np.array([value]) for name, value in edinburgh.items()})
    >>> found.estimate.round(5), (found.standard_error**2).round(6)
    (array([-0.35517]), array([0.013065]))
    """
    treatment, control = table["n_treatment"], table["n_control"]
    difference = table["mean_treatment"] - table["mean_control"]
    estimate = correction(treatment + control - 2) * difference / mean_difference.pooled_sd(table)
    standard_error = np.hypot(
        np.sqrt(1 / treatment + 1 / control), estimate / np.sqrt(2 * (treatment + control))
    )
    return Effect(estimate, standard_error, refused=too_few(treatment + control - 2))


def correction(freedom: FloatArray) -> FloatArray:
    """Return Hedges' J, which makes a standardised difference unbiased.

    J(m) = gamma(m / 2) / (sqrt(m / 2) * gamma((m - 1) / 2)), with m the degrees of freedom of the
    standard deviation (Hedges 1981); 1 - 3 / (4 m - 1) is its approximation. Not a number for
    less than 2: with 1 no multiple of the difference is unbiased.

    Examples
    --------
    >>> correction(np.array([10.0, 100.0])).round(6)
    array([0.922746, 0.992478])
    """
    known = np.maximum(freedom, _FEWEST)
    found = np.where(known > _MANY, _of_many(known), _of_few(np.minimum(known, _MANY)))
    return np.where(freedom < _FEWEST, np.nan, found)


def shared(table: Table) -> FloatArray:
    """Return what the control arm puts into g, each row standardised by its own two arms.

    With N = n_t + n_c, rows i and j of one control arm have the covariance::

        1 / n_c + g_i * g_j * n_c / (2 * N_i * N_j)

    The standard deviation of both arms gets a share n_c / N of its degrees of freedom from it.

    References
    ----------
    Gleser LJ, Olkin I (2009). Stochastically dependent effect sizes. In: Cooper H, Hedges LV,
    Valentine JC (eds). The handbook of research synthesis and meta-analysis, 2nd ed., 357-376.
    """
    control = table["n_control"]
    both = table["n_treatment"] + control
    return np.array([
        1 / np.sqrt(control), effect(table).estimate * np.sqrt(control / 2) / both
    ])  # fmt: skip


control_arm = MappingProxyType({USUAL: shared})


def too_few(freedom: FloatArray) -> Remarks:
    """Return why there is no correction: the mean of t on 1 degree of freedom does not exist."""
    why = f"Hedges' correction needs at least {_FEWEST:g} degrees of freedom for the SD"
    return {why: np.asarray(freedom < _FEWEST)}


_FEWEST = 2.0
_MANY = 1000.0


def _of_few(freedom: FloatArray) -> FloatArray:
    logarithm = _log_gamma(freedom / 2) - _log_gamma((freedom - 1) / 2) - np.log(freedom / 2) / 2
    return np.asarray(np.exp(logarithm))


def _of_many(freedom: FloatArray) -> FloatArray:
    """Return the same from the series of gamma(x + 1/2) / gamma(x), good to 1e-16 above 1000.

    Large log gammas differ by less than their rounding.
    """
    inverse = 2 / np.maximum(freedom - 1, 1)
    series = 1 + inverse * (-1 / 8 + inverse * (1 / 128 + inverse * (5 / 1024)))
    return np.sqrt(1 - 1 / freedom) * series


# math's, because importing scipy.special costs twice what importing numpy does.
_log_gamma = np.vectorize(math.lgamma, otypes=[np.float64])
