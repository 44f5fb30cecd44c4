"""One density of tau as numbers that a file can hold, and back."""

from collections.abc import Mapping

import numpy as np

from bayesmeta.mixtures.inversion import FloatArray
from bayesmeta.sinc.density import SincDensity
from bayesmeta.sinc.support import Path, Support

_NUMBERS = ("lower", "upper", "centre", "scale", "first", "step", "moments")


def stored(density: SincDensity) -> dict[str, float]:
    """Return what, beside its log weights, tells one density: seven numbers by name.

    Parameters
    ----------
    density
        Of tau, a batch of shape (1,).
    """
    support = density.path.support
    values = (support.lower, support.upper, density.path.centre, density.path.scale,
              density.first, density.step, density.moments)  # fmt: skip
    numbers = [float(np.ravel(value)[0]) for value in values]
    return {f"tau_{name}": number for name, number in zip(_NUMBERS, numbers, strict=True)}


def restored(log_weight: FloatArray, numbers: Mapping[str, float]) -> SincDensity:
    """Return the density of tau, a single one, from its log weights and numbers.

    Parameters
    ----------
    log_weight
        Shape (node,).
    numbers
        What `stored` gave; others are passed over.
    """
    found = {name: np.float64(numbers[f"tau_{name}"]) for name in _NUMBERS}
    centre, scale = (np.full(1, found[name]) for name in ("centre", "scale"))
    return SincDensity(
        path=Path(Support(found["lower"], found["upper"]), centre, scale),
        first=np.asarray(found["first"]),
        step=np.asarray(found["step"]),
        log_weight=log_weight,
        moments=float(found["moments"]),
    )
