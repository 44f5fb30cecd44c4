"""How far each posterior is from its prior: the Hellinger distance."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.assembly import Assembly
from bayesmeta.errors import PosteriorError
from bayesmeta.priors import Context, density, is_proper
from bayesmeta.refits.batch import Part, Priors, Refits
from bayesmeta.sinc import Path
from bayesmeta.sinc.affinity import affinity
from bayesmeta.spec import Prior

_ROUNDING = 1e-14
_DOUBTS = 10.0
"""An affinity above 1 by more than so many errors is no matter of accuracy."""


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

    def distances(part: Part) -> FloatArray:
        found = part.combination(row)
        own = [priors[index][name] for index in part.rows]

        def log_prior(x: FloatArray) -> FloatArray:
            return np.stack([_log_prior(prior, at) for prior, at in zip(own, x, strict=True)])

        ends = found.quantile(np.array([0.16, 0.5, 0.84]))
        return np.stack(affinity(log_prior, found.log_density, _bulks(ends, own)), axis=-1)

    return distance(*refits.gather(distances).T)


def _bulks(ends: FloatArray, priors: Sequence[Prior]) -> tuple[FloatArray, FloatArray]:
    """Return centres and scales of posteriors, and of the parts of priors that are mixtures."""
    parts = [_parts(prior) for prior in priors]
    count = max(len(part) for part in parts)
    centre, scale = np.zeros((len(ends), 1 + count)), np.full((len(ends), 1 + count), np.inf)
    centre[:, 0], scale[:, 0] = ends[:, 1], (ends[:, 2] - ends[:, 0]) / 2
    for index, part in enumerate(parts):
        for place, (low, middle, high) in enumerate(part, start=1):
            centre[index, place], scale[index, place] = middle, (high - low) / 2
    return centre, scale


def _parts(prior: Prior) -> list[FloatArray]:
    """Return three quantiles of each part of a mixture; nothing of another prior."""
    if prior.distribution != "Mixture":
        return []
    members: tuple[Prior, ...] = prior.parameters["comp_dists"]  # type: ignore[assignment]
    return [density(member).quantile(np.array([0.16, 0.5, 0.84])) for member in members]


def heterogeneity_distances(
    refits: Refits, priors: Sequence[Priors], assembly: Assembly, name: str
) -> Distance:
    """Return the same for a hyperparameter; NaN where its prior has no total mass."""
    context = assembly.context

    def sums(part: Part) -> FloatArray:
        found = part.heterogeneity(name)
        log_weight, each = found.log_weight, found.step[:, np.newaxis]
        t = found.first[:, np.newaxis] + each * np.arange(log_weight.shape[1])
        own = [priors[index][name] for index in part.rows]
        log_mass = _log_mass(own, found.path, t, context) + np.log(each)
        # Nodes that only fill up a batch have no weight, wherever they stand.
        log_mass = np.where(log_weight > -np.inf, log_mass, -np.inf)
        return _both(np.exp(0.5 * (log_weight + log_mass)))

    return _distance(refits.gather(sums))


def _log_mass(priors: Sequence[Prior], path: Path, t: FloatArray, context: Context) -> FloatArray:
    """Return the log prior density of t, shape (refit, node)."""
    if path.support.whole:
        values = zip(priors, path.value(t), strict=True)
        each = [_log_prior(prior, at, context) for prior, at in values]
        return np.stack(each) + path.log_slope(t)
    # On the log scale: tau itself underflows, and a prior may be infinite at 0.
    logs = zip(priors, path.log_value(t), strict=True)
    each = [_log_prior_of_log(prior, at, context) for prior, at in logs]
    return np.stack(each) + path.log_slope_of_log(t)


def _log_prior(prior: Prior, x: FloatArray, context: Context | None = None) -> FloatArray:
    if not is_proper(prior):
        return np.full(x.shape, np.nan)
    return density(prior, context).log_density(x)


def _log_prior_of_log(prior: Prior, log_x: FloatArray, context: Context) -> FloatArray:
    if not is_proper(prior):
        return np.full(log_x.shape, np.nan)
    return density(prior, context).log_density_of_log(log_x)


def _both(terms: FloatArray) -> FloatArray:
    """Return sums at the step and at twice the step, and what lies beyond, (refit, 3)."""
    fine, coarse = terms.sum(axis=-1), 2 * terms[:, ::2].sum(axis=-1)
    return np.stack([fine, coarse, terms[:, 0] + terms[:, -1]], axis=-1)


def _distance(affinity: FloatArray) -> Distance:
    fine, coarse, beyond = affinity.T
    return distance(fine, np.abs(fine - coarse) + beyond)


def distance(affinity: FloatArray, error: FloatArray | float) -> Distance:
    """Return Hellinger distances from affinities, the integrals of sqrt(p * q).

    Parameters
    ----------
    affinity, error
        With its numerical error, shape (refit,); NaN where there is no distance.

    Raises
    ------
    PosteriorError
        If an affinity is above 1 by more than its error, which no two distributions allow.

    Examples
    --------
    >>> distance(np.array([0.75]), 0.0).value
    array([0.5])
    """
    error = np.asarray(error) + _ROUNDING
    impossible = (affinity > 1 + _DOUBTS * error) | np.isinf(affinity) | np.isinf(error)
    if np.any(impossible):
        raise PosteriorError(
            f"The affinity of two distributions came out as {affinity[impossible][0]:.12g}, with "
            f"an error of {np.broadcast_to(error, affinity.shape)[impossible][0]:.1g}; it is at "
            f"most 1. The quadrature does not resolve this prior or posterior."
        )
    apart = np.maximum(1 - affinity, 0.0)  # below 0 by rounding alone: asked above
    value = np.sqrt(apart)
    return Distance(value, np.sqrt(apart + error) - value)
