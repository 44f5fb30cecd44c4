"""One density as numbers that a file can hold, and back."""

from collections.abc import Mapping

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.sinc.density import SincDensity
from bayesmeta.sinc.path import Path
from bayesmeta.sinc.support import Support

_NUMBERS = ("lower", "upper", "first", "step", "moments")
_BULKS = ("centre", "scale")


def stored(density: SincDensity, name: str = "tau") -> dict[str, float]:
    """Return what, beside its log weights, tells one density: numbers by name.

    The centre and the scale of a second bulk end in ``_2``, and so on.

    Parameters
    ----------
    density
        A batch of shape (1,).
    name
        Of what it is the density: what the numbers' names begin with.
    """
    path = density.path
    values = (path.support.lower, path.support.upper, density.first, density.step, density.moments)
    numbers = [float(np.ravel(value)[0]) for value in values]
    found = {f"{name}_{key}": number for key, number in zip(_NUMBERS, numbers, strict=True)}
    for bulk, pair in enumerate(zip(path.centre[0].tolist(), path.scale[0].tolist(), strict=True)):
        found |= {_named(name, key, bulk): number for key, number in zip(_BULKS, pair, strict=True)}
    return found


def restored(
    log_weight: FloatArray, numbers: Mapping[str, float], name: str = "tau"
) -> SincDensity:
    """Return a density, a single one, from its log weights and numbers.

    Parameters
    ----------
    log_weight
        Shape (node,).
    numbers
        What `stored` gave; others are passed over.
    name
        Of what it is the density.
    """
    found = {key: np.float64(numbers[f"{name}_{key}"]) for key in _NUMBERS}
    bulks = next(
        count for count in range(1, len(numbers) + 1)
        if _named(name, "scale", count) not in numbers
    )  # fmt: skip
    centre, scale = (
        np.array([numbers[_named(name, key, bulk)] for bulk in range(bulks)]) for key in _BULKS
    )
    return SincDensity(
        path=Path(Support(found["lower"], found["upper"]), centre, scale),
        first=np.asarray(found["first"]),
        step=np.asarray(found["step"]),
        log_weight=log_weight,
        moments=float(found["moments"]),
    )


def _named(name: str, key: str, bulk: int) -> str:
    return f"{name}_{key}" if bulk == 0 else f"{name}_{key}_{bulk + 1}"
