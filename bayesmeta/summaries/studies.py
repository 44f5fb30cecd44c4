"""The table of studies: what each reported, and what is believed of it now."""

from collections.abc import Iterator
from statistics import NormalDist
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from bayesmeta import schema
from bayesmeta.errors import PosteriorError
from bayesmeta.measures.effects import FloatArray
from bayesmeta.summaries import simulated
from bayesmeta.summaries.contents import StudyData, group, sampled_group, study_data
from bayesmeta.summaries.mixed import mixture_of
from bayesmeta.summaries.quantities import require_level
from bayesmeta.summaries.quantity import Quantity, Statistics
from bayesmeta.summaries.summary import finite_moments

if TYPE_CHECKING:
    import xarray as xr


class StudyTables(NamedTuple):
    """The table of study effects, and the numerical error of each posterior number, same rows."""

    effects: pd.DataFrame
    errors: pd.DataFrame


def study_effects(
    posterior: "xr.DataTree", *, interval: float = 0.95, shortest: bool = False
) -> pd.DataFrame:
    """Return each study's observed estimate beside its effect in the posterior.

    Returns
    -------
    DataFrame
        One row a study, in file order: ``study, estimate, standard_error, observed_lower,
        observed_upper`` as reported (normal interval); ``mean, sd, median, lower, upper, error``
        of the study's effect; ``weight``, its share in the pooled effect as a fraction.

    Raises
    ------
    PosteriorError
        If the posterior holds no studies, or the interval is not between 0 and 1.

    Examples
    --------
    ``bm.study_effects(posterior)[["study", "estimate", "median", "weight"]]``
    """
    return study_tables(posterior, interval=interval, shortest=shortest).effects


def study_tables(posterior: "xr.DataTree", *, interval: float, shortest: bool) -> StudyTables:
    """Return the table of study effects, and the error of each of its posterior numbers."""
    require_level(interval)
    data = _data(posterior)
    found = list(_batches(posterior, data))
    rows = _joined([quantity.statistics(interval, shortest=shortest) for quantity in found])
    errors = _joined([quantity.errors(interval, shortest=shortest) for quantity in found])
    existing = "mean" if finite_moments(posterior, schema.THETA) >= 1 else "median"
    columns = {
        "study": list(data.labels),
        **_observed(data, interval),
        **_existing(posterior, rows),
        "weight": weights(posterior, data),
        "error": errors[existing],
    }
    return StudyTables(pd.DataFrame(columns), pd.DataFrame(errors))


def weights(posterior: "xr.DataTree", data: StudyData) -> FloatArray:
    """Return each study's share in the pooled effect, shape (study,).

    Where the posterior does not store it: the share by inverse variance, tau's draws averaged.
    """
    stored = group(posterior, schema.WEIGHTS)
    if stored is not None and schema.STUDY_WEIGHT in stored:
        return stored[schema.STUDY_WEIGHT].to_numpy().astype(float)
    tau = np.zeros(1)
    if schema.TAU in sampled_group(posterior):
        tau = simulated.quantity(posterior, schema.TAU).pooled
    total = np.zeros(len(data.labels))
    for value in tau:
        precision = 1 / (data.standard_error**2 + value**2)
        total += precision / precision.sum()
    return total / tau.size


def prior_weight(posterior: "xr.DataTree") -> float:
    """Return the prior's share in the pooled effect; nan where the posterior does not say."""
    stored = group(posterior, schema.WEIGHTS)
    known = stored is not None and schema.PRIOR_WEIGHT in stored
    return float(stored[schema.PRIOR_WEIGHT]) if known and stored is not None else np.nan


def _data(posterior: "xr.DataTree") -> StudyData:
    data = study_data(posterior)
    if not data.labels:
        raise PosteriorError("The posterior has no dimension 'study'; it says nothing of studies.")
    if not data.known and schema.THETA not in sampled_group(posterior):
        raise PosteriorError(
            "The posterior has neither study effects 'theta' nor the data to draw them from: "
            "'estimate' in observed_data and 'standard_error' in constant_data."
        )
    return data


def _batches(posterior: "xr.DataTree", data: StudyData) -> Iterator[Quantity]:
    stored = group(posterior, schema.MIXTURE)
    if stored is None:
        yield simulated.study_effects(posterior, data)
    else:
        yield from mixture_of(stored).blocks(data)


def _joined(parts: list[Statistics]) -> dict[str, FloatArray]:
    return {
        name: np.concatenate([getattr(part, name) for part in parts]) for name in Statistics._fields
    }


def _existing(posterior: "xr.DataTree", rows: dict[str, FloatArray]) -> dict[str, FloatArray]:
    moments = finite_moments(posterior, schema.THETA)
    missing = {1: ("mean", np.nan), 2: ("sd", np.inf)}
    none = [said for order, said in missing.items() if moments < order]
    return rows | {name: np.full_like(rows[name], value) for name, value in none}


def _observed(data: StudyData, level: float) -> dict[str, FloatArray]:
    half = NormalDist().inv_cdf((1 + level) / 2) * data.standard_error
    return {
        "estimate": data.estimate,
        "standard_error": data.standard_error,
        "observed_lower": data.estimate - half,
        "observed_upper": data.estimate + half,
    }
