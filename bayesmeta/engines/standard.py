"""A model in standard units, so that NUTS sees the same whatever the outcome is measured in."""

from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from bayesmeta import schema
from bayesmeta.assembly import Assembly
from bayesmeta.measures.effects import FloatArray
from bayesmeta.priors import rescale


@dataclass(frozen=True, eq=False)
class Standard:
    """An assembly whose estimates and columns vary by about one, and the way back.

    Parameters
    ----------
    assembly
        The same model with estimates, standard errors, columns and priors in standard units.
    unit
        What one standard unit is in the outcome's.
    columns
        What one standard unit of each slope's column is in the column's, shape (term,).
    """

    assembly: Assembly
    unit: float
    columns: FloatArray

    @classmethod
    def of(cls, assembly: Assembly) -> Self:
        """Return an assembly in standard units."""
        effects, location = assembly.effects, assembly.location
        unit = float(_power_of_two(_spread(assembly)))
        columns = _power_of_two(np.mean(np.abs(location.design[:, 1:]), axis=0))
        scales = dict(zip(assembly.coefficients, (1.0, *columns), strict=True))
        standard = Assembly(
            model=assembly.model,
            effects=replace(
                effects,
                estimate=effects.estimate / unit,
                standard_error=effects.standard_error / unit,
            ),
            location=replace(location, design=location.design / np.array([1.0, *columns])),
            priors={
                name: rescale(prior, scales.get(name, 1.0) / unit)
                for name, prior in assembly.priors.items()
            },
        )
        return cls(standard, unit, columns)

    def restore(self, values: dict[str, FloatArray]) -> dict[str, FloatArray]:
        """Return draws in the outcome's unit, and slopes per raw unit of their columns."""
        factors = {schema.BETA: self.unit / self.columns}
        return {name: value * factors.get(name, self.unit) for name, value in values.items()}


def _spread(assembly: Assembly) -> float:
    estimate = assembly.effects.estimate
    around = float(np.mean(np.abs(estimate - np.mean(estimate))))
    return max(around, float(np.mean(assembly.effects.standard_error)))


def _power_of_two(size: FloatArray | float) -> FloatArray:
    """Return the nearest power of two: dividing by it rounds nothing."""
    return np.asarray(2.0 ** np.round(np.log2(size)))
