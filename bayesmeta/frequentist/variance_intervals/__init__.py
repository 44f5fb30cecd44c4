"""Intervals for the between-study variance, one a file.

``VARIANCE_INTERVALS`` is the register: name, and what gives both limits from `Data` and a level.
"""

from collections.abc import Callable

from bayesmeta.frequentist.variance_intervals import (
    generalised_q,
    profile_likelihood,
    q_profile,
)
from bayesmeta.frequentist.weighting import Data

VARIANCE_INTERVALS: dict[str, Callable[[Data, float], tuple[float, float]]] = {
    "Q-profile": q_profile.interval,
    "generalised Q": generalised_q.interval,
    "profile likelihood": profile_likelihood.interval,
}

__all__ = ["VARIANCE_INTERVALS"]
