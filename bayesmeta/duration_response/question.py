"""What is asked of a duration analysis, checked."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.duration_response.weeks import Durations
from bayesmeta.errors import ModelError, PosteriorError
from bayesmeta.location.shapes import Observed
from bayesmeta.measures.effects import Effects
from bayesmeta.measures.given import require_effects
from bayesmeta.summaries.own_scale import has_null, pooled_as
from bayesmeta.within import is_number, is_positive, within

_DIRECTIONS = ("lower", "higher")
_USUAL = (1.0, 2.0, 3.0, 4.0, 6.0, 8.0, 12.0, 16.0, 24.0, 36.0, 52.0, 78.0, 104.0)
_MOST = 8


@dataclass(frozen=True, eq=False)
class Question:
    """What to answer.

    Parameters
    ----------
    benefit
        Which direction helps, ``"lower"`` or ``"higher"``.
    threshold
        Where benefit starts to matter, on the scale of the estimates; None if not stated.
    probability
        How sure one must be of an effect beyond it.
    weeks
        Durations to predict at, shape (week,).
    changes
        Pairs of durations to compare.
    interval
        Probability of the intervals.
    at
        Values of other moderators to predict at.
    """

    benefit: str
    threshold: float | None
    probability: float
    weeks: FloatArray
    changes: tuple[tuple[float, float], ...]
    interval: float
    at: Mapping[str, str | float]

    @property
    def ends(self) -> FloatArray:
        """Tail probabilities of the interval's ends, the median between them."""
        return np.array([(1 - self.interval) / 2, 0.5, (1 + self.interval) / 2])


def require_sense(
    *, benefit: str, interval: float, sufficient: float, weeks: Sequence[float]
) -> None:
    """Raise unless direction, probabilities and durations make sense.

    Raises
    ------
    PosteriorError
        If they do not.
    """
    if benefit not in _DIRECTIONS:
        known = ", ".join(_DIRECTIONS)
        raise PosteriorError(f"benefit is {benefit!r}; it must be one of: {known}.")
    for name, value in (("interval", interval), ("sufficient", sufficient)):
        if not within(value, 0, 1):
            raise PosteriorError(f"{name} is {value}; it must lie between 0 and 1.")
    wrong = [week for week in weeks if not (is_number(week) and 0 <= week < math.inf)]
    if wrong:
        raise ModelError(f"weeks: {wrong[0]!r} is no duration; durations are 0 or more.")


def require_differences(effects: Effects) -> None:
    """Raise where one group's levels are pooled: of them no value is that of no effect.

    Raises
    ------
    StudiesError
        If they are no effects.
    PosteriorError
        Saying what would do.
    """
    require_effects(effects)
    if not has_null(effects.measure):
        raise PosteriorError(
            f"duration asks from which week on an effect is benefit, and {effects.measure} is a "
            "level, of which no value is that of no effect. A fit with the duration as its "
            "moderator says how the level changes."
        )


def threshold(effects: Effects, *, benefit: str, difference: float | None) -> float | None:
    """Return where benefit starts to matter; for ratio measures the log of the ratio.

    Raises
    ------
    PosteriorError
        If the difference is not above 0, or a ratio of 1.
    """
    if difference is None:
        return None
    if not is_positive(difference):
        raise PosteriorError(
            f"The minimal important difference is {difference!r}; it must be above 0."
        )
    distance = pooled_as(effects.measure, difference)
    if distance == 0:
        raise PosteriorError("A ratio of 1 is no difference; give 0.8, for example.")
    return -distance if benefit == "lower" else distance


def usual_weeks(observed: Observed) -> FloatArray:
    """Return round durations inside the observed range, and its ends.

    Examples
    --------
    >>> usual_weeks(Observed((2.0, 5.0, 12.0))).tolist()
    [2.0, 3.0, 4.0, 6.0, 8.0, 12.0]
    """
    inside = [week for week in _USUAL if observed.shortest < week < observed.longest]
    every = -(-len(inside) // (_MOST - 2)) or 1
    return np.array([observed.shortest, *inside[::every], observed.longest])


def usual_changes(durations: Durations) -> tuple[tuple[float, float], ...]:
    """Return the whole observed range; from 2 to 8 too, where the studies reach so far."""
    observed = durations.observed
    whole = (observed.shortest, observed.longest)
    inside = observed.shortest <= 2 and observed.longest >= 8  # noqa: PLR2004 - as reviews ask
    return (whole, (2.0, 8.0)) if inside and whole != (2.0, 8.0) else (whole,)
