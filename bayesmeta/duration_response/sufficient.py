"""How long is enough: the shortest duration at which an effect that matters is probable."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from scipy.special import ndtr

from bayesmeta.arrays import FloatArray
from bayesmeta.duration_response.cloud import Cloud
from bayesmeta.duration_response.question import Question
from bayesmeta.mixtures import NormalMixture

_GRID = 81
_ROUNDS, _POINTS = 6, 11
NEARBY = (0.0, -0.3, 0.3)
"""Where a distribution function's error is looked for, in SDs from the point asked for."""


class Shares(NamedTuple):
    """Probabilities of benefit and of benefit that matters, and their largest error; (week,)."""

    better: FloatArray
    beyond: FloatArray
    error: FloatArray


class Sufficient(NamedTuple):
    """The shortest sufficient duration.

    Parameters
    ----------
    weeks
        None where there is none within the observed range.
    error
        What the coarser rule changes.
    stays
        Whether every longer observed duration suffices too.
    best
        The highest probability within the observed range.
    best_at
        Where it is reached.
    """

    weeks: float | None
    error: float
    stays: bool
    best: float
    best_at: float


def shares(effect: NormalMixture, question: Question) -> Shares:
    """Return how probable benefit is, and benefit beyond the threshold (nan without one)."""
    better, error = _known(effect, 0.0, question)
    if question.threshold is None:
        return Shares(better, np.full_like(better, np.nan), error)
    beyond, other = _known(effect, question.threshold, question)
    return Shares(better, beyond, np.maximum(error, other))


def _known(
    effect: NormalMixture, point: float, question: Question
) -> tuple[FloatArray, FloatArray]:
    """Return the probability beyond a point, and its error, (week,).

    The error is the largest difference between the rules here and nearby: at one point two
    distribution functions may cross by chance.
    """
    sd = effect.sd()
    around = [_beyond(effect, point + shift * sd, question) for shift in NEARBY]
    gaps = np.array([np.abs(fine - coarse) for fine, coarse in around])
    return around[0][0], gaps.max(axis=0)


def _beyond(
    effect: NormalMixture, point: FloatArray | float, question: Question
) -> tuple[FloatArray, FloatArray]:
    """Return the probability beyond a point on the side of benefit, by both rules, (week,)."""
    # Both rules share their nodes: one pass over them does for both.
    below = ndtr((np.asarray(point)[..., np.newaxis] - effect.location) / effect.scale)
    share = below if question.benefit == "lower" else 1 - below
    coarse = effect.weight if effect.coarse_weight is None else effect.coarse_weight
    return (share * effect.weight).sum(axis=-1), (share * coarse).sum(axis=-1)


def sufficient(cloud: Cloud, question: Question) -> tuple[Sufficient | None, Sufficient | None]:
    """Return the shortest observed duration at which the effect matters with enough probability.

    The first is for the mean effect, the second for that in a new study; None without a
    threshold.
    """
    if question.threshold is None:
        return None, None
    point, grid = question.threshold, _grid(cloud)
    known = [_beyond(effect, point, question) for effect in cloud.effects(grid, at=question.at)]

    def probability(place: int) -> Callable[[FloatArray], tuple[FloatArray, FloatArray]]:
        return lambda weeks: _beyond(cloud.effects(weeks, at=question.at)[place], point, question)

    mean, new_study = (
        _answer(grid, both, question.probability, probability(place))
        for place, both in enumerate(known)
    )
    return mean, new_study


def _answer(
    grid: FloatArray,
    found: tuple[FloatArray, FloatArray],
    wanted: float,
    probability: Callable[[FloatArray], tuple[FloatArray, FloatArray]],
) -> Sufficient:
    """Return the answer from the probability by both rules, on a grid and as a function."""
    fine, coarse = found
    first = _first(grid, fine, wanted, lambda week: probability(week)[0])
    other = _first(grid, coarse, wanted, lambda week: probability(week)[1])
    error = abs(first - other) if first is not None and other is not None else np.nan
    enough = fine >= wanted
    stays = bool(enough[int(enough.argmax()) :].all())
    best = int(fine.argmax())
    return Sufficient(first, float(error), stays, float(fine[best]), float(grid[best]))


def _grid(cloud: Cloud) -> FloatArray:
    """Return durations over the observed range, both sides of every possible cut among them."""
    observed = cloud.observed
    even = np.linspace(observed.shortest, observed.longest, _GRID)
    cuts = np.array(observed.middles)
    beyond = np.nextafter(cuts, np.inf)
    return np.unique(np.concatenate([even, observed.distinct, cuts, beyond]))


def _first(
    grid: FloatArray,
    found: FloatArray,
    wanted: float,
    probability: Callable[[FloatArray], FloatArray],
) -> float | None:
    """Return where the probability first reaches what is wanted, on finer and finer grids."""
    enough = found >= wanted
    if not enough.any():
        return None
    place = int(enough.argmax())
    if place == 0:
        return float(grid[0])
    low, high = float(grid[place - 1]), float(grid[place])
    for _ in range(_ROUNDS):
        inside = np.linspace(low, high, _POINTS)
        reached = probability(inside) >= wanted
        reached[-1] = True
        at = max(int(reached.argmax()), 1)
        low, high = float(inside[at - 1]), float(inside[at])
    return high
