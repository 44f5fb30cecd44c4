"""How probable benefit is, and benefit that matters."""

from dataclasses import replace
from typing import NamedTuple

import numpy as np
from scipy.special import ndtr

from bayesmeta.arrays import FloatArray
from bayesmeta.duration_response.question import Question
from bayesmeta.mixtures import NormalMixture

NEARBY = (0.0, -0.3, 0.3)
"""Where a distribution function's error is looked for, in SDs from the point asked for."""


class Shares(NamedTuple):
    """Probabilities of benefit and of benefit that matters, and their largest error; (week,)."""

    better: FloatArray
    beyond: FloatArray
    error: FloatArray


def shares(effect: NormalMixture, question: Question) -> Shares:
    """Return how probable benefit is, and benefit beyond the threshold (nan without one)."""
    better, error = share_beyond(effect, 0.0, question)
    if question.threshold is None:
        return Shares(better, np.full_like(better, np.nan), error)
    beyond, other = share_beyond(effect, question.threshold, question)
    return Shares(better, beyond, np.maximum(error, other))


def share_beyond(
    effect: NormalMixture, point: float, question: Question
) -> tuple[FloatArray, FloatArray]:
    """Return the probability beyond a point on the side of benefit, and its error, (week,).

    The error is the largest difference between the rules here and nearby: at one point two
    distribution functions may cross by chance.
    """
    # Where there is none the components', which are finite.
    sd = replace(effect, moments=np.inf).sd()
    around = [_beyond(effect, point + shift * sd, question) for shift in NEARBY]
    gaps = np.array([np.abs(fine - coarse) for fine, coarse in around])
    return around[0][0], gaps.max(axis=0)


def _beyond(
    effect: NormalMixture, point: FloatArray | float, question: Question
) -> tuple[FloatArray, FloatArray]:
    """Return the probability beyond a point on the side of benefit, by both rules, (week,)."""
    # Both rules share their nodes: one pass over them does for both, in as few arrays as can be.
    side = effect.scale if question.benefit == "lower" else -effect.scale
    away = (np.asarray(point)[..., np.newaxis] - effect.location) / side
    share = ndtr(away, out=away)
    coarse = effect.weight if effect.coarse_weight is None else effect.coarse_weight
    fine, rough = (np.einsum("...n,...n->...", share, each) for each in (effect.weight, coarse))
    return fine, rough
