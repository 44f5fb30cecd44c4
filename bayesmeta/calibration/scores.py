"""How good intervals are against the truth, each number with its Monte Carlo error."""

import math

import numpy as np

from bayesmeta.arrays import BoolArray, FloatArray
from bayesmeta.calibration.analyses import Intervals
from bayesmeta.calibration.simulation import Simulated

type Scores = dict[str, float]

_ROUNDING = 1e-12
_PSEUDO = 2.0  # cases added to each side, so that a share of 0 or 1 has an error too


def scores(found: Intervals, data: Simulated) -> Scores:
    """Return coverage, width, bias and sign error; nan for what an analysis does not give.

    Examples
    --------
    >>> data = Simulated(np.zeros((2, 1)), np.ones((1, 1)), np.array([1.0, 1.0]), np.zeros(2))
    >>> ends = np.array([0.5, -2.0]), np.array([1.5, -0.5])
    >>> both = Intervals(np.array([1.0, -1.0]), *ends, *ends)
    >>> [round(scores(both, data)[name], 2) for name in ("coverage", "bias", "sign_error")]
    [0.5, -1.0, 0.5]
    """
    covered = (found.lower <= data.mu) & (data.mu <= found.upper)
    predicted = (found.pi_lower <= data.new) & (data.new <= found.pi_upper)
    away = (found.lower > 0) | (found.upper < 0)
    wrong = np.sign(found.estimate) != np.sign(data.mu)
    signed = away & (data.mu != 0)
    return {
        **_proportion("coverage", covered),
        **_average("width", found.upper - found.lower),
        "median_width": float(np.median(found.upper - found.lower)),
        **_average("bias", found.estimate - data.mu),
        **_average("squared_error", (found.estimate - data.mu) ** 2),
        **_proportion("excludes_zero", away),
        **_proportion("sign_error", wrong[signed]),
        **_predicted(found, data, predicted),
    }


def _predicted(found: Intervals, data: Simulated, inside: BoolArray) -> Scores:
    known = bool(np.isfinite(found.pi_lower).all() and np.isfinite(data.new).all())
    share = _proportion("pi_coverage", inside if known else inside[:0])
    return share | _average("pi_width", found.pi_upper - found.pi_lower)


def _proportion(name: str, cases: BoolArray) -> Scores:
    """Return a share with its standard error, of Agresti and Coull's (1998) adjusted share."""
    count = cases.size
    if not count:
        return {name: math.nan, f"{name}_error": math.nan}
    adjusted = (float(cases.sum()) + _PSEUDO) / (count + 2 * _PSEUDO)
    error = math.sqrt(adjusted * (1 - adjusted) / (count + 2 * _PSEUDO))
    return {name: float(cases.mean()), f"{name}_error": error}


def _average(name: str, values: FloatArray) -> Scores:
    mean, sd = float(np.mean(values)), float(np.std(values, ddof=1))
    # The width of a common effect's interval is the same every time, up to rounding.
    sd = 0.0 if sd <= _ROUNDING * abs(mean) else sd
    return {name: mean, f"{name}_error": sd / math.sqrt(values.size)}
