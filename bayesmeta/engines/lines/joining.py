"""Densities, each a batch of one, as one batch."""

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.sinc import SincDensity


def joined_densities(found: list[SincDensity], *, moments: FloatArray | float) -> SincDensity:
    """Return densities, each a batch of one, as one batch of shape (1, density)."""
    width = max(each.log_weight.shape[-1] for each in found)

    def padded(name: str) -> FloatArray:
        arrays = [getattr(each, name)[0] for each in found]
        filled = [np.pad(a, (0, width - a.size), constant_values=-np.inf) for a in arrays]
        return np.stack(filled)[np.newaxis]

    path = found[0].path
    centre, scale = (
        np.stack([getattr(each.path, name)[0] for each in found])[np.newaxis]
        for name in ("centre", "scale")
    )
    return SincDensity(
        path._replace(centre=centre, scale=scale),
        np.stack([each.first[0] for each in found])[np.newaxis],
        np.stack([each.step[0] for each in found])[np.newaxis],
        padded("log_weight"),
        moments=moments,
        rough=padded("rough"),
    )
