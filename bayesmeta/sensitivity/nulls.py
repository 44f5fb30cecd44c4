"""Which side of which value is benefit: direction, null and interval, checked."""

import numpy as np

from bayesmeta.errors import AnalysisError
from bayesmeta.summaries.own_scale import pooled_as
from bayesmeta.within import is_number, is_positive, within

DIRECTIONS = ("lower", "higher")


def require_answerable(benefit: str, *, null: float, interval: float) -> None:
    """Raise unless a direction, a null and an interval's probability make sense.

    Raises
    ------
    AnalysisError
        If one does not.
    """
    if benefit not in DIRECTIONS:
        raise AnalysisError(f"benefit is {benefit!r}; it must be one of: {', '.join(DIRECTIONS)}.")
    if not (is_number(null) and np.isfinite(null)):
        raise AnalysisError(f"null is {null}; it must be a finite number, such as 0.")
    if not within(interval, 0, 1):
        raise AnalysisError(
            f"The interval is {interval}; it must be between 0 and 1, such as 0.95."
        )


def beyond(measure: str, difference: float, *, benefit: str = "lower") -> float:
    """Return the null that makes benefit one of at least the minimal important difference.

    Parameters
    ----------
    difference
        Above 0, in the unit; for ratio measures a ratio, where 0.8 and 1.25 say the same; for
        correlations a correlation.

    Raises
    ------
    AnalysisError
        If the difference is not above 0, or a ratio is 1.

    Examples
    --------
    >>> beyond("MD", 3.0), beyond("MD", 3.0, benefit="higher"), round(beyond("RR", 0.8), 4)
    (-3.0, 3.0, -0.2231)
    """
    require_answerable(benefit, null=0.0, interval=0.95)
    if not is_positive(difference):
        raise AnalysisError(
            f"The minimal important difference is {difference!r}; it must be above 0."
        )
    distance = pooled_as(measure, difference)
    if distance == 0:
        raise AnalysisError(f"A ratio of 1 is no difference; give {measure} of 0.8, for example.")
    return -distance if benefit == "lower" else distance
