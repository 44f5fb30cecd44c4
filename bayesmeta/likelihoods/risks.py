"""Two arms of events whose risks differ by a factor or an amount; the control risk integrated out.

The prior of the control arm's log risk (of a ratio) or logit (of a difference) is cut to where both
risks lie between 0 and 1, and made to integrate to one there. The variable of integration is the
logit of the share that the larger risk, or the risks, have of the range that is left: the whole
line, with the integrand analytic in a strip around it.
"""

from typing import NamedTuple, Self

import numpy as np
from scipy import special

from bayesmeta.arrays import BoolArray, FloatArray, IntArray
from bayesmeta.likelihoods.logistic import log_choose, softplus
from bayesmeta.likelihoods.modal import DROP, log_integral, zoomed_span


class Tables(NamedTuple):
    """Events and others of the arm of larger risk and of the other; shape (point, row).

    Parameters
    ----------
    theta
        The effect, treatment against control.
    more, rest_more, less, rest_less
        Cells, sorted by which arm has the larger risk at theta.
    mean, sd
        Of the normal prior of the control arm's risk.
    """

    theta: FloatArray
    more: FloatArray
    rest_more: FloatArray
    less: FloatArray
    rest_less: FloatArray
    mean: float
    sd: float

    @classmethod
    def of(
        cls, theta: FloatArray, cells: tuple[FloatArray, ...], *, mean: float, sd: float
    ) -> Self:
        """Return the tables of events and others: treatment, then control; shape (row,)."""
        a, b, c, d = (np.broadcast_to(cell, theta.shape) for cell in cells)
        up = theta > 0
        sorted_ = (np.where(up, a, c), np.where(up, b, d), np.where(up, c, a), np.where(up, d, b))
        return cls(theta, *sorted_, mean, sd)

    def take(self, points: slice, rows: IntArray) -> Self:
        """Return those of some of the points and rows."""
        own = self._asdict()
        cells = {name: array[points][:, rows] for name, array in own.items()
                 if name not in ("mean", "sd")}  # fmt: skip
        return self._replace(**cells)

    @property
    def constant(self) -> FloatArray:
        """The log of the constants that do not depend on the control risk."""
        ways = log_choose(self.more + self.rest_more, self.more)
        ways = ways + log_choose(self.less + self.rest_less, self.less)
        return np.asarray(ways - np.log(self.sd) - 0.5 * np.log(2 * np.pi))

    @property
    def reach(self) -> FloatArray:
        """How far from 0 the variable of integration can matter."""
        total = self.more + self.rest_more + self.less + self.rest_less
        wide = abs(self.mean) + np.sqrt(2 * DROP) * self.sd
        return np.asarray(np.abs(self.theta) + wide + DROP + np.log1p(total))


class Ratio(Tables):
    """The log integrand where log risks differ by theta, in the logit of the larger risk."""

    def value(self, s: FloatArray) -> FloatArray:
        """Return it at s, shape (..., point, row)."""
        log_large, log_rest = -softplus(-s), -softplus(s)
        log_small = log_large - np.abs(self.theta)
        # 1 - q exp(-|theta|) = (1 + exp(s) (1 - exp(-|theta|))) (1 - q)
        with np.errstate(divide="ignore"):
            log_apart = np.log(-np.expm1(-np.abs(self.theta)))
        log_small_rest = log_rest + softplus(s + log_apart)
        control = np.where(self.theta > 0, log_small, log_large)
        return (
            _times(self.more, log_large) + _times(self.rest_more, log_rest)
            + _times(self.less, log_small) + _times(self.rest_less, log_small_rest)
            - 0.5 * ((control - self.mean) / self.sd) ** 2 + log_rest
        )  # fmt: skip

    @staticmethod
    def possible(theta: FloatArray) -> BoolArray:
        """Return whether two risks may differ by theta: by any factor."""
        return np.isfinite(theta)

    def risks(self, s: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return the risks of treatment and control at s."""
        large = special.expit(s)
        small = large * np.exp(-np.abs(self.theta))
        up = self.theta > 0
        return np.where(up, large, small), np.where(up, small, large)

    @property
    def log_mass(self) -> FloatArray:
        """The log of the prior's mass where both risks are below 1."""
        return special.log_ndtr((np.minimum(0.0, -self.theta) - self.mean) / self.sd)


class Difference(Tables):
    """The log integrand where risks differ by theta, in the logit of their share of the range."""

    def value(self, s: FloatArray) -> FloatArray:
        """Return it at s, shape (..., point, row)."""
        apart = np.abs(self.theta)
        with np.errstate(divide="ignore"):
            log_width, log_apart = np.log1p(-apart), np.log(apart)
        log_share, log_left = -softplus(-s), -softplus(s)
        log_less, log_rest_more = log_width + log_share, log_width + log_left
        log_more = np.logaddexp(log_apart, log_less)
        log_rest_less = np.logaddexp(log_apart, log_rest_more)
        up = self.theta > 0
        log_risk = np.where(up, log_less, log_more)
        log_rest = np.where(up, log_rest_less, log_rest_more)
        return (
            _times(self.more, log_more) + _times(self.rest_more, log_rest_more)
            + _times(self.less, log_less) + _times(self.rest_less, log_rest_less)
            - 0.5 * ((log_risk - log_rest - self.mean) / self.sd) ** 2
            + log_width + log_share + log_left - log_risk - log_rest
        )  # fmt: skip

    @staticmethod
    def possible(theta: FloatArray) -> BoolArray:
        """Return whether two risks may differ by theta: by less than 1."""
        return np.abs(theta) < 1

    def risks(self, s: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return the risks of treatment and control at s."""
        less = (1 - np.abs(self.theta)) * special.expit(s)
        return np.maximum(self.theta, 0.0) + less, np.maximum(-self.theta, 0.0) + less

    @property
    def log_mass(self) -> FloatArray:
        """The log of the prior's mass where both risks lie between 0 and 1."""
        with np.errstate(divide="ignore"):
            end = np.log1p(-np.abs(self.theta)) - np.log(np.abs(self.theta))
        # Risks below 1 - theta where theta is above 0; above -theta where it is not.
        mean = np.where(self.theta > 0, self.mean, -self.mean)
        return special.log_ndtr((end - mean) / self.sd)


def _times(count: FloatArray, log_risk: FloatArray) -> FloatArray:
    """Return a count times a log risk; 0 for none, where the risk itself may be 0."""
    return np.where(count > 0, count * log_risk, 0.0)


def log_likelihood(tables: Ratio | Difference) -> FloatArray:
    """Return log p(events of both arms), the control risk integrated out, shape (point, row)."""
    reach = tables.reach
    span = zoomed_span(tables, -reach, reach)
    return log_integral(tables, span) + tables.constant - tables.log_mass
