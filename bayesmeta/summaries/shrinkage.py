"""What tau does to the studies: their effects and the pooled one as functions of it."""

import numpy as np
import pandas as pd

from bayesmeta import schema
from bayesmeta.arrays import FloatArray
from bayesmeta.engines.quadrature import Integral
from bayesmeta.errors import PosteriorError
from bayesmeta.summaries.view import Posterior, View, view_of

_FURTHEST = 0.99
"""Probability of a tau below the largest that is shown."""

_POINTS = 201
_NOTHING = 1e-10
"""Share of a precision that rounding makes."""


def shrinkage_trace(posterior: Posterior) -> pd.DataFrame:
    """Return the pooled effect and each study's effect given tau, over tau.

    With y and s a study's estimate and standard error, and m(tau) the mean of mu given tau::

        E[theta | tau, y] = B y + (1 - B) m(tau)        B = tau**2 / (tau**2 + s**2)

    Parameters
    ----------
    posterior
        Of the normal-normal model without moderators, by the exact engine.

    Returns
    -------
    DataFrame
        A row a value of tau, from 0 to its 99 % quantile: ``tau``, the posterior's
        ``density`` there, ``mu``, and a column for each study under its label.

    Raises
    ------
    PosteriorError
        If the posterior is of another model, not exact, or has a mixture as the prior of mu.

    Examples
    --------
    >>> import bayesmeta as bm
    >>> table = bm.read_studies("examples/data/normand1999.csv")
    >>> effects = bm.effect_sizes(table, "MD", unit="days")
    >>> trace = bm.shrinkage_trace(bm.fit(effects, engine="exact"))
    >>> trace[["mu", "Edinburgh"]].iloc[0].round(2).to_list()
    [-3.46, -3.46]
    """
    view = view_of(posterior)
    _require_plain(view)
    data, quantity = view.studies, view.quantity(schema.TAU)
    most = float(np.ravel(quantity.quantile(np.array([_FURTHEST])))[0])
    tau = np.linspace(0.0, most, _POINTS)
    pooled = _pooled(view, tau)
    kept = tau[:, np.newaxis] ** 2 / (tau[:, np.newaxis] ** 2 + data.standard_error**2)
    effects = kept * data.estimate + (1 - kept) * pooled[:, np.newaxis]
    # The density may be unbounded at 0, and is none below.
    density = np.ravel(quantity.density(np.maximum(tau, tau[1] / _POINTS)))
    parts = {schema.TAU: tau, "density": density, schema.MU: pooled}
    studies = pd.DataFrame(effects, columns=list(data.labels))
    return pd.concat([pd.DataFrame(parts), studies], axis=1)


def _pooled(view: View, tau: FloatArray) -> FloatArray:
    """Return the mean of mu given tau, shape (tau,).

    The prior's precision and its mean times that are what the stored conditional moments have
    beyond the data, at the node that weighs most: at all the same, for a normal or flat prior.
    """
    data, integral = view.studies, view.integral
    assert isinstance(integral, Integral)  # noqa: S101  (of the normal-normal model)
    hyperparameters = integral.values  # noqa: PD011  (of an integral)
    weight = integral.weight[0].reshape(len(integral.mean[0]), -1)
    if weight.shape[1] != 1:
        raise PosteriorError("Effects given tau are not normal: the prior of mu is a mixture.")
    node = int(np.argmax(weight[:, 0]))
    variance = float(np.ravel(integral.covariance[0, node])[0])
    mean = float(np.ravel(integral.mean[0, node])[0])
    there = 1 / (data.standard_error**2 + float(hyperparameters[schema.TAU][0, node]) ** 2)
    precision = max(1 / variance - float(there.sum()), 0.0)
    precision = precision if precision * variance > _NOTHING else 0.0
    product = mean / variance - float(there @ data.estimate) if precision else 0.0
    weights = 1 / (data.standard_error**2 + tau[:, np.newaxis] ** 2)
    found = (weights @ data.estimate + product) / (weights.sum(axis=1) + precision)
    return np.asarray(found, dtype=np.float64)


def _require_plain(view: View) -> None:
    if not view.is_normal_normal or view.spread is None or schema.TAU not in view.hyperparameters:
        raise PosteriorError(
            "How tau shrinks effects is defined for the normal-normal model with one tau alone."
        )
    if view.studies.design.shape[1] != 1:
        raise PosteriorError("Studies with moderators are shrunken to values of their own.")
    if view.group(schema.MIXTURE) is None:
        raise PosteriorError('Effects given tau are known exactly alone; fit with engine="exact".')
