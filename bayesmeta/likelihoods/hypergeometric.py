"""Events of treatment given those of both arms: Fisher's noncentral hypergeometric.

With a events of treatment, t of both arms, among n1 and n2 participants, theta a log odds ratio::

    p(a | t, theta) = C(n1, a) C(n2, t - a) exp(a theta) / sum over u of the same at u

Nothing is left of the studies' own levels. Tables without events say nothing.
"""

from typing import TYPE_CHECKING, Any

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.covariance import NO_LAYOUT, ColumnRole, Layout, Rows, Values
from bayesmeta.likelihoods import fisher, reading
from bayesmeta.measures import two_by_two
from bayesmeta.measures.effects import Effects
from bayesmeta.parameters import Parameter

if TYPE_CHECKING:
    from pytensor.tensor import TensorVariable

NAME = "hypergeometric"
MEASURES = ("OR",)
CONJUGATE = False
LINE = True
COLUMNS = two_by_two.COLUMNS
ROLES: tuple[ColumnRole, ...] = ()

observe = reading.observe
kinks = reading.no_kinks


def parameters(layout: Layout = NO_LAYOUT) -> tuple[Parameter, ...]:
    """Return no hyperparameter."""
    return ()


def nuisance(layout: Layout = NO_LAYOUT) -> tuple[Parameter, ...]:
    """Return none: the margins stand in for the studies' own levels."""
    return ()


def data(effects: Effects) -> dict[str, FloatArray]:
    """Return events and participants of both arms; errors as `reading.counts`."""
    return reading.counts(effects, MEASURES, NAME)


def approximate(effects: Effects) -> tuple[FloatArray, FloatArray]:
    """Return estimates and standard errors to show, with 1/2 added to tables with a zero."""
    return reading.shown(effects, data(effects))


def log_density(estimate: FloatArray, theta: FloatArray, values: Values, rows: Rows) -> FloatArray:
    """Return log p(events of treatment | events of both, theta), in the shape of theta.

    Examples
    --------
    One event in two arms of two; at theta 0 either arm has it with equal odds:

    >>> one = {"events_treatment": [1.0], "n_treatment": [2.0], "events_control": [0.0],
    ...        "n_control": [2.0]}
    >>> rows = Rows(np.ones(1), data={name: np.array(cell) for name, cell in one.items()})
    >>> np.exp(log_density(np.zeros(1), np.zeros((1, 1)), {}, rows)).round(12)
    array([[0.5]])
    """
    return fisher.log_density(_flat(theta), rows.data).reshape(theta.shape)


def draw(
    theta: FloatArray, values: Values, rows: Rows, generator: np.random.Generator
) -> FloatArray:
    """Draw estimates given study effects and how many events both arms have."""
    found = fisher.draw(_flat(theta), rows.data, generator)
    own = {name: np.asarray(column) + np.zeros(_flat(theta).shape)
           for name, column in rows.data.items()}  # fmt: skip
    return reading.replicated(MEASURES[0], {**own, **found}).reshape(theta.shape)


def below(estimate: FloatArray, theta: FloatArray, values: Values, rows: Rows) -> FloatArray:
    """Return the mid-p of the events of treatment, in the shape of theta."""
    return fisher.below(_flat(theta), rows.data).reshape(theta.shape)


def observe_rows(theta: "TensorVariable", rows: Rows) -> "TensorVariable":
    """Return the observed events of treatment, dims (study,), inside a ``pm.Model``."""
    import pymc as pm

    data: Any = rows.data
    total = data["events_treatment"] + data["events_control"]
    return pm.CustomDist(
        "events_treatment", theta, total, data["n_treatment"], data["n_control"],
        logp=_log_probability, observed=data["events_treatment"], dims="study", dtype="float64",
    )  # fmt: skip


def _log_probability(events: Any, theta: Any, total: Any, one: Any, two: Any) -> Any:  # noqa: ANN401
    """Return the log probability in PyTensor: divisions along a last axis."""
    import pytensor.tensor as pt

    u = pt.arange(pt.max(total) + 1.0)
    theta_, total_, one_, two_ = (item[:, None] for item in (theta, total, one, two))
    possible = (u <= total_) & (u <= one_) & (total_ - u <= two_)
    inside = pt.switch(possible, u, pt.maximum(0.0, total_ - two_))
    terms = _ways(one_, inside) + _ways(two_, total_ - inside) + inside * theta_
    whole = pt.logsumexp(pt.switch(possible, terms, -np.inf), axis=1)
    return _ways(one, events) + _ways(two, total - events) + events * theta - whole


def _ways(n: Any, k: Any) -> Any:  # noqa: ANN401
    import pytensor.tensor as pt

    return pt.gammaln(n + 1) - pt.gammaln(k + 1) - pt.gammaln(n - k + 1)


def _flat(theta: FloatArray) -> FloatArray:
    return np.asarray(theta).reshape(-1, np.shape(theta)[-1])
