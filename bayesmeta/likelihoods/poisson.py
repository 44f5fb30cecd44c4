"""Events in person-time of two arms, Poisson around a rate of each study's own, integrated out.

With a log rate x of each study, x ~ Normal(m, s) (``baseline``)::

    events_control ~ Poisson(time exp(x))   events_treatment ~ Poisson(time exp(x + theta))
"""

from typing import TYPE_CHECKING, Any, NamedTuple, Self

import numpy as np
from scipy import special

from bayesmeta.arrays import FloatArray, IntArray
from bayesmeta.covariance import NO_LAYOUT, ColumnRole, Layout, Rows, Values
from bayesmeta.likelihoods import poisson_conditional, reading
from bayesmeta.likelihoods.modal import concave_span, log_integral
from bayesmeta.measures import rate_ratio
from bayesmeta.measures.effects import Effects
from bayesmeta.parameters import Parameter
from bayesmeta.priors import pymc_variable

if TYPE_CHECKING:
    from pytensor.tensor import TensorVariable

NAME = "poisson"
MEASURES = ("IRR",)
CONJUGATE = False
LINE = True
COLUMNS = rate_ratio.columns
ROLES: tuple[ColumnRole, ...] = ()


class LogRate(NamedTuple):
    """The log of the integrand in a study's log rate: events x - exp(x + log_time) and the prior.

    Parameters
    ----------
    events
        Of both arms, shape (row,).
    log_time
        Log of the person-time, that of treatment times exp(theta), shape (point, row).
    mean, sd
        Of the normal prior of the log rate.
    """

    events: FloatArray
    log_time: FloatArray
    mean: float
    sd: float

    def take(self, points: slice, rows: IntArray) -> Self:
        """Return that of some of the points and rows."""
        return self._replace(events=self.events[rows], log_time=self.log_time[points][:, rows])

    def value(self, x: FloatArray) -> FloatArray:
        """Return it at log rates of shape (..., point, row)."""
        prior = -0.5 * ((x - self.mean) / self.sd) ** 2
        return self.events * x - np.exp(x + self.log_time) + prior

    def slopes(self, x: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return its first two derivatives."""
        expected = np.exp(x + self.log_time)
        first = self.events - expected - (x - self.mean) / self.sd**2
        return first, -expected - self.sd**-2

    @property
    def start(self) -> FloatArray:
        """Log rates near the peaks, shape (point, row)."""
        return np.log(self.events + 0.5) - self.log_time


observe = reading.observe
kinks = reading.no_kinks


def parameters(layout: Layout = NO_LAYOUT) -> tuple[Parameter, ...]:
    """Return no hyperparameter: nothing couples the studies."""
    return ()


def nuisance(layout: Layout = NO_LAYOUT) -> tuple[Parameter, ...]:
    """Return the log rate of each study."""
    return reading.baseline_of("log of the control arm's rate")


def data(effects: Effects) -> dict[str, FloatArray]:
    """Return events and person-time of both arms; errors as `reading.counts`."""
    return reading.counts(effects, MEASURES, NAME)


def approximate(effects: Effects) -> tuple[FloatArray, FloatArray]:
    """Return estimates and standard errors to show, with 1/2 added where an arm has no event."""
    return reading.shown(effects, data(effects))


def log_density(estimate: FloatArray, theta: FloatArray, values: Values, rows: Rows) -> FloatArray:
    """Return log p(events of both arms | theta), in the shape of theta, (..., study)."""
    points = np.asarray(theta).reshape(-1, np.shape(theta)[-1])
    prior = reading.baseline(rows)
    (one, log_one), (two, log_two) = (
        (np.asarray(rows.data[f"events_{name}"]), np.log(np.asarray(rows.data[f"time_{name}"])))
        for name in ("treatment", "control")
    )
    curve = LogRate(one + two, np.logaddexp(points + log_one, log_two), prior.mean, prior.sd)
    integral = log_integral(curve, concave_span(curve, curve.start, sd=prior.sd))
    constant = one * log_one + two * log_two - special.gammaln(one + 1) - special.gammaln(two + 1)
    found = integral + one * points + constant - np.log(prior.sd) - 0.5 * np.log(2 * np.pi)
    return np.asarray(found).reshape(theta.shape)


def draw(
    theta: FloatArray, values: Values, rows: Rows, generator: np.random.Generator
) -> FloatArray:
    """Draw estimates given study effects and how many events both arms have."""
    return poisson_conditional.draw(theta, values, rows, generator)


def below(estimate: FloatArray, theta: FloatArray, values: Values, rows: Rows) -> FloatArray:
    """Return the mid-p of the events of treatment, given how many both arms have."""
    return poisson_conditional.below(estimate, theta, values, rows)


def observe_rows(theta: "TensorVariable", rows: Rows) -> "TensorVariable":
    """Return the observed events of treatment, with ``baseline`` explicit, in a ``pm.Model``."""
    import pymc as pm
    import pytensor.tensor as pt

    data: Any = rows.data
    own = pymc_variable(rows.priors[reading.BASELINE.name], reading.BASELINE.name, dims="study")
    nodes = [
        pm.Poisson(f"events_{name}", mu=data[f"time_{name}"] * pt.exp(own + effect),
                   observed=data[f"events_{name}"], dims="study")
        for name, effect in (("treatment", theta), ("control", 0.0))
    ]  # fmt: skip
    return nodes[0]
