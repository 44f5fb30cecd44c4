"""Events of two arms, binomial around a level of each study's own, which is integrated out.

With a level x of each study, x ~ Normal(m, s) (``baseline``)::

    OR   events_control ~ Binomial(n, expit(x))   events_treatment ~ Binomial(n, expit(x + theta))
    RR   events_control ~ Binomial(n, exp(x))     events_treatment ~ Binomial(n, exp(x + theta))
    RD   events_control ~ Binomial(n, expit(x))   events_treatment ~ Binomial(n, expit(x) + theta)

Of RR and RD the prior of x given theta is cut to where both risks lie between 0 and 1, and made to
integrate to one there. With ``coding = "half"`` the arms of OR are at x - theta / 2 and
x + theta / 2. Tables without events enter as they are.

References
----------
Smith TC, Spiegelhalter DJ, Thomas A (1995). Bayesian approaches to random-effects meta-analysis: a
comparative study. Stat Med 14:2685-2699. Warn DE, Thompson SG, Spiegelhalter DJ (2002). Bayesian
random effects meta-analysis of trials with binary outcomes: methods for the absolute risk
difference and relative risk scales. Stat Med 21:1601-1623.
"""

from typing import TYPE_CHECKING, Protocol

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.covariance import MEASURE, NO_LAYOUT, Layout, Rows, Values
from bayesmeta.likelihoods import between_risks, odds, reading
from bayesmeta.measures import two_by_two
from bayesmeta.measures.effects import Effects
from bayesmeta.parameters import Parameter

if TYPE_CHECKING:
    from pytensor.tensor import TensorVariable


class Scale(Protocol):
    """The scale that two arms differ on."""

    @property
    def kinks(self) -> tuple[float, ...]:
        """Effects at which likelihoods are not smooth."""
        ...

    def level(self, layout: Layout) -> str:
        """Return what each study's own level is."""
        ...

    def log_density(self, theta: FloatArray, rows: Rows) -> FloatArray:
        """Return log p(events | theta), shape (point, study)."""
        ...

    def draw(
        self, theta: FloatArray, rows: Rows, generator: np.random.Generator
    ) -> dict[str, FloatArray]:
        """Draw events of both arms, each in the shape of theta."""
        ...

    def below(self, theta: FloatArray, rows: Rows) -> FloatArray:
        """Return the mid-p of the events, NaN where nothing orders them."""
        ...

    def observe(self, theta: "TensorVariable", rows: Rows) -> "TensorVariable":
        """Return the observed events of treatment."""
        ...


SCALES: dict[str, Scale] = {
    "OR": odds,
    "RR": between_risks.RATIO,
    "RD": between_risks.DIFFERENCE,
}
"""By the measure of the effects."""

NAME = "binomial"
CONJUGATE = False
LINE = True
COLUMNS = two_by_two.COLUMNS
ROLES = (odds.CODING,)

observe = reading.observe


def parameters(layout: Layout = NO_LAYOUT) -> tuple[Parameter, ...]:
    """Return no hyperparameter: nothing couples the studies."""
    return ()


def nuisance(layout: Layout = NO_LAYOUT) -> tuple[Parameter, ...]:
    """Return the level of each study."""
    measure = layout.words.get(MEASURE, "")
    return reading.baseline_of(SCALES[measure].level(layout)) if measure else (reading.BASELINE,)


def data(effects: Effects) -> dict[str, FloatArray]:
    """Return events and participants of both arms; errors as `reading.counts`."""
    return reading.counts(effects, SCALES, NAME)


def approximate(effects: Effects) -> tuple[FloatArray, FloatArray]:
    """Return estimates and standard errors to show, with 1/2 added to tables with a zero."""
    return reading.shown(effects, data(effects))


def kinks(rows: Rows) -> tuple[float, ...]:
    """Return 0 for risk ratios and differences, where arms change places; the latter's ends."""
    return _scale(rows).kinks


def log_density(estimate: FloatArray, theta: FloatArray, values: Values, rows: Rows) -> FloatArray:
    """Return log p(events of both arms | theta), in the shape of theta, (..., study)."""
    return _scale(rows).log_density(_flat(theta), rows).reshape(theta.shape)


def draw(
    theta: FloatArray, values: Values, rows: Rows, generator: np.random.Generator
) -> FloatArray:
    """Draw estimates given study effects, in the shape of theta.

    Those of an odds ratio given how many events both arms have; else around risks that suit the
    study's own events, NaN where no two risks differ by theta.
    """
    found = _scale(rows).draw(_flat(theta), rows, generator)
    own = {name: np.asarray(column) + np.zeros(_flat(theta).shape)
           for name, column in rows.data.items()}  # fmt: skip
    return reading.replicated(reading.measure_of(rows), {**own, **found}).reshape(theta.shape)


def below(estimate: FloatArray, theta: FloatArray, values: Values, rows: Rows) -> FloatArray:
    """Return the mid-p of the events given theta, in its shape; NaN where nothing orders them."""
    return _scale(rows).below(_flat(theta), rows).reshape(theta.shape)


def observe_rows(theta: "TensorVariable", rows: Rows) -> "TensorVariable":
    """Return the observed events of treatment, with ``baseline`` explicit, in a ``pm.Model``."""
    return _scale(rows).observe(theta, rows)


def _scale(rows: Rows) -> Scale:
    return SCALES[reading.measure_of(rows)]


def _flat(theta: FloatArray) -> FloatArray:
    return np.asarray(theta).reshape(-1, np.shape(theta)[-1])
