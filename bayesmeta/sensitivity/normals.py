"""Coefficient priors as normal distributions."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from bayesmeta.errors import PriorError
from bayesmeta.measures.effects import FloatArray
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
    match prior.distribution, prior.parameters.get("mu"), prior.parameters.get("sigma"):
        case "flat", _, _:
            return 0.0, 0.0
        case "Normal", float() as mu, float() as sigma:
            return mu, sigma**-2
    raise PriorError(f"{name} ~ {prior}: here only Normal and flat priors of coefficients will do.")


def are_normal(priors: Sequence[Prior]) -> bool:
    """Return whether all priors are normal or flat."""
    return all(prior.distribution in ("Normal", "flat") for prior in priors)
