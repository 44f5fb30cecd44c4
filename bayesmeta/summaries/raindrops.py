"""What each study alone says of its effect: its likelihood, highest at 1."""

import numpy as np
import pandas as pd

from bayesmeta.errors import PosteriorError
from bayesmeta.summaries.view import Posterior, view_of

_POINTS = 121
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
        If the posterior does not hold the studies' estimates and standard errors.

    References
    ----------
    Barrowman NJ, Myers RA (2003). Raindrop plots. Am Stat 57:268-274.

    Examples
    --------
    A normal likelihood is half as high 1.1774 standard errors away:

    >>> import bayesmeta as bm
    >>> effects = bm.effect_sizes(bm.read_studies("examples/data/normand1999.csv"), "MD")
    >>> drops = raindrops(bm.fit(effects, engine="exact")).groupby("study")
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
    z = np.linspace(-1, 1, _POINTS) * np.sqrt(-2 * np.log(_LEAST))
    return pd.DataFrame({
        "study": np.repeat(data.labels, _POINTS),
        "theta": (data.estimate[:, np.newaxis] + data.standard_error[:, np.newaxis] * z).ravel(),
        "likelihood": np.tile(np.exp(-(z**2) / 2), len(data.labels)),
        "approximate": False,
    })  # fmt: skip
