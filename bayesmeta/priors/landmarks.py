"""Where a prior has its mass: points to look at before integrating it."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.priors.composed import TRUNCATED, log_mass
from bayesmeta.priors.family import Density

if TYPE_CHECKING:
    from collections.abc import Mapping

_LEVELS = np.array([0.01, 0.25, 0.5, 0.75, 0.99])
_FARTHEST = 700.0
ONE_PART = _LEVELS.size
"""How many landmarks a prior has that is no mixture and no table."""


def landmarks(density: Density) -> FloatArray:
    """Return logs of points where a positive quantity's prior has its mass, shape (..., point).

    Quantiles of every part of a mixture, the points of a table; none of a prior without total
    mass, or whose quantiles take a search of their own.

    Examples
    --------
    >>> from bayesmeta.priors import density
    >>> from bayesmeta.spec import parse_prior
    >>> landmarks(density(parse_prior("LogNormal(mu=2, sigma=1)"))).round(3)
    array([-0.326,  1.326,  2.   ,  2.674,  4.326])
    """
    with np.errstate(all="ignore"):
        logs = np.log(_points(density))
    logs = logs if density.on == "tau" else logs / 2
    return np.clip(np.where(np.isnan(logs), -_FARTHEST, logs), -_FARTHEST, _FARTHEST)


def _points(density: Density) -> FloatArray:
    """Return points on the scale that the family is on; NaN where a part has no mass."""
    family = density.family
    parameters: Mapping[str, Any] = {**family.defaults, **density.parameters}
    if family.name == "Mixture":
        return _side_by_side([_points(member) for member in parameters["comp_dists"]])
    if family.name == "Table":
        columns = np.stack([np.asarray(point, dtype=float) for point in parameters["x"]], axis=-1)
        return columns.reshape(*columns.shape[:-2], columns.shape[-1])
    if family.name == "Truncated":
        bounds = parameters["lower"], parameters["upper"]
        if parameters["dist"].family.name in ("Mixture", "Table"):
            return _truncated(parameters["dist"], *bounds)
        if not np.all(np.isfinite(log_mass(density))):  # no quantiles where nothing is left
            return np.clip(_points(parameters["dist"]), *bounds)
    if not family.proper or family.name == "conventional":
        return np.empty(0)
    return replace(density, on="tau").quantile(_LEVELS)


def _truncated(inner: Density, lower: FloatArray, upper: FloatArray) -> FloatArray:
    """Return the points of each part of a truncated mixture, as if truncated alone."""
    if inner.family.name == "Table":
        return np.clip(_points(inner), lower, upper)
    members: Any = inner.parameters["comp_dists"]
    bounds = {"lower": lower, "upper": upper}
    parts = [Density(TRUNCATED, {"dist": member, **bounds}) for member in members]
    return _side_by_side([_points(part) for part in parts])


def _side_by_side(parts: list[FloatArray]) -> FloatArray:
    shape = np.broadcast_shapes(*(part.shape[:-1] for part in parts))
    return np.concatenate([np.broadcast_to(p, (*shape, p.shape[-1])) for p in parts], axis=-1)
