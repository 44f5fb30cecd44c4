"""The table of predictions: the effect where the moderators have chosen values."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from bayesmeta import schema
from bayesmeta.arrays import FloatArray
from bayesmeta.errors import PosteriorError
from bayesmeta.location import LOCATIONS, filled
from bayesmeta.studies import Column
from bayesmeta.summaries import certified, simulated
from bayesmeta.summaries.quantities import require_level
from bayesmeta.summaries.quantity import Quantity
from bayesmeta.summaries.view import Posterior, View, view_of

_NUMBERS = ("mean", "sd", "median", "lower", "upper", "p_below_0", "error")

type Values = float | str | Sequence[float] | Sequence[str]


def predict(
    posterior: Posterior,
    *,
    interval: float = 0.95,
    shortest: bool = False,
    **moderators: Values,
) -> pd.DataFrame:
    """Return the mean effect, and the effect in a new study, at chosen moderator values.

    Parameters
    ----------
    posterior
        From `fit` or `read_posterior`, or any ``DataTree`` with the names of `bayesmeta.schema`.
    interval, shortest
        Probability of the intervals; whether they are the shortest ones, else they are central.
    **moderators
        Values by column, of equal number; a number that is not given stands at its mean over
        the studies.

    Returns
    -------
    DataFrame
        One row a value: the moderators; ``mean, sd, median, lower, upper, p_below_0, error`` of
        the mean effect, the same with ``new_`` before them of the effect in a new study (nan where
        the posterior neither stores one nor says that it is normal-normal), and
        ``extrapolates``: whether a moderator lies outside what the studies had.

    Raises
    ------
    PosteriorError
        If moderators are given and the model has none.
    ModelError
        If a name is no moderator, or a level is unknown.

    Examples
    --------
    Simulated trials of 2 to 12 weeks:

    >>> import bayesmeta as bm
    >>> table = bm.read_studies("examples/data/rtms_SIMULATED.csv")
    >>> effects = bm.effect_sizes(table, "MD", outcome="TNF-alpha")
    >>> posterior = bm.fit(effects, moderators="duration_weeks", engine="exact")
    >>> found = bm.predict(posterior, duration_weeks=[2, 12])
    >>> found[["duration_weeks", "median", "lower", "upper", "extrapolates"]].round(1)
       duration_weeks  median  lower  upper  extrapolates
    0             2.0    -2.2   -6.3    1.5         False
    1            12.0   -12.6  -17.1   -7.5         False
    """
    view = view_of(posterior)
    require_level(interval)
    found = [_of_kind(view, kind, moderators, level=interval, shortest=shortest)
             for kind in view.kinds]  # fmt: skip
    return pd.concat(found, ignore_index=True)


def _of_kind(
    view: View, kind: str, moderators: Mapping[str, Values], *, level: float, shortest: bool
) -> pd.DataFrame:
    """Return the predictions of one outcome, or level of tau; of all there is where none is."""
    rows, given, outside = _rows(view, moderators)
    rows = _moved(rows, view.centre(kind), len(view.means))
    columns: dict[str, object] = {} if view.parts is None or not kind else {
        view.parts.heterogeneity.KIND: [kind] * len(rows)
    }  # fmt: skip
    columns |= given
    for prefix, name in (("", schema.MU), ("new_", schema.THETA_NEW)):
        if not view.names.has(name):
            columns |= {f"{prefix}{column}": np.full(len(rows), np.nan) for column in _NUMBERS}
            continue
        effect = _effects(view, rows, new_study=bool(prefix), kind=kind)
        found = _numbers(view, name, effect, level=level, shortest=shortest)
        columns |= {f"{prefix}{column}": value for column, value in found.items()}
    return pd.DataFrame(columns | {"extrapolates": outside})


def _moved(rows: FloatArray, place: int, count: int) -> FloatArray:
    """Return design rows of the first outcome as those of another: each term has one an outcome."""
    if count == 1:
        return rows
    by_term = rows.reshape(len(rows), -1, count)
    return np.roll(by_term, place, axis=-1).reshape(rows.shape)


def _rows(
    view: View, moderators: Mapping[str, Values]
) -> tuple[FloatArray, dict[str, Column], Column]:
    """Return design rows, the values they stand for, and which extrapolate."""
    if view.is_without_slopes:
        if moderators:
            raise PosteriorError(f"The model has no moderators; {', '.join(moderators)} given.")
        return np.eye(1, len(view.coefficients)), {}, np.array([False])
    values = {name: _listed(value) for name, value in moderators.items()}
    empty = [name for name, value in values.items() if len(value) == 0]
    if empty:
        raise PosteriorError(f"{empty[0]} has no values; give one at least.")
    part = LOCATIONS["formula"] if view.parts is None else view.parts.location
    rows, given = part.rows(view.location, values)
    rows = filled(rows, len(view.coefficients))
    seen = view.location.moderators
    outside = [_outside(given[name], seen[name]) for name in given if name in seen]
    return rows, given, np.any([*outside, np.zeros(len(rows), dtype=bool)], axis=0)


def _listed(value: Values) -> Sequence[float] | Sequence[str]:
    if isinstance(value, str):
        return [value]
    return [value] if isinstance(value, int | float) else value


def _outside(given: Column, seen: Column) -> Column:
    if seen.dtype.kind != "f":
        return np.zeros(given.size, dtype=bool)
    return np.asarray((given < seen.min()) | (given > seen.max()))


def _effects(view: View, rows: FloatArray, *, new_study: bool, kind: str) -> Quantity:
    if view.is_exact:
        return certified.combination(view.integral, rows, new_study=new_study, kind=kind)
    return simulated.combinations(view, rows, new_study=new_study, kind=kind)


def _numbers(
    view: View, name: str, effect: Quantity, *, level: float, shortest: bool
) -> dict[str, FloatArray]:
    found = effect.statistics(level, shortest=shortest)._asdict()
    error = effect.errors(level, shortest=shortest)
    moments = view.moments(name)
    missing = {1: ("mean", np.nan), 2: ("sd", np.inf)}
    none = [said for order, said in missing.items() if moments < order]
    found |= {column: np.full_like(found[column], value) for column, value in none}
    below = effect.cdf(np.array([0.0]))[..., 0]
    return found | {"p_below_0": below, "error": error.mean if moments >= 1 else error.median}
