"""What each study alone says of its effect: its likelihood, highest at 1."""

from collections.abc import Callable

import numpy as np
import pandas as pd

from bayesmeta.arrays import FloatArray
from bayesmeta.errors import PosteriorError
from bayesmeta.summaries.view import Posterior, View, view_of

type LogDensity = Callable[[FloatArray], FloatArray]

_POINTS = 121
_FAR, _SEARCH = 8.0, 801
"""Standard errors at which is looked for a likelihood's ends, and at how many points."""

_LEAST = 0.01
"""Share of the peak at which a likelihood is cut off at both sides."""


def raindrops(posterior: Posterior) -> pd.DataFrame:
    """Return each study's likelihood over its effect, normalised to a maximum of 1.

    Parameters
    ----------
    posterior
        From `fit` or `read_posterior`, or any ``DataTree`` with the names of `bayesmeta.schema`.

    Returns
    -------
    DataFrame
        121 rows a study: ``study, theta, likelihood``, and ``approximate``, whether the study's
        estimate merely approximates where its likelihood is highest.

    Raises
    ------
    PosteriorError
        If the posterior does not hold the studies' estimates and standard errors, or the data of
        its likelihood where that is of others.

    References
    ----------
    Barrowman NJ, Myers RA (2003). Raindrop plots. Am Stat 57:268-274.

    Examples
    --------
    A normal likelihood is half as high 1.1774 standard errors away:

    >>> import bayesmeta as bm
    >>> effects = bm.effect_sizes(bm.read_studies("examples/data/normand1999.csv"), "MD")
    >>> drops = bm.raindrops(bm.fit(effects, engine="exact")).groupby("study")
    >>> drops["likelihood"].max().round(6).unique()
    array([1.])
    """
    view = view_of(posterior)
    data = view.studies
    if not data.known or not data.labels:
        raise PosteriorError(
            "Raindrops need 'estimate' in observed_data and 'standard_error' in constant_data, "
            "each with the dimension 'study'; the posterior lacks them."
        )
    density, approximate = _density(view)
    theta = curves_over(density, data.estimate, data.standard_error)
    height = density(theta)
    return pd.DataFrame({
        "study": np.repeat(data.labels, _POINTS), "theta": theta.T.ravel(),
        "likelihood": np.exp(height - height.max(axis=0)).T.ravel(), "approximate": approximate,
    })  # fmt: skip


def _density(view: View) -> tuple[LogDensity, bool]:
    """Return log p(data | theta), and whether estimates merely approximate its peak."""
    data, part = view.studies, None if view.parts is None else view.parts.likelihood
    if part is None or part.CONJUGATE:
        return lambda theta: -0.5 * ((theta - data.estimate) / data.standard_error) ** 2, False
    if not view.rows.data:
        raise PosteriorError(
            f"The posterior does not store the data that its likelihood "
            f"{view.model.parts['likelihood'] if view.model else ''!r} is of; raindrops need them."
        )
    values = {name: np.asarray(value) for name, value in view.fixed.items()}
    return lambda theta: part.log_density(data.estimate, theta, values, view.rows), True


def curves_over(
    density: LogDensity, estimate: FloatArray, standard_error: FloatArray
) -> FloatArray:
    """Return points over which each study's likelihood is above a hundredth of its peak.

    A likelihood that does not fall, as of tables without an event in one arm, is cut off eight
    standard errors away.

    Parameters
    ----------
    density
        log p(data | theta): theta of shape (point, study) gives the same shape.
    estimate, standard_error
        Where it lies, and about how wide, shape (study,).

    Returns
    -------
    array
        Shape (121, study), rising.

    Examples
    --------
    >>> points = curves_over(lambda t: -(t**2) / 2, np.zeros(1), np.ones(1))
    >>> points[[0, -1], 0].round(1)
    array([-3.,  3.])
    """
    far = np.linspace(-_FAR, _FAR, _SEARCH)[:, np.newaxis]
    theta = estimate + standard_error * far
    height = density(theta)
    seen = height >= height.max(axis=0) + np.log(_LEAST)
    first, last = seen.argmax(axis=0), _SEARCH - 1 - seen[::-1].argmax(axis=0)
    every = np.arange(estimate.size)
    low, high = theta[first, every], theta[last, every]
    return np.asarray(low + (high - low) * np.linspace(0, 1, _POINTS)[:, np.newaxis])
