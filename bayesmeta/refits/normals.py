"""Coefficient priors as normal distributions."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.errors import PriorError
from bayesmeta.priors import normal
from bayesmeta.spec import Prior


class Normals(NamedTuple):
    """Means and precisions, each shape (coefficient,); zero precision is flat."""

    mean: FloatArray
    precision: FloatArray


def normals(priors: Mapping[str, Prior], names: Sequence[str]) -> Normals:
    """Return the priors of the coefficients, which must be normal or flat.

    Raises
    ------
    PriorError
        If one is neither.
    """
    pairs = [_normal(name, priors[name]) for name in names]
    mean, precision = np.array(pairs, dtype=float).T
    return Normals(mean, precision)


def _normal(name: str, prior: Prior) -> tuple[float, float]:
    found = normal(prior)
    if found is None:
        raise PriorError(
            f"{name} ~ {prior}: here only Normal and flat priors of coefficients will do."
        )
    return found.mean, found.precision


def are_normal(priors: Sequence[Prior]) -> bool:
    """Return whether all priors are normal or flat."""
    return all(normal(prior) is not None for prior in priors)
