"""How study effects spread around their mean: standard deviates of mean 0 and variance 1."""

import math
from collections.abc import Callable

import numpy as np

from bayesmeta.arrays import FloatArray

type Draw = Callable[[np.random.Generator, tuple[int, ...]], FloatArray]

DEGREES_OF_FREEDOM = 4
NORMAL = "normal"


def normal(generator: np.random.Generator, size: tuple[int, ...]) -> FloatArray:
    """Return normal deviates: what every analysis here assumes."""
    return generator.standard_normal(size)


def skewed(generator: np.random.Generator, size: tuple[int, ...]) -> FloatArray:
    """Return exponential deviates less one: skewness 2, nothing below -1."""
    return generator.standard_exponential(size) - 1.0


def heavy(generator: np.random.Generator, size: tuple[int, ...]) -> FloatArray:
    """Return Student-t deviates of 4 degrees of freedom, over the root of their variance, 2."""
    scale = math.sqrt(DEGREES_OF_FREEDOM / (DEGREES_OF_FREEDOM - 2))
    return np.asarray(generator.standard_t(DEGREES_OF_FREEDOM, size)) / scale


SHAPES: dict[str, Draw] = {NORMAL: normal, "skewed": skewed, "t": heavy}
