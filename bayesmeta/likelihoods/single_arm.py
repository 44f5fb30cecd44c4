"""Events of one group: binomial around a logit, or Poisson around a log rate; nothing is nuisance.

With x events among n participants, or in person-time t::

    PLO    x ~ Binomial(n, expit(theta))
    IRLN   x ~ Poisson(t exp(theta))
"""

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from scipy import special

from bayesmeta.arrays import FloatArray
from bayesmeta.covariance import NO_LAYOUT, ColumnRole, Layout, Rows, Values
from bayesmeta.likelihoods import reading
from bayesmeta.likelihoods.logistic import log_choose, softplus
from bayesmeta.measures import log_rate, logit_proportion
from bayesmeta.measures.contract import Measure
from bayesmeta.measures.effects import Effects
from bayesmeta.parameters import Parameter

if TYPE_CHECKING:
    from pytensor.tensor import TensorVariable

_EVENTS = "events"


def _no_parameters(_layout: Layout = NO_LAYOUT) -> tuple[Parameter, ...]:
    """Return none."""
    return ()


class SingleArm(NamedTuple):
    """A likelihood of one group's events: what is alike in both."""

    name: str
    measure: Measure
    law: "type[Proportion | Rate]"
    parameters: Any = _no_parameters
    nuisance: Any = _no_parameters
    observe: Any = staticmethod(reading.observe)
    kinks: Any = staticmethod(reading.no_kinks)
    CONJUGATE: bool = False
    LINE: bool = True
    ROLES: tuple[ColumnRole, ...] = ()

    @property
    def COLUMNS(self) -> tuple[str, ...]:  # noqa: N802  (as a part's constant)
        """What it reads of the table."""
        return self.measure.columns

    def data(self, effects: Effects) -> dict[str, FloatArray]:
        """Return events, and participants or person-time; errors as `reading.counts`."""
        return reading.counts(effects, (self.measure.code,), self.name)

    def approximate(self, effects: Effects) -> tuple[FloatArray, FloatArray]:
        """Return estimates and standard errors to show, with 1/2 added where none had an event."""
        return reading.shown(effects, self.data(effects))

    def log_density(
        self, _estimate: FloatArray, theta: FloatArray, _values: Values, rows: Rows
    ) -> FloatArray:
        """Return log p(events | theta), in the shape of theta."""
        return self.law.log_density(theta, *_numbers(rows, self.COLUMNS))

    def draw(
        self, theta: FloatArray, _values: Values, rows: Rows, generator: np.random.Generator
    ) -> FloatArray:
        """Draw estimates given study effects, in the shape of theta."""
        _, size = _numbers(rows, self.COLUMNS)
        events = self.law.draw(theta, np.broadcast_to(size, theta.shape), generator)
        every = {_EVENTS: events, self.COLUMNS[1]: np.broadcast_to(size, theta.shape)}
        return reading.replicated(self.measure.code, every)

    def below(
        self, _estimate: FloatArray, theta: FloatArray, _values: Values, rows: Rows
    ) -> FloatArray:
        """Return P(fewer events) + P(as many) / 2 given theta, in its shape."""
        return self.law.below(theta, *_numbers(rows, self.COLUMNS))

    def observe_rows(self, theta: "TensorVariable", rows: Rows) -> "TensorVariable":
        """Return the observed events, dims (study,), inside a ``pm.Model``."""
        data: Any = rows.data
        found: TensorVariable = self.law.observe(theta, data[_EVENTS], data[self.COLUMNS[1]])
        return found


def _numbers(rows: Rows, columns: tuple[str, ...]) -> tuple[FloatArray, FloatArray]:
    events, size = (np.asarray(rows.data[name]) for name in columns)
    return events, size


class Proportion:
    """Binomial around a logit."""

    @staticmethod
    def log_density(theta: FloatArray, events: FloatArray, n: FloatArray) -> FloatArray:
        """Return the log probability."""
        return np.asarray(log_choose(n, events) + events * theta - n * softplus(theta))

    @staticmethod
    def draw(theta: FloatArray, n: FloatArray, generator: np.random.Generator) -> FloatArray:
        """Draw numbers of events."""
        return np.asarray(generator.binomial(n.astype(int), special.expit(theta)), dtype=float)

    @staticmethod
    def below(theta: FloatArray, events: FloatArray, n: FloatArray) -> FloatArray:
        """Return the mid-p."""
        return reading.binomial_mid_p(events, n, special.expit(theta))

    @staticmethod
    def observe(theta: Any, events: Any, n: Any) -> Any:  # noqa: ANN401
        """Return the observed node."""
        import pymc as pm

        return pm.Binomial(_EVENTS, n=n, logit_p=theta, observed=events, dims="study")


class Rate:
    """Poisson around a log rate."""

    @staticmethod
    def log_density(theta: FloatArray, events: FloatArray, time: FloatArray) -> FloatArray:
        """Return the log probability."""
        log_expected = theta + np.log(time)
        return np.asarray(
            events * log_expected - np.exp(log_expected) - special.gammaln(events + 1)
        )

    @staticmethod
    def draw(theta: FloatArray, time: FloatArray, generator: np.random.Generator) -> FloatArray:
        """Draw numbers of events."""
        return generator.poisson(time * np.exp(theta)).astype(float)

    @staticmethod
    def below(theta: FloatArray, events: FloatArray, time: FloatArray) -> FloatArray:
        """Return the mid-p."""
        expected = time * np.exp(theta)
        fewer = np.where(events > 0, special.gammaincc(np.maximum(events, 1), expected), 0.0)
        return np.asarray((fewer + special.gammaincc(events + 1, expected)) / 2)

    @staticmethod
    def observe(theta: Any, events: Any, time: Any) -> Any:  # noqa: ANN401
        """Return the observed node."""
        import pymc as pm
        import pytensor.tensor as pt

        return pm.Poisson(_EVENTS, mu=time * pt.exp(theta), observed=events, dims="study")


PROPORTION = SingleArm("proportion", logit_proportion, Proportion)
RATE = SingleArm("rate", log_rate, Rate)
