"""Quantities of a posterior that stores its mixture."""

from typing import TYPE_CHECKING

import numpy as np

from bayesmeta import schema
from bayesmeta.measures.effects import FloatArray
from bayesmeta.measures.typical_variance import typical_variance
from bayesmeta.sinc import Fraction, Square
from bayesmeta.summaries.contents import StudyData, design_mean, study_data, terms
from bayesmeta.summaries.mixed import Exact, Mixture, mixture_of, tau_of

if TYPE_CHECKING:
    import xarray as xr


def quantity(posterior: "xr.DataTree", group: "xr.Dataset", name: str) -> Exact:
    """Return one quantity, by its name."""
    mixture = mixture_of(group)
    if name in (schema.TAU, schema.TAU2, schema.I2):
        return _heterogeneity(posterior, group, name)
    if name == schema.THETA_NEW:
        return mixture.combination(_unit(mixture, 0), new_study=True)
    names = [schema.MU, *(schema.slope(term) for term in terms(posterior))]
    if name in names:
        return mixture.combination(_unit(mixture, names.index(name)))
    if name == schema.INTERCEPT:
        row = np.concatenate([[1.0], -np.asarray(design_mean(posterior))])
        return mixture.combination(row)
    return _study_effect(mixture, study_data(posterior), name)


def _heterogeneity(posterior: "xr.DataTree", group: "xr.Dataset", name: str) -> Exact:
    tau = tau_of(group)
    if name == schema.TAU:
        return Exact(tau)
    if name == schema.TAU2:
        return Exact(tau.transformed(Square()))
    data = study_data(posterior)
    typical = typical_variance(data.standard_error, data.design)
    return Exact(tau.transformed(Fraction(np.nan if typical is None else typical)))


def _study_effect(mixture: Mixture, data: StudyData, name: str) -> Exact:
    row = [schema.study_effect(label) for label in data.labels].index(name)
    return mixture.study_effect(data.take(slice(row, row + 1)))


def _unit(mixture: Mixture, column: int) -> FloatArray:
    return np.asarray(np.eye(mixture.mean.shape[1])[column])
