"""Draws of what follows from a model's parameters, as its parts say."""

from collections.abc import Mapping

import numpy as np

from bayesmeta import schema
from bayesmeta.arrays import FloatArray
from bayesmeta.assembly import Assembly, is_of_one_unit, units
from bayesmeta.derived import Contrast, Derived
from bayesmeta.engines.derived import free

MU_CONTRAST = "mu_contrast"
"""The dimension of differences of mean effects."""

type _Variables = dict[str, tuple[tuple[str, ...], FloatArray]]


def contrasts(assembly: Assembly) -> list[Contrast]:
    """Return the contrasts of coefficients that have a unit."""
    every, stated = assembly.parts.contrasts(assembly.coefficients), units(assembly)
    return [item for item in every if is_of_one_unit(item, stated)]


def following(
    assembly: Assembly, coefficients: FloatArray, hyperparameters: Mapping[str, FloatArray]
) -> _Variables:
    """Return variables with their dimensions.

    Parameters
    ----------
    coefficients
        Shape (chain, draw, coefficient).
    hyperparameters
        By name, each of shape (chain, draw).
    """
    dims = (schema.CHAIN, schema.DRAW)
    found: _Variables = {}
    values = assembly.valued(hyperparameters)
    for variable, items in _by_variable(assembly).items():
        drawn = [np.broadcast_to(item.value(values), coefficients.shape[:-1]) for item in items]
        vector = items[0].dim
        found[variable] = (
            ((*dims, vector), np.stack(drawn, axis=-1)) if vector else (dims, np.array(drawn[0]))
        )
    if sums := contrasts(assembly):
        rows = np.stack([item.row(assembly.coefficients) for item in sums])
        found[schema.MU_DIFFERENCE] = ((*dims, MU_CONTRAST), coefficients @ rows.T)
    return found


def _by_variable(assembly: Assembly) -> dict[str, list[Derived]]:
    found: dict[str, list[Derived]] = {}
    for item in free(assembly):
        found.setdefault(item.variable, []).append(item)
    return found


def named(assembly: Assembly) -> dict[str, list[str]]:
    """Return the labels of the dimensions of those variables."""
    found: dict[str, list[str]] = {}
    for item in free(assembly):
        if item.dim:
            found.setdefault(item.dim, []).append(item.label)
    if sums := contrasts(assembly):
        found[MU_CONTRAST] = [item.name.partition("[")[2].removesuffix("]") for item in sums]
    return found
