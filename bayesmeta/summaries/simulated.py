"""Quantities of a posterior that is known by its draws alone."""

from typing import TYPE_CHECKING

import numpy as np

from bayesmeta import schema
from bayesmeta.covariance import Diagonal
from bayesmeta.measures.effects import FloatArray
from bayesmeta.measures.typical_variance import typical_variance
from bayesmeta.summaries.contents import StudyData, design_mean, sampled_group, study_data, terms
from bayesmeta.summaries.sampled import Draws

if TYPE_CHECKING:
    import xarray as xr


def quantity(posterior: "xr.DataTree", name: str) -> Draws:
    """Return the draws of one quantity; what is not stored follows from what is."""
    if name in (schema.TAU, schema.TAU2):
        tau = _stored(posterior, schema.TAU)
        return Draws(tau if name == schema.TAU else tau**2, support=(0.0, np.inf))
    if name == schema.I2:
        return Draws(_fraction(posterior), support=(0.0, 1.0))
    if name == schema.INTERCEPT:
        return Draws(_intercept(posterior))
    if name in (schema.MU, schema.THETA_NEW):
        shift = new_study_shift(posterior) if name == schema.THETA_NEW else 0.0
        return Draws(_stored(posterior, schema.MU) + shift)
    return Draws(_slope_or_study(posterior, name))


def coefficients(posterior: "xr.DataTree") -> FloatArray:
    """Return the draws of mu and the slopes, shape (chain, draw, coefficient)."""
    mu = _stored(posterior, schema.MU)[..., np.newaxis]
    if not terms(posterior):
        return mu
    return np.concatenate([mu, _stored(posterior, schema.BETA, schema.TERM)], axis=-1)


def combinations(posterior: "xr.DataTree", rows: FloatArray, *, new_study: bool = False) -> Draws:
    """Return row @ coefficients for each row, as one batch; with tau's spread for a new study."""
    centre = np.moveaxis(coefficients(posterior) @ rows.T, -1, 0)
    return Draws(centre + new_study_shift(posterior) if new_study else centre)


def study_effects(posterior: "xr.DataTree", data: StudyData) -> Draws:
    """Return all study effects as one batch: as stored, or drawn given mu and tau."""
    if schema.THETA in sampled_group(posterior):
        return Draws(np.moveaxis(_stored(posterior, schema.THETA, schema.STUDY), -1, 0))
    centre = coefficients(posterior) @ data.design.T
    if schema.TAU not in sampled_group(posterior):
        return Draws(np.moveaxis(centre, -1, 0))
    tau = _stored(posterior, schema.TAU)[..., np.newaxis]
    sampling = Diagonal(data.standard_error**2)
    known = Diagonal(tau**2).given(sampling, estimate=data.estimate, centre=centre)
    noise = _generator(posterior, 2).standard_normal(centre.shape)
    return Draws(np.moveaxis(known.mean + np.sqrt(known.variance) * noise, -1, 0))


def new_study_shift(posterior: "xr.DataTree") -> FloatArray:
    """Return draws of theta_new - mu, shape (chain, draw): 0 where study effects do not differ."""
    mu = _stored(posterior, schema.MU)
    if schema.THETA_NEW in sampled_group(posterior):
        return _stored(posterior, schema.THETA_NEW) - mu
    if schema.TAU not in sampled_group(posterior):
        return np.zeros_like(mu)
    noise = _generator(posterior, 1).standard_normal(mu.shape)
    return _stored(posterior, schema.TAU) * noise


def _stored(posterior: "xr.DataTree", name: str, last: str | None = None) -> FloatArray:
    order = (schema.CHAIN, schema.DRAW, *([last] if last else []))
    return np.asarray(sampled_group(posterior)[name].transpose(*order).values, dtype=float)


def _fraction(posterior: "xr.DataTree") -> FloatArray:
    if schema.I2 in sampled_group(posterior):
        return _stored(posterior, schema.I2)
    data = study_data(posterior)
    typical = typical_variance(data.standard_error, data.design)
    variance = _stored(posterior, schema.TAU) ** 2
    return np.asarray(variance / (variance + (typical or np.nan)))


def _intercept(posterior: "xr.DataTree") -> FloatArray:
    if schema.INTERCEPT in sampled_group(posterior):
        return _stored(posterior, schema.INTERCEPT)
    drawn, centre = coefficients(posterior), design_mean(posterior)
    return np.asarray(drawn[..., 0] - drawn[..., 1:] @ np.asarray(centre))


def _slope_or_study(posterior: "xr.DataTree", name: str) -> FloatArray:
    slopes = [schema.slope(term) for term in terms(posterior)]
    if name in slopes:
        return _stored(posterior, schema.BETA, schema.TERM)[..., slopes.index(name)]
    data = study_data(posterior)
    row = [schema.study_effect(label) for label in data.labels].index(name)
    return np.asarray(study_effects(posterior, data).values[row])


def _generator(posterior: "xr.DataTree", stream: int) -> np.random.Generator:
    return np.random.default_rng([int(posterior.attrs.get("seed", 1)), stream])
