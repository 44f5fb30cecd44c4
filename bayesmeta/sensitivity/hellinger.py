"""How far each posterior is from its prior: the Hellinger distance."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from bayesmeta import schema
from bayesmeta.assembly import Assembly
from bayesmeta.engines.quadrature.nodes import log_sum
from bayesmeta.measures.effects import FloatArray
from bayesmeta.priors import Context, density, is_proper
from bayesmeta.sensitivity.refits import Part, Priors, Refits
from bayesmeta.spec import Prior

_POINTS = 201
_REACH = 6.5
"""Points at median + sd * sinh(t), |t| below this: 330 standard deviations."""


class Distance(NamedTuple):
    """Distances between 0 (the data said nothing) and 1, with their errors, shape (refit,)."""

    value: FloatArray
    error: FloatArray


def coefficient_distances(
    refits: Refits, priors: Sequence[Priors], name: str, *, row: FloatArray
) -> Distance:
    """Return H = sqrt(1 - integral of sqrt(prior * posterior)) of one coefficient.

    NaN where its prior has no total mass.

    Parameters
    ----------
    priors
        Of each refit.
    row
        The coefficient as a combination, shape (coefficient,).

    References
    ----------
    Roos M, Martins TG, Held L, Rue H (2015). Sensitivity analysis for Bayesian hierarchical
    models. Bayesian Anal 10(2):321-349.
    """

    def affinity(part: Part) -> FloatArray:
        found = part.combination(row)
        t = np.linspace(-_REACH, _REACH, _POINTS)
        sd = part.combination(row).quantile(np.array([0.16, 0.84]))
        scale = (sd[:, 1] - sd[:, 0])[:, np.newaxis] / 2
        x = found.median()[:, np.newaxis] + scale * np.sinh(t)
        log_prior = np.stack(
            [_log_prior(priors[index][name], at) for index, at in zip(part.rows, x, strict=True)]
        )
        height = np.exp(0.5 * (log_prior + found.log_density(x))) * scale * np.cosh(t)
        return _both(height * (t[1] - t[0]))

    return _distance(refits.gather(affinity))


def heterogeneity_distances(
    refits: Refits, priors: Sequence[Priors], assembly: Assembly
) -> Distance:
    """Return the same for tau; NaN where its prior has no total mass."""
    context = Context(assembly.effects.standard_error, assembly.design)

    def affinity(part: Part) -> FloatArray:
        integral = part.integral
        assert integral.path is not None  # noqa: S101  (asked of random effects only)
        tau, log_weight = integral.tau, log_sum(integral.log_weight)
        t = integral.first[:, np.newaxis] + integral.step[:, np.newaxis] * np.arange(tau.shape[1])
        log_prior = np.stack(
            [
                _log_prior(priors[index][schema.TAU], at, context)
                for index, at in zip(part.rows, tau, strict=True)
            ]
        )
        # Posterior density times slope times step is the weight.
        stretch = integral.path.log_slope(t) + np.log(integral.step)[:, np.newaxis]
        with np.errstate(invalid="ignore"):
            height = np.exp(0.5 * (log_weight + log_prior + stretch))
        return _both(np.where(log_weight > -np.inf, height, 0.0))

    return _distance(refits.gather(affinity))


def _log_prior(prior: Prior, x: FloatArray, context: Context | None = None) -> FloatArray:
    if not is_proper(prior):
        return np.full(x.shape, np.nan)
    return density(prior, context).log_density(x)


def _both(terms: FloatArray) -> FloatArray:
    """Return sums at the step and at twice the step, shape (refit, 2)."""
    return np.stack([terms.sum(axis=-1), 2 * terms[:, ::2].sum(axis=-1)], axis=-1)


def _distance(affinity: FloatArray) -> Distance:
    fine, coarse = np.sqrt(np.clip(1 - affinity, 0.0, 1.0)).T
    return Distance(fine, np.abs(fine - coarse))
