"""Trim and fill: how the pooled effect would move if the funnel were made symmetric."""

from html import escape
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from bayesmeta.arrays import FloatArray
from bayesmeta.errors import ModelError
from bayesmeta.frequentist.entry import as_data
from bayesmeta.frequentist.fit import Fit
from bayesmeta.frequentist.funnel.asymmetry import few_studies
from bayesmeta.frequentist.pooling import pool
from bayesmeta.frequentist.weighting import Data
from bayesmeta.measures.effects import Effects
from bayesmeta.studies.wording import number_of

ROUNDS = 100
FEWEST = 3
COUNTERS = ("L0", "R0")


class TrimAndFill(NamedTuple):
    """The filled funnel: ``missing`` studies on ``side``, and the fit with them.

    ``estimate`` and ``variance`` hold the studies and then the filled ones.
    """

    side: str
    missing: int
    fit: Fit
    estimate: FloatArray
    variance: FloatArray
    warning: str

    def __repr__(self) -> str:
        """Return the filled funnel as it is read."""
        studies = "study" if self.missing == 1 else "studies"
        said = f"{self.missing} {studies} filled in on the {self.side}; with them {self.fit!r}"
        return f"{said}{f'. {self.warning}' if self.warning else ''}"

    def _repr_html_(self) -> str:
        """Return the same for a notebook."""
        return f"<pre>{escape(repr(self))}</pre>"


def trim_and_fill(
    effects: Effects | ArrayLike,
    variance: ArrayLike | None = None,
    *,
    side: str = "",
    counter: str = "L0",
    method: str = "REML",
    interval: float = 0.95,
) -> TrimAndFill:
    """Return the funnel with mirror images of its most extreme studies.

    A description, not a correction: it assumes that studies are missing for their size, and
    heterogeneity alone can look like that.

    Parameters
    ----------
    effects, variance
        As for `pool`; at least three studies.
    side
        Where studies would be missing, ``"left"`` or ``"right"``; by the slope of Egger's
        regression where empty.
    counter
        ``"L0"`` or ``"R0"``: how many are missing.
    method, interval
        As for `pool`.

    Raises
    ------
    ModelError
        With fewer than three studies or an unknown side or counter.

    References
    ----------
    Duval S, Tweedie R (2000). Biometrics 56:455-463; J Am Stat Assoc 95:89-98.

    Examples
    --------
    >>> filled = trim_and_fill([0.1, 0.2, 0.15, 0.9, 1.2], [0.01, 0.02, 0.03, 0.2, 0.3],
    ...                        method="CE")
    >>> filled.side, filled.missing, round(filled.fit.mu, 3)
    ('left', 2, 0.136)
    """
    data = as_data(effects, variance)
    _check(data, side, counter)
    where = side or _side(data, method)
    sign = -1.0 if where == "right" else 1.0
    order = np.argsort(sign * data.estimate, kind="stable")
    ordered = Data(sign * data.estimate[order], data.variance[order], data.design)
    missing, centre = _trimmed(ordered, counter, method)
    mirrored = sign * (2.0 * centre - ordered.estimate[data.k - missing :])
    estimate = np.append(data.estimate, mirrored)
    variances = np.append(data.variance, ordered.variance[data.k - missing :])
    fit = pool(estimate, variances, method=method, interval=interval)
    return TrimAndFill(where, missing, fit, estimate, variances, few_studies(data.k))


def _check(data: Data, side: str, counter: str) -> None:
    """Raise unless the funnel and the choices can be used."""
    if data.k < FEWEST:
        raise ModelError(f"{number_of(data.k)}; trim and fill needs at least {FEWEST}.")
    if side not in {"", "left", "right"}:
        raise ModelError(f"No side {side!r} of a funnel; there are: left, right.")
    if counter not in COUNTERS:
        raise ModelError(f"No counter {counter!r}; there are: {', '.join(COUNTERS)}.")


def _side(data: Data, method: str) -> str:
    """Return the side opposite to where the small studies lie."""
    design = np.column_stack([np.ones(data.k), np.sqrt(data.variance)])
    fit = pool(data.estimate, data.variance, design, method=method)
    return "right" if fit.coefficients[1] < 0.0 else "left"


def _trimmed(data: Data, counter: str, method: str) -> tuple[int, float]:
    """Return how many of the largest estimates to trim, and the centre without them."""
    missing, centre = 0, 0.0
    for _ in range(ROUNDS):
        kept = slice(0, data.k - missing)
        centre = pool(data.estimate[kept], data.variance[kept], method=method).mu
        previous, missing = missing, _missing(data.estimate - centre, counter)
        if missing == previous:
            break
    return missing, centre


def _missing(deviation: FloatArray, counter: str) -> int:
    """Return L0 or R0, rounded, between 0 and k - 1.

    ::

        L0 = (4 T - k (k + 1)) / (2 k - 1),   T the sum of the ranks of positive deviations
        R0 = k - (largest rank of a negative deviation) - 1
    """
    k = deviation.size
    rank = np.empty(k)
    rank[np.argsort(np.abs(deviation), kind="stable")] = np.arange(1.0, k + 1.0)
    if counter == "L0":
        raw = (4.0 * rank[deviation > 0.0].sum() - k * (k + 1.0)) / (2.0 * k - 1.0)
    else:
        raw = k - rank[deviation < 0.0].max(initial=0.0) - 1.0
    return min(k - 1, max(0, int(np.rint(raw))))
