"""One density of tau as numbers that a file can hold, and back."""

from collections.abc import Mapping

import numpy as np

from bayesmeta.mixtures.inversion import FloatArray
from bayesmeta.sinc.density import SincDensity
from bayesmeta.sinc.path import Path
from bayesmeta.sinc.support import Support

_NUMBERS = ("lower", "upper", "first", "step", "moments")
_BULKS = ("centre", "scale")


def stored(density: SincDensity) -> dict[str, float]:
    """Return what, beside its log weights, tells one density: numbers by name.

    The centre and the scale of a second bulk end in ``_2``, and so on.

    Parameters
    ----------
    density
        Of tau, a batch of shape (1,).
    """
    path = density.path
    values = (path.support.lower, path.support.upper, density.first, density.step, density.moments)
    numbers = [float(np.ravel(value)[0]) for value in values]
    found = {f"tau_{name}": number for name, number in zip(_NUMBERS, numbers, strict=True)}
    for bulk, pair in enumerate(zip(path.centre[0].tolist(), path.scale[0].tolist(), strict=True)):
        found |= {_named(name, bulk): number for name, number in zip(_BULKS, pair, strict=True)}
    return found


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
    bulks = next(count for count in range(1, len(numbers)) if _named("scale", count) not in numbers)
    centre, scale = (
        np.array([numbers[_named(name, bulk)] for bulk in range(bulks)]) for name in _BULKS
    )
    return SincDensity(
        path=Path(Support(found["lower"], found["upper"]), centre, scale),
        first=np.asarray(found["first"]),
        step=np.asarray(found["step"]),
        log_weight=log_weight,
        moments=float(found["moments"]),
    )


def _named(name: str, bulk: int) -> str:
    return f"tau_{name}" if bulk == 0 else f"tau_{name}_{bulk + 1}"
