"""What an engine drew, and what a DataTree's variables are made of."""

from collections.abc import Collection, Hashable, Mapping
from dataclasses import dataclass, field

import xarray as xr

from bayesmeta.arrays import FloatArray
from bayesmeta.engines.weights import StudyWeights

type Variables = dict[str, tuple[tuple[str, ...], FloatArray]]
"""Dimensions and values by name."""


def labels_of(labels: xr.Coordinates, dims: Collection[Hashable]) -> xr.Coordinates:
    """Return the labels of some dimensions, with the indices that they have already."""
    used = [name for name in labels.variables if name in dims]
    return xr.Coordinates(
        {name: labels.variables[name] for name in used},
        indexes={name: labels.xindexes[name] for name in used},
    )


@dataclass(frozen=True, eq=False)
class Draws:
    """What an engine drew.

    Parameters
    ----------
    coefficients
        Shape (chain, draw, coefficient): mu, then the slopes, per raw unit.
    hyperparameters
        By name, each of shape (chain, draw).
    theta
        Shape (chain, draw, study) where the engine sampled them; else drawn here.
    weights
        Posterior mean of each study's share in mu, where the engine knows it exactly.
    attributes
        What else to say of the fit, as text and numbers.
    groups
        Further groups, such as ``sample_stats`` and ``mixture``.
    """

    coefficients: FloatArray
    hyperparameters: Mapping[str, FloatArray] = field(default_factory=dict)
    theta: FloatArray | None = None
    weights: StudyWeights | None = None
    attributes: Mapping[str, str | int | float] = field(default_factory=dict)
    groups: Mapping[str, xr.Dataset] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
