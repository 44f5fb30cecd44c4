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


def new_effect(view: View) -> str | None:
    """Return the name of the effect in a new study; None where there is none, or one a kind."""
    known = [name for name in view.news if name in view.names.every]
    return known[0] if len(known) == 1 and len(view.news) == 1 else None


def new_estimates(view: View, standard_error: FloatArray) -> NormalMixture:
    """Return the distribution of the estimate of a new study, a batch of shape (study,).

    Moderators have their means. Exact where the posterior stores it as a mixture of normals; else
    a mixture over at most 4000 of its draws, evenly spaced.

    Parameters
    ----------
    standard_error
        Of the new studies, shape (study,); at 0, this is the effect itself.

    Raises
    ------
    PosteriorError
        If the posterior says nothing of new studies.
    """
    view.names.require(next(iter(view.news), schema.THETA_NEW))
    kind = view.kinds[0]
    row = np.eye(len(view.coefficients))[[view.centre(kind)]]
    if view.is_exact and isinstance(view.integral, Integral):
        known = view.integral.combination(row, new_study=True, kind=kind)
        variance = known.scale[0] ** 2 + standard_error[:, np.newaxis] ** 2
        location = np.broadcast_to(known.location[0], variance.shape)
        return NormalMixture(known.weight[0], location, np.sqrt(variance))
    centre = simulated.coefficients(view) @ row[0]
    found = centre + simulated.new_study_shift(view, kind)
    return _of_draws(found.reshape(-1, 1), standard_error)


def _of_draws(effects: FloatArray, standard_error: FloatArray) -> NormalMixture:
    """Return estimates around drawn effects, shape (draw, study or 1), as normal mixtures."""
    location = effects[:: -(-len(effects) // _MOST_DRAWS)].T
    least = _NOTHING * max(float(np.ptp(location)), float(np.abs(location).max()), 1e-300)
    scale = np.maximum(standard_error, least)[:, np.newaxis]
    shape = (len(standard_error), location.shape[-1])
    weight = np.full(shape[-1], 1 / shape[-1])
    return NormalMixture(weight, np.broadcast_to(location, shape), np.broadcast_to(scale, shape))


def _replicates(view: View) -> NormalMixture:
    """Return the estimate of a new study in each study's place, a batch of shape (study,)."""
    data = view.studies
    if view.is_exact and isinstance(view.integral, Integral):
        integral = view.integral
        known = integral.combination(data.design)
        own = np.stack([integral.predictive_variance(np.array([row]))[0]
                        for row in range(len(data.labels))])  # fmt: skip
        per_node = known.scale.shape[-1] // own.shape[-1]
        variance = known.scale[0] ** 2 + np.repeat(own, per_node, axis=-1)
        return NormalMixture(known.weight[0], known.location[0], np.sqrt(variance))
    if view.parts is not None and not view.is_normal_normal:
        raise PosteriorError(
            "Of draws alone, a predictive check is of the normal-normal model; this posterior is "
            f"of {view.word('model')!r} and does not store what it is exactly."
        )
    view.names.require(schema.THETA_NEW)
    centre = simulated.coefficients(view) @ data.design.T
    found = centre + simulated.new_study_shift(view)[..., np.newaxis]
    return _of_draws(found.reshape(-1, len(data.labels)), data.standard_error)


def require_data(view: View, *, use: str) -> None:
    """Raise unless a posterior holds estimates of one outcome, with errors taken as normal.

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
    if len(view.means) > 1:
        raise PosteriorError(
            f"{use} is of one outcome; this posterior has {', '.join(view.means)}. Fit one of them."
        )
    likelihood = None if view.parts is None else view.parts.likelihood
    if likelihood is not None and not likelihood.CONJUGATE:
        raise PosteriorError(
            f"{use} is of estimates with normal errors; the model '{view.word('model')}' takes the "
            "numbers of events themselves."
        )


def predictive_check(posterior: Posterior, *, interval: float = 0.95) -> pd.DataFrame:
    """Return what the model expects of each study's estimate, beside the estimate.

    An estimate is compared with that of a new study of the same standard error, moderators and
    heterogeneity, drawn from the posterior (the mixed predictive distribution of Marshall and
    Spiegelhalter). The study took part in the posterior, so that the check is mild;
    `leave_one_out` is the strict one.

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
        If the posterior lacks the data, is of several outcomes, or says nothing of new studies,
        or the interval is not between 0 and 1.

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
    expected = _replicates(view)
    p = np.array([0.5, 0.5 - interval / 2, 0.5 + interval / 2])
    median, lower, upper = expected.quantile(p).T
    below = expected.cdf(data.estimate[:, np.newaxis])[:, 0]
    return pd.DataFrame({
        "study": list(data.labels), "estimate": data.estimate,
        "standard_error": data.standard_error, "median": median, "lower": lower, "upper": upper,
        "p_below": below,
    })  # fmt: skip
