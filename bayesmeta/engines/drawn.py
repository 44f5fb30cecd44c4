"""What an engine drew, and what a DataTree's variables are made of."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import xarray as xr

from bayesmeta.arrays import FloatArray
from bayesmeta.engines.weights import StudyWeights

type Variables = dict[str, tuple[tuple[str, ...], FloatArray]]
"""Dimensions and values by name."""


type Labels = Mapping[str, xr.IndexVariable]
"""Labels by dimension, as indices: made once for all groups that have the dimension."""


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
