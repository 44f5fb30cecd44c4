"""Events of treatment given those of both arms, in person-time: binomial.

With x events in time t of either arm, theta a log ratio of rates::

    x1 | x1 + x2 ~ Binomial(x1 + x2, t1 exp(theta) / (t1 exp(theta) + t2))
"""

from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import special

from bayesmeta.arrays import FloatArray
from bayesmeta.covariance import NO_LAYOUT, ColumnRole, Layout, Rows, Values
from bayesmeta.likelihoods import reading
from bayesmeta.likelihoods.logistic import log_choose, softplus
from bayesmeta.measures import rate_ratio
from bayesmeta.measures.effects import Effects
from bayesmeta.parameters import Parameter

if TYPE_CHECKING:
    from pytensor.tensor import TensorVariable

NAME = "poisson-conditional"
MEASURES = ("IRR",)
CONJUGATE = False
LINE = True
COLUMNS = rate_ratio.columns
ROLES: tuple[ColumnRole, ...] = ()

observe = reading.observe
kinks = reading.no_kinks


def parameters(layout: Layout = NO_LAYOUT) -> tuple[Parameter, ...]:
    """Return no hyperparameter."""
    return ()


def nuisance(layout: Layout = NO_LAYOUT) -> tuple[Parameter, ...]:
    """Return none: the totals stand in for the studies' own rates."""
    return ()


def data(effects: Effects) -> dict[str, FloatArray]:
    """Return events and person-time of both arms; errors as `reading.counts`."""
    return reading.counts(effects, MEASURES, NAME)


def approximate(effects: Effects) -> tuple[FloatArray, FloatArray]:
    """Return estimates and standard errors to show, with 1/2 added where an arm has no event."""
    return reading.shown(effects, data(effects))


def log_density(estimate: FloatArray, theta: FloatArray, values: Values, rows: Rows) -> FloatArray:
    """Return log p(events of treatment | events of both, theta), in the shape of theta.

    Examples
    --------
    One event in equal times:

    >>> one = {"events_treatment": [1.0], "time_treatment": [9.0], "events_control": [0.0],
    ...        "time_control": [9.0]}
    >>> rows = Rows(np.ones(1), data={name: np.array(cell) for name, cell in one.items()})
    >>> np.exp(log_density(np.zeros(1), np.zeros((1, 1)), {}, rows)).round(12)
    array([[0.5]])
    """
    events, total, logit = _split(theta, rows)
    return log_choose(total, events) + events * logit - total * softplus(logit)


def draw(
    theta: FloatArray, values: Values, rows: Rows, generator: np.random.Generator
) -> FloatArray:
    """Draw estimates given study effects and how many events both arms have."""
    return reading.replicated(MEASURES[0], divided(theta, rows, generator))


def divided(theta: FloatArray, rows: Rows, generator: np.random.Generator) -> dict[str, FloatArray]:
    """Draw the events of both arms given their sum, beside the times, in the shape of theta."""
    _, total, logit = _split(theta, rows)
    every = np.broadcast_to(total, theta.shape)
    events = generator.binomial(every.astype(int), special.expit(logit)).astype(float)
    times = {name: np.broadcast_to(np.asarray(rows.data[name]), theta.shape)
             for name in ("time_treatment", "time_control")}  # fmt: skip
    return {**times, "events_treatment": events, "events_control": every - events}


def below(estimate: FloatArray, theta: FloatArray, values: Values, rows: Rows) -> FloatArray:
    """Return P(fewer events of treatment) + P(as many) / 2, given those of both."""
    events, total, logit = _split(theta, rows)
    return reading.binomial_mid_p(events, total, special.expit(logit))


def observe_rows(theta: "TensorVariable", rows: Rows) -> "TensorVariable":
    """Return the observed events of treatment, dims (study,), inside a ``pm.Model``."""
    import pymc as pm
    import pytensor.tensor as pt

    data: Any = rows.data
    total = data["events_treatment"] + data["events_control"]
    logit = theta + pt.log(data["time_treatment"]) - pt.log(data["time_control"])
    return pm.Binomial(
        "events_treatment", n=total, logit_p=logit, observed=data["events_treatment"], dims="study"
    )


def _split(theta: FloatArray, rows: Rows) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return events of treatment, of both arms, and the logit of an event's being of treatment."""
    one, two = (np.asarray(rows.data[f"events_{name}"]) for name in ("treatment", "control"))
    times = (np.asarray(rows.data[f"time_{name}"]) for name in ("treatment", "control"))
    longer, shorter = times
    return one, one + two, theta + np.log(longer / shorter)
