"""What a probability of benefit leads to."""

import numpy as np
from numpy.typing import NDArray

from bayesmeta.arrays import FloatArray
from bayesmeta.errors import AnalysisError

_HALF = 0.5
WORDS = {1: "benefit", 0: "no conclusion", -1: "harm"}


def require_threshold(threshold: float) -> None:
    """Raise unless a threshold of P(benefit) is above a half.

    Raises
    ------
    AnalysisError
        If it is not between 0.5 and 1.
    """
    if not _HALF < threshold < 1:
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
