"""A model in standard units, so that NUTS sees the same whatever the outcome is measured in."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from bayesmeta import schema
from bayesmeta.arrays import FloatArray
from bayesmeta.assembly import Assembly
from bayesmeta.parameters import Parameter
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
    factors
        What one standard unit of each parameter is in the outcome's, and in its column's.
    """

    assembly: Assembly
    unit: float
    factors: Mapping[str, float]

    @classmethod
    def of(cls, assembly: Assembly) -> Self:
        """Return an assembly in standard units."""
        effects, location = assembly.effects, assembly.location
        # Counts have a scale of their own: a logit has no other unit.
        unit = 1.0 if assembly.data else float(_power_of_two(_spread(assembly)))
        columns = np.ones(location.design.shape[1])
        slopes = location.slopes
        columns[slopes] = _power_of_two(np.mean(np.abs(location.design[:, slopes]), axis=0))
        factors = {item.name: _factor(item, unit, columns) for item in assembly.parameters}
        standard = replace(
            assembly,
            effects=replace(
                effects,
                estimate=effects.estimate / unit,
                standard_error=effects.standard_error / unit,
            ),
            location=replace(location, design=location.design / columns),
            priors={
                name: rescale(prior, 1 / factors[name]) for name, prior in assembly.priors.items()
            },
            fixed={name: value / factors[name] for name, value in assembly.fixed.items()},
        )
        return cls(standard, unit, factors)

    def restore(self, values: dict[str, FloatArray]) -> dict[str, FloatArray]:
        """Return draws in the outcome's unit, and slopes per raw unit of their columns.

        Parameters
        ----------
        values
            By variable; a vector's elements stand along the last axis, in their order.
        """
        return {name: value * self._factors(name) for name, value in values.items()}

    def _factors(self, variable: str) -> FloatArray | float:
        if variable == schema.THETA:
            return self.unit
        if variable in self.factors:
            return self.factors[variable]
        own = [item for item in self.assembly.parameters if item.variable == variable]
        return np.array([self.factors[item.name] for item in own])


def _factor(parameter: Parameter, unit: float, columns: FloatArray) -> float:
    """Return what one standard unit of a parameter is in the outcome's units."""
    per = columns[parameter.column] if parameter.is_coefficient else 1.0
    return float(unit**parameter.unit_power / per)


def _spread(assembly: Assembly) -> float:
    estimate = assembly.effects.estimate
    around = float(np.mean(np.abs(estimate - np.mean(estimate))))
    return max(around, float(np.mean(assembly.effects.standard_error)))


def _power_of_two(size: FloatArray | float) -> FloatArray:
    """Return the nearest power of two: dividing by it rounds nothing."""
    return np.asarray(2.0 ** np.round(np.log2(size)))
