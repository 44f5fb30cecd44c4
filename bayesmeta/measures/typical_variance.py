"""The typical sampling variance of the studies, which I² is measured against."""

from bayesmeta.arrays import FloatArray
from bayesmeta.span import orthonormal, span


def typical_variance(standard_error: FloatArray, design: FloatArray) -> float | None:
    """Return v of I² = τ² / (τ² + v), in squared units of the outcome.

    With W the diagonal matrix of inverse variances and X the design of k rows and rank p::

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
    >>> import numpy as np
    >>> round(typical_variance(np.array([1.0, 2.0, 3.0]), np.ones((3, 1))), 4)
    3.5
    """
    # The trace depends on the span of the columns alone: X'WX of raw ones would lose digits.
    vectors = span(design).basis
    coefficients, studies = vectors.shape
    if studies <= coefficients:
        return None
    smallest = standard_error.min()
    root = smallest / standard_error  # relative, so that no unit under- or overflows
    basis, _ = orthonormal(root * vectors)
    trace = float((root**2 * (1.0 - (basis**2).sum(axis=0))).sum())
    return float((studies - coefficients) / trace * smallest**2)
