"""Two arms of events around a study's own logit, which is integrated out."""

from typing import NamedTuple, Self

import numpy as np
from scipy import special

from bayesmeta.arrays import FloatArray, IntArray
from bayesmeta.likelihoods.modal import concave_span, log_integral


def softplus(x: FloatArray) -> FloatArray:
    """Return log(1 + exp(x)), to all digits.

    Examples
    --------
    >>> softplus(np.array([-40.0, 0.0, 800.0])).round(4)
    array([0.000e+00, 6.931e-01, 8.000e+02])
    """
    return np.maximum(x, 0.0) + np.log1p(np.exp(-np.abs(x)))


def log_choose(n: FloatArray, k: FloatArray) -> FloatArray:
    """Return the log of the number of ways to choose k of n.

    Examples
    --------
    >>> float(np.exp(log_choose(np.array(5.0), np.array(2.0))).round(10))
    10.0
    """
    return np.asarray(-np.log1p(n) - special.betaln(n - k + 1, k + 1))


class Arm(NamedTuple):
    """Events among participants, shape (row,); its logit is the study's plus a shift."""

    events: FloatArray
    n: FloatArray
    shift: FloatArray

    def take(self, points: slice, rows: IntArray) -> "Arm":
        """Return that of some of the points and rows."""
        return Arm(self.events[rows], self.n[rows], self.shift[points][:, rows])


class LogOdds(NamedTuple):
    """The log of the integrand in a study's logit, without binomial coefficients.

    Parameters
    ----------
    arms
        Both.
    mean, sd
        Of the normal prior of the logit.
    """

    arms: tuple[Arm, Arm]
    mean: float
    sd: float

    def take(self, points: slice, rows: IntArray) -> Self:
        """Return that of some of the points and rows."""
        one, two = (arm.take(points, rows) for arm in self.arms)
        return self._replace(arms=(one, two))

    def value(self, x: FloatArray) -> FloatArray:
        """Return it at logits of shape (..., point, row)."""
        total = -0.5 * ((x - self.mean) / self.sd) ** 2
        for arm in self.arms:
            logit = x + arm.shift
            total += arm.events * logit - arm.n * softplus(logit)
        return total

    def slopes(self, x: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return its first two derivatives."""
        first = -(x - self.mean) / self.sd**2
        second = np.full(x.shape, -(self.sd**-2))
        for arm in self.arms:
            risk = special.expit(x + arm.shift)
            first += arm.events - arm.n * risk
            second -= arm.n * risk * special.expit(-x - arm.shift)
        return first, second

    @property
    def start(self) -> FloatArray:
        """Logits where both arms together have half an event more than they had, (point, row).

        With u = exp(logit) at the middle of the shifts that is a quadratic equation.
        """
        one, two = self.arms
        events = one.events + two.events + 0.5
        others = one.n - one.events + two.n - two.events + 0.5
        apart = (one.shift - two.shift) / 2
        between = (one.n + 0.5 - events) * np.exp(apart) + (two.n + 0.5 - events) * np.exp(-apart)
        root = np.sqrt(between**2 + 4 * events * others)
        up = between > 0
        logit = np.where(
            up,
            np.log(2 * events) - np.log(np.where(up, between + root, 1.0)),
            np.log(np.where(up, 1.0, root - between)) - np.log(2 * others),
        )
        return logit - (one.shift + two.shift) / 2


def log_likelihood(arms: tuple[Arm, Arm], *, mean: float, sd: float) -> FloatArray:
    """Return log p(events of both arms), the logit integrated out, shape (point, row)."""
    curve = LogOdds(arms, mean, sd)
    integral = log_integral(curve, concave_span(curve, curve.start, sd=sd))
    one, two = (log_choose(arm.n, arm.events) for arm in arms)
    return np.asarray(integral + one + two - np.log(sd) - 0.5 * np.log(2 * np.pi))
