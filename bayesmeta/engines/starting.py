"""Where chains start."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from bayesmeta import schema
from bayesmeta.arrays import FloatArray
from bayesmeta.assembly import Assembly
from bayesmeta.engines.callback import slices
from bayesmeta.engines.compiled import Compiled
from bayesmeta.engines.packing import Blocks

_FARTHEST = 10.0  # standard units: a vague prior's centre may be far from anything the data say


@dataclass(frozen=True, eq=False)
class Start:
    """Points within one unit of a centre; called with a chain's seed.

    Parameters
    ----------
    centre
        Unconstrained parameters, joined, shape (point,).
    """

    centre: FloatArray

    def __call__(self, seed: int) -> FloatArray:
        """Return the point where the chain of this seed starts."""
        return self.centre + np.random.default_rng(seed).uniform(-1, 1, self.centre.size)

    @classmethod
    def of(cls, assembly: Assembly, code: Compiled, blocks: Blocks) -> Self:
        """Return the starting points of a model.

        Parameters
        ----------
        assembly
            In standard units. The pooled effect starts at the estimates' mean, all else where its
            prior has its centre.
        """
        values = code.centre(blocks)
        centre = np.concatenate([np.ravel(value) for value in values.values()])
        centre = np.clip(centre, -_FARTHEST, _FARTHEST)
        if schema.MU in values:  # under this name it has no bounds
            centre[slices(code.shapes)[schema.MU]] = np.mean(assembly.effects.estimate)
        return cls(centre)
