"""The table of studies: what each reported, and what is believed of it now."""

from collections.abc import Iterable
from statistics import NormalDist
from typing import NamedTuple

import numpy as np
import pandas as pd

from bayesmeta import schema
from bayesmeta.arrays import FloatArray
from bayesmeta.errors import PosteriorError
from bayesmeta.summaries import certified, simulated
from bayesmeta.summaries.groups import existing, group_tables, require_groups
from bayesmeta.summaries.quantities import require_level
from bayesmeta.summaries.quantity import Quantity, Statistics
from bayesmeta.summaries.stored import StudyData
from bayesmeta.summaries.view import Posterior, View, view_of

APPROXIMATE = "approximate"
"""The column that says that the model is fitted to something else than the estimates shown."""


class StudyTables(NamedTuple):
    """The table of study effects, and the numerical error of each posterior number, same rows."""

    effects: pd.DataFrame
    errors: pd.DataFrame


def study_effects(
    posterior: Posterior,
    *,
    interval: float = 0.95,
    shortest: bool = False,
    of: str = schema.STUDY,
) -> pd.DataFrame:
    """Return each study's observed estimate beside its effect in the posterior.

    Parameters
    ----------
    posterior
        From `fit` or `read_posterior`, or any ``DataTree`` with the names of `bayesmeta.schema`.
    interval, shortest
        Probability of the intervals; whether they are the shortest ones, else they are central.
    of
        ``"study"``; or what groups rows and has effects of its own: ``"cluster"`` of `nested`.

    Returns
    -------
    DataFrame
        Of groups one row a group: its name, how many ``estimates`` it has, and
        ``mean, sd, median, lower, upper, error`` of the effect around which its rows' effects
        spread, where moderators have their means. Of studies one row a study, in file order:
        ``study, estimate, standard_error, observed_lower, observed_upper`` as reported (normal
        interval); ``mean, sd, median, lower, upper, error`` of the study's
        effect, exact where the posterior stores what it is exactly; ``weight``,
        its share in the pooled effect as a fraction; and, of effects that may be outliers, what
        says so: ``p_outlier``, a probability, or ``relative_precision``, small for an outlier.
        Estimates of a likelihood of counts are approximate, with 1/2 added where there is none, as
        a column ``approximate`` says: the model is fitted to the counts. Effects are nan where the
        posterior neither stores them nor says that it is normal-normal, from which they would
        follow; so are weights.

    Raises
    ------
    PosteriorError
        If the posterior holds no studies, or no such groups, or the interval is not between 0
        and 1.

    Examples
    --------
    Estimates are drawn towards the pooled effect, the imprecise ones most (Normand 1999):

    >>> import bayesmeta as bm
    >>> table = bm.read_studies("examples/data/normand1999.csv")
    >>> effects = bm.effect_sizes(table, "MD", unit="days")
    >>> priors = {"mu": "flat", "tau": "HalfNormal(sigma=10)"}
    >>> posterior = bm.fit(effects, priors=priors, engine="exact")
    >>> shown = ["study", "estimate", "median", "weight"]
    >>> bm.study_effects(posterior)[shown].head(3).round(2)
                    study  estimate  median  weight
    0           Edinburgh     -20.0  -19.51    0.11
    1      Orpington-Mild      -2.0   -2.06    0.12
    2  Orpington-Moderate     -55.0  -53.50    0.12
    """
    view = view_of(posterior)
    if of != schema.STUDY:
        require_groups(view, of)
        return group_tables(view, interval=interval, shortest=shortest).effects
    return _effects(view, _quantities(view), interval=interval, shortest=shortest)


def study_tables(view: View, *, interval: float, shortest: bool) -> StudyTables:
    """Return the table of study effects, and the error of each of its posterior numbers."""
    found = list(_quantities(view))
    effects = _effects(view, found, interval=interval, shortest=shortest)
    errors = [quantity.errors(interval, shortest=shortest) for quantity in found]
    return StudyTables(effects, pd.DataFrame(_joined(errors, len(effects))))


def _quantities(view: View) -> Iterable[Quantity]:
    """Return the study effects, in batches; none where nobody knows them."""
    if not view.names.has(schema.THETA):
        return ()
    if view.is_exact:
        return certified.study_effects(view.integral)
    return (simulated.study_effects(view),)


def _effects(
    view: View, found: Iterable[Quantity], *, interval: float, shortest: bool
) -> pd.DataFrame:
    require_level(interval)
    data, moments = _data(view), view.moments(schema.THETA)
    count, centre = len(data.labels), "mean" if moments >= 1 else "median"
    parts, errors = [], []
    for each in found:
        parts.append(each.statistics(interval, shortest=shortest))
        errors.append(each.centre_error(centre))
    columns = {
        "study": list(data.labels),
        **_observed(data, interval),
        **({APPROXIMATE: np.ones(count, dtype=bool)} if view.is_approximate else {}),
        **existing(_joined(parts, count), moments),
        "weight": weights(view, data),
        **view.marks,
        "error": np.concatenate(errors or [_none(count)]),
    }
    return pd.DataFrame(columns)


def weights(view: View, data: StudyData) -> FloatArray:
    """Return each study's share in the pooled effect, shape (study,).

    Where the posterior does not store it, but says that it is normal-normal: the share by inverse
    variance, tau's draws averaged. Nan elsewhere: shares are then defined by nobody.
    """
    stored = view.group(schema.WEIGHTS)
    if stored is not None and schema.STUDY_WEIGHT in stored:
        return stored[schema.STUDY_WEIGHT].to_numpy().astype(float)
    if not view.is_normal_normal:
        return np.full(len(data.labels), np.nan)
    tau = np.zeros(1)
    if schema.TAU in view.sampled:
        tau = simulated.quantity(view, schema.TAU).pooled
    total = np.zeros(len(data.labels))
    for value in tau:
        total += _shares(data, value)
    return total / tau.size


def _shares(data: StudyData, tau: float) -> FloatArray:
    """Return the shares of the studies in mu at one tau: mu's row of (X' W X)^-1 X' W."""
    weighted = data.design / (data.standard_error**2 + tau**2)[:, np.newaxis]
    return np.asarray(np.linalg.solve(data.design.T @ weighted, weighted.T)[0])


def _data(view: View) -> StudyData:
    data = view.studies
    if not data.labels:
        raise PosteriorError("The view has no dimension 'study'; it says nothing of studies.")
    if not data.known and not view.names.has(schema.THETA):
        raise PosteriorError(
            "The view has neither study effects 'theta' nor the data to draw them from: "
            "'estimate' in observed_data and 'standard_error' in constant_data."
        )
    return data


def _joined(parts: list[Statistics], count: int) -> dict[str, FloatArray]:
    """Return the numbers of batches of studies as columns; nan where there are none."""
    every = parts or [Statistics(*[_none(count)] * len(Statistics._fields))]
    return {
        name: np.concatenate([getattr(part, name) for part in every]) for name in Statistics._fields
    }


def _none(count: int) -> FloatArray:
    return np.full(count, np.nan)


def _observed(data: StudyData, level: float) -> dict[str, FloatArray]:
    half = NormalDist().inv_cdf((1 + level) / 2) * data.standard_error
    return {
        "estimate": data.estimate,
        "standard_error": data.standard_error,
        "observed_lower": data.estimate - half,
        "observed_upper": data.estimate + half,
    }
