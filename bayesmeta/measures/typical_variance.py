"""The typical sampling variance of the studies, which I² is measured against."""

import numpy as np

from bayesmeta.measures.effects import FloatArray


def typical_variance(standard_error: FloatArray, design: FloatArray) -> float | None:
    """Return v of I² = τ² / (τ² + v), in squared units of the outcome.

    With W the diagonal matrix of inverse variances and X the design of k rows and p columns::

        v = (k - p) / trace(W - W X (X' W X)^-1 X' W)

    Parameters
    ----------
    standard_error
        Shape (study,).
    design
        Shape (study, coefficient).

    Returns
    -------
    float or None
        None where k <= p: then I² is not defined.

    References
    ----------
    Higgins JPT, Thompson SG (2002). Stat Med 21:1539-1558, equation 9; with moderators as in
    Viechtbauer W (2010). J Stat Softw 36(3):1-48.

    Examples
    --------
    >>> round(typical_variance(np.array([1.0, 2.0, 3.0]), np.ones((3, 1))), 4)
    3.5
    """
    studies, coefficients = design.shape
    if studies <= coefficients:
        return None
    smallest = standard_error.min()
    weight = (smallest / standard_error) ** 2  # relative, so that no unit under- or overflows
    information = design.T @ (weight[:, np.newaxis] * design)
    squared = design.T @ (weight[:, np.newaxis] ** 2 * design)
    trace = weight.sum() - np.trace(np.linalg.solve(information, squared))
    return float((studies - coefficients) / trace * smallest**2)
