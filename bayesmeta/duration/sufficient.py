"""How long is enough: the shortest duration at which an effect that matters is probable."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from scipy.special import ndtr

from bayesmeta.duration.cloud import Cloud
from bayesmeta.duration.question import Question
from bayesmeta.measures.effects import FloatArray
from bayesmeta.mixtures import NormalMixture

_GRID = 81
_ROUNDS, _POINTS = 6, 11


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
    better, better_coarse = _beyond(effect, 0.0, question)
    if question.threshold is None:
        error = np.abs(better - better_coarse)
        return Shares(better, np.full_like(better, np.nan), error)
    beyond, coarse = _beyond(effect, question.threshold, question)
    error = np.maximum(np.abs(better - better_coarse), np.abs(beyond - coarse))
    return Shares(better, beyond, error)


def _beyond(
    effect: NormalMixture, point: float, question: Question
) -> tuple[FloatArray, FloatArray]:
    """Return the probability beyond a point on the side of benefit, by both rules, (week,)."""
    # Both rules share their nodes: one pass over them does for both.
    below = ndtr((point - effect.location) / effect.scale)
    share = below if question.benefit == "lower" else 1 - below
    coarse = effect.weight if effect.coarse_weight is None else effect.coarse_weight
    return share @ effect.weight, share @ coarse


def sufficient(cloud: Cloud, question: Question, *, new_study: bool = False) -> Sufficient | None:
    """Return the shortest observed duration at which the effect matters with enough probability.

    Without a threshold, None.
    """
    if question.threshold is None:
        return None
    point = question.threshold

    def probability(weeks: FloatArray) -> tuple[FloatArray, FloatArray]:
        effect = cloud.effect(weeks, new_study=new_study, at=question.at)
        return _beyond(effect, point, question)

    grid = _grid(cloud)
    fine, coarse = probability(grid)
    first = _first(grid, fine, question.probability, lambda week: probability(week)[0])
    other = _first(grid, coarse, question.probability, lambda week: probability(week)[1])
    error = abs(first - other) if first is not None and other is not None else np.nan
    enough = fine >= question.probability
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
