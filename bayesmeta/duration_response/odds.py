"""The prior probability of each shape."""

from collections.abc import Sequence

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.errors import ModelError
from bayesmeta.location.shapes import CONSTANT, SHAPES

NO_CHANGE = 0.5
"""Prior probability that the effect does not differ by duration, where nobody says another."""


def require_probability(p_constant: float) -> None:
    """Raise unless no change has a prior probability between 0 and 1.

    Raises
    ------
    ModelError
        If it is none.
    """
    if not 0 < p_constant < 1:
        raise ModelError(
            f"p_constant is {p_constant}; the prior probability of no change lies between 0 and 1."
        )


def prior_probabilities(shapes: Sequence[str], p_constant: float = NO_CHANGE) -> FloatArray:
    """Return the prior probability of each shape, shape (shape,).

    The constant has its own; the rest goes in equal parts to the families that are present, and
    within a family to its shapes: shapes that are near copies of one another do not vote twice.

    Examples
    --------
    >>> prior_probabilities(["constant", "linear", "logarithm", "step"]).tolist()
    [0.5, 0.125, 0.125, 0.25]
    >>> prior_probabilities(["linear", "step"]).tolist()
    [0.5, 0.5]
    """
    families = [SHAPES[name].FAMILY for name in shapes]
    curved = [family for name, family in zip(shapes, families, strict=True) if name != CONSTANT]
    known = p_constant if CONSTANT in shapes else 0.0
    rest = (1 - known) / len(set(curved)) if curved else 0.0
    if not curved:
        known = 1.0
    return np.array([
        known if name == CONSTANT else rest / curved.count(family)
        for name, family in zip(shapes, families, strict=True)
    ])  # fmt: skip


def factor_of_change(log_evidence: FloatArray, shapes: Sequence[str], prior: FloatArray) -> float:
    """Return the Bayes factor of any change against none; nan where there is nothing to compare.

    That of the other shapes together, in the proportions of their prior probabilities, against
    the constant.

    Parameters
    ----------
    log_evidence, prior
        Of each shape, shape (shape,).
    """
    constant = np.array([name == CONSTANT for name in shapes])
    if constant.all() or not constant.any():
        return float("nan")
    share = np.log(prior[~constant] / prior[~constant].sum())
    change = float(np.logaddexp.reduce(share + log_evidence[~constant]))
    return float(np.exp(min(change - float(log_evidence[constant][0]), 700.0)))
