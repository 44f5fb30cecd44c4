"""What the model predicts of estimates: of new studies as precise as those there are."""

import numpy as np
import pandas as pd

from bayesmeta import schema
from bayesmeta.arrays import FloatArray
from bayesmeta.engines.quadrature import Integral
from bayesmeta.errors import PosteriorError
from bayesmeta.mixtures import NormalMixture
from bayesmeta.summaries import simulated
from bayesmeta.summaries.quantities import require_level
from bayesmeta.summaries.view import Posterior, View, view_of

_MOST_DRAWS = 4000
_NOTHING = 1e-9


def new_estimates(
    view: View, standard_error: FloatArray, rows: FloatArray | None = None
) -> NormalMixture:
    """Return the distribution of the estimate of a new study, a batch of shape (study,).

    Exact where the posterior stores it as a mixture of normals; else a mixture over at most 4000
    of its draws, evenly spaced.

    Parameters
    ----------
    standard_error
        Of the new studies, shape (study,); at 0, this is the effect itself.
    rows
        Their designs, shape (study, coefficient); by default moderators have their means.

    Raises
    ------
    PosteriorError
        If the posterior says nothing of new studies.
    """
    view.names.require(next(iter(view.news), schema.THETA_NEW))
    kind = view.kinds[0]
    if rows is None:
        rows = np.tile(np.eye(len(view.coefficients))[view.centre(kind)], (len(standard_error), 1))
    if view.is_exact and isinstance(view.integral, Integral):
        known = view.integral.combination(rows, new_study=True, kind=kind)
        scale = np.sqrt(known.scale[0] ** 2 + standard_error[:, np.newaxis] ** 2)
        return NormalMixture(known.weight[0], known.location[0], scale)
    centre = simulated.coefficients(view) @ rows.T
    found = (centre + simulated.new_study_shift(view, kind)[..., np.newaxis]).reshape(-1, len(rows))
    location = found[:: -(-len(found) // _MOST_DRAWS)].T
    least = _NOTHING * max(float(np.ptp(location)), float(np.abs(location).max()), 1e-300)
    scale = np.maximum(standard_error, least)[:, np.newaxis]
    weight = np.full(location.shape[-1], 1 / location.shape[-1])
    return NormalMixture(weight, location, np.broadcast_to(scale, location.shape))


def require_data(view: View, *, use: str) -> None:
    """Raise unless a posterior holds its studies' estimates, with errors taken as normal.

    Raises
    ------
    PosteriorError
        If it does not.
    """
    if not view.studies.labels or not view.studies.known:
        raise PosteriorError(
            f"{use} needs 'estimate' in observed_data and 'standard_error' in constant_data, each "
            "with the dimension 'study'; the posterior lacks them."
        )
    likelihood = None if view.parts is None else view.parts.likelihood
    if likelihood is not None and not likelihood.CONJUGATE:
        raise PosteriorError(
            f"{use} is of estimates with normal errors; the model '{view.word('model')}' takes the "
            "numbers of events themselves."
        )


def predictive_check(posterior: Posterior, *, interval: float = 0.95) -> pd.DataFrame:
    """Return what the model expects of each study's estimate, beside the estimate.

    An estimate is compared with that of a new study of the same standard error and moderators,
    drawn from the posterior (the mixed predictive distribution of Marshall and Spiegelhalter). The
    study took part in the posterior, so that the check is mild; `leave_one_out` is the strict one.

    Parameters
    ----------
    posterior
        From `fit` or `read_posterior`, or any ``DataTree`` with the names of `bayesmeta.schema`.
    interval
        Probability of the central intervals.

    Returns
    -------
    DataFrame
        A row a study, in file order: ``study``, ``estimate``, ``standard_error``; ``median``,
        ``lower`` and ``upper`` of the estimate that is expected, in the unit of the estimates
        (ratios as logarithms); ``p_below``, the probability of a lower one.

    Raises
    ------
    PosteriorError
        If the posterior lacks the data, or says nothing of new studies, or the interval is not
        between 0 and 1.

    References
    ----------
    Marshall EC, Spiegelhalter DJ (2007). Identifying outliers in Bayesian hierarchical models: a
    simulation-based approach. Bayesian Anal 2(2):409-444.

    Examples
    --------
    Two of nine trials of stroke care are at the edges of what the model expects (Normand 1999):

    >>> import bayesmeta as bm
    >>> table = bm.read_studies("examples/data/normand1999.csv")
    >>> effects = bm.effect_sizes(table, "MD", unit="days")
    >>> priors = {"mu": "flat", "tau": "HalfNormal(sigma=10)"}
    >>> posterior = bm.fit(effects, priors=priors, engine="exact")
    >>> found = bm.predictive_check(posterior).set_index("study")
    >>> found.loc[["Orpington-Moderate", "Orpington-Severe"], "p_below"].round(3).to_list()
    [0.042, 0.017]
    """
    view = view_of(posterior)
    require_level(interval)
    require_data(view, use="A predictive check")
    data = view.studies
    expected = new_estimates(view, data.standard_error, data.design)
    p = np.array([0.5, 0.5 - interval / 2, 0.5 + interval / 2])
    median, lower, upper = expected.quantile(p).T
    below = expected.cdf(data.estimate[:, np.newaxis])[:, 0]
    return pd.DataFrame({
        "study": list(data.labels), "estimate": data.estimate,
        "standard_error": data.standard_error, "median": median, "lower": lower, "upper": upper,
        "p_below": below,
    })  # fmt: skip
