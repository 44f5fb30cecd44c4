"""The table of predictions: the effect where the moderators have chosen values."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from bayesmeta import schema
from bayesmeta.errors import PosteriorError
from bayesmeta.location import Location, new_rows
from bayesmeta.measures.effects import FloatArray
from bayesmeta.studies import Column
from bayesmeta.summaries import simulated
from bayesmeta.summaries.contents import design_mean, group, study_data, terms, word
from bayesmeta.summaries.mixed import mixture_of
from bayesmeta.summaries.quantities import require_level
from bayesmeta.summaries.quantity import Quantity
from bayesmeta.summaries.summary import finite_moments

if TYPE_CHECKING:
    import xarray as xr

type Values = float | str | Sequence[float] | Sequence[str]


def predict(
    posterior: "xr.DataTree",
    *,
    interval: float = 0.95,
    shortest: bool = False,
    **moderators: Values,
) -> pd.DataFrame:
    """Return the mean effect, and the effect in a new study, at chosen moderator values.

    Parameters
    ----------
    interval, shortest
        Probability of the intervals; whether they are the shortest ones.
    moderators
        Values by column, of equal number; a number that is not given stands at its mean over
        the studies.

    Returns
    -------
    DataFrame
        One row a value: the moderators; ``mean, sd, median, lower, upper, p_below_0, error`` of
        the mean effect, the same with ``new_`` before them of the effect in a new study, and
        ``extrapolates``: whether a moderator lies outside what the studies had.

    Raises
    ------
    PosteriorError
        If moderators are given and the model has none.
    ModelError
        If a name is no moderator, or a level is unknown.

    Examples
    --------
    ``bm.predict(posterior, duration_weeks=[2, 4, 8, 12])``
    """
    require_level(interval)
    rows, given, outside = _rows(posterior, moderators)
    columns: dict[str, object] = dict(given)
    for prefix, name in (("", schema.MU), ("new_", schema.THETA_NEW)):
        effect = _effects(posterior, rows, new_study=bool(prefix))
        found = _numbers(posterior, name, effect, level=interval, shortest=shortest)
        columns |= {f"{prefix}{column}": value for column, value in found.items()}
    return pd.DataFrame(columns | {"extrapolates": outside})


def _rows(
    posterior: "xr.DataTree", moderators: Mapping[str, Values]
) -> tuple[FloatArray, dict[str, Column], Column]:
    """Return centred design rows, the values they stand for, and which extrapolate."""
    if not terms(posterior):
        if moderators:
            raise PosteriorError(f"The model has no moderators; {', '.join(moderators)} given.")
        return np.ones((1, 1)), {}, np.array([False])
    values = {name: _listed(value) for name, value in moderators.items()}
    location = location_of(posterior)
    rows, given = new_rows(location, values)
    outside = [_outside(given[name], seen) for name, seen in location.moderators.items()]
    return rows, given, np.any([*outside, np.zeros(len(rows), dtype=bool)], axis=0)


def _listed(value: Values) -> Sequence[float] | Sequence[str]:
    if isinstance(value, str):
        return [value]
    return [value] if isinstance(value, int | float) else value


def location_of(posterior: "xr.DataTree") -> Location:
    """Return the design with what it was made of, as the posterior stores it.

    Raises
    ------
    PosteriorError
        If the posterior does not store its moderators.
    """
    stored, centre = group(posterior, schema.MODERATORS), design_mean(posterior)
    if stored is None or centre is None or not word(posterior, "formula"):
        raise PosteriorError(
            "The posterior does not say how its slopes come from moderators: it needs the group "
            "'moderators', 'design' and 'design_mean' in constant_data, and an attribute 'formula'."
        )
    columns = {str(name): _column(column.values) for name, column in stored.data_vars.items()}
    design = study_data(posterior).design
    return Location(design, terms(posterior), centre, word(posterior, "formula"), columns)


def _column(values: Column) -> Column:
    return values.astype(float) if values.dtype.kind in "fiu" else values.astype(object)


def _outside(given: Column, seen: Column) -> Column:
    if seen.dtype.kind != "f":
        return np.zeros(given.size, dtype=bool)
    return np.asarray((given < seen.min()) | (given > seen.max()))


def _effects(posterior: "xr.DataTree", rows: FloatArray, *, new_study: bool) -> Quantity:
    stored = group(posterior, schema.MIXTURE)
    if stored is None:
        return simulated.combinations(posterior, rows, new_study=new_study)
    return mixture_of(stored).combinations(rows, new_study=new_study)


def _numbers(
    posterior: "xr.DataTree", name: str, effect: Quantity, *, level: float, shortest: bool
) -> dict[str, FloatArray]:
    found = effect.statistics(level, shortest=shortest)._asdict()
    error = effect.errors(level, shortest=shortest)
    moments = finite_moments(posterior, name)
    missing = {1: ("mean", np.nan), 2: ("sd", np.inf)}
    none = [said for order, said in missing.items() if moments < order]
    found |= {column: np.full_like(found[column], value) for column, value in none}
    below = effect.cdf(np.array([0.0]))[..., 0]
    return found | {"p_below_0": below, "error": error.mean if moments >= 1 else error.median}
