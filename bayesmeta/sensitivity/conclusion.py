"""What a probability of benefit leads to."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bayesmeta.arrays import FloatArray
from bayesmeta.errors import AnalysisError
from bayesmeta.summaries.own_scale import has_null
from bayesmeta.within import within

_HALF = 0.5
WORDS = {1: "benefit", 0: "no conclusion", -1: "harm"}


def concluded(attributes: Mapping[Any, Any]) -> dict[int, str]:
    """Return what each conclusion is called, for a question's null.

    Beyond another null than 0 an effect lies or does not: too small a benefit is no harm.

    Examples
    --------
    >>> concluded({"null": 0.0, "event": "mu < 0"})[-1]
    'harm'
    >>> concluded({"null": -3.0, "event": "mu < -3"})[-1]
    'no effect beyond -3'
    """
    if not attributes.get("null", 0.0) and has_null(str(attributes.get("measure", ""))):
        return WORDS
    beyond = f"effect beyond {str(attributes['event']).rpartition(' ')[2]}"
    return {1: f"an {beyond}", 0: WORDS[0], -1: f"no {beyond}"}


def require_threshold(threshold: float) -> None:
    """Raise unless a threshold of P(benefit) is above a half.

    Raises
    ------
    AnalysisError
        If it is not between 0.5 and 1.
    """
    if not within(threshold, _HALF, 1):
        raise AnalysisError(
            f"The threshold is {threshold}; it must be between 0.5 and 1, such as 0.975."
        )


def conclusion(p_benefit: FloatArray, threshold: float) -> NDArray[np.int8]:
    """Return 1 where benefit is as probable as the threshold, -1 where harm is, 0 elsewhere.

    Examples
    --------
    >>> conclusion(np.array([0.98, 0.9, 0.01]), 0.975).tolist()
    [1, 0, -1]
    """
    benefit, harm = p_benefit >= threshold, p_benefit <= 1 - threshold
    return (benefit.astype(np.int8) - harm.astype(np.int8)).astype(np.int8)
