"""What there is of each study at each draw: its effect, its log likelihood; made when read.

They are most of what a posterior holds, and few look at them.
"""

from copy import deepcopy
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

from bayesmeta import schema
from bayesmeta.arrays import FloatArray
from bayesmeta.assembly import Assembly, is_conjugate, is_line
from bayesmeta.covariance import Blocks, Clustered, Covariance, Values
from bayesmeta.engines.lazy import when_read
from bayesmeta.engines.lines import Conditional

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bayesmeta.engines.drawn import Draws


def by_row(assembly: Assembly, drawn: "Draws") -> Values:
    """Return the hyperparameters so that they broadcast against rows."""
    return assembly.valued({name: v[..., np.newaxis] for name, v in drawn.hyperparameters.items()})


def study_effects(
    assembly: Assembly, drawn: "Draws", generator: np.random.Generator
) -> xr.Variable:
    """Return study effects given coefficients and hyperparameters, dims (chain, draw, study)."""
    own, start = kept(drawn), deepcopy(generator)

    def effects() -> FloatArray:
        values, centre = dict(by_row(assembly, own)), own.coefficients @ assembly.design.T
        again, chance = deepcopy(start), chance_of_bias(assembly, own)
        if chance is not None:
            there = (again.random(chance.shape) < chance).astype(float)
            values |= {f"biased[{row}]": there[..., row, np.newaxis]
                       for row in range(chance.shape[-1])}  # fmt: skip
        known = assembly.parts.shrinkage(values, assembly.rows)
        return np.asarray(centre + known.draw(assembly.effects.estimate - centre, again))

    shape = (*own.coefficients.shape[:2], len(assembly.effects))
    theta: Any = when_read(shape, effects) if drawn.theta is None else drawn.theta
    return xr.Variable((schema.CHAIN, schema.DRAW, schema.STUDY), theta)


def log_likelihood(assembly: Assembly, drawn: "Draws") -> xr.Variable:
    """Return log p(y | coefficients, hyperparameters), study effects integrated out.

    By study; by cluster where estimates of one are not independent. Where study effects do not
    integrate out in closed form, log p(y | theta); to a power, with them integrated out.
    """
    own, estimate = kept(drawn), assembly.effects.estimate

    def given_coefficients() -> FloatArray:
        residual = estimate - own.coefficients @ assembly.design.T
        covariance, bias = _covariance(assembly, own), assembly.parts.bias
        value = (
            covariance.log_density(residual)
            if bias.CERTAIN
            else bias.log_density(
                residual, covariance.variance, by_row(assembly, own), assembly.rows
            )
        )
        return value if assembly.powers is None else assembly.powers * value

    def given_effects() -> FloatArray:
        density = assembly.parts.likelihood.log_density
        return density(estimate, np.asarray(own.theta), by_row(assembly, own), assembly.rows)

    def powered() -> FloatArray:
        assert assembly.powers is not None  # noqa: S101  (asked where there are powers)
        return assembly.powers * _asked(assembly, own, Conditional.log_rows)

    conjugate = is_conjugate(assembly.model)
    unit, count = _units(assembly, own) if conjugate else (schema.STUDY, estimate.size)
    other = given_effects if assembly.powers is None else powered
    shape = (*own.coefficients.shape[:2], count)
    value = when_read(shape, given_coefficients if conjugate else other)
    return xr.Variable((schema.CHAIN, schema.DRAW, unit), value)


def chance_of_bias(assembly: Assembly, drawn: "Draws") -> FloatArray | None:
    """Return how probable a bias of each study is in each draw; None where nobody asks."""
    bias = assembly.parts.bias
    if bias.CERTAIN:
        return None
    if is_line(assembly.model) and not bias.COEFFICIENTS:
        return _asked(assembly, drawn, Conditional.chances)
    centre = drawn.coefficients @ assembly.design.T
    covariance = _covariance(assembly, drawn)
    there = drawn.coefficients[..., -1] if bias.COEFFICIENTS else np.zeros(centre.shape[:-1])
    residual = assembly.effects.estimate - centre
    return bias.probability(
        residual, there, covariance.variance, by_row(assembly, drawn), assembly.rows
    )


def _asked(
    assembly: Assembly,
    drawn: "Draws",
    of: "Callable[[Conditional, FloatArray, Mapping[str, FloatArray]], FloatArray]",
) -> FloatArray:
    """Return what rows say given each draw, shape (chain, draw, study)."""
    centre = drawn.coefficients @ assembly.design.T
    values = {name: value.ravel() for name, value in drawn.hyperparameters.items()}
    found = of(Conditional.of(assembly), centre.reshape(-1, centre.shape[-1]), values)
    return found.reshape(centre.shape)


def _units(assembly: Assembly, drawn: "Draws") -> tuple[str, int]:
    """Return the dimension of rows, or groups of rows, that are independent; how many there are."""
    one = {name: value[:1, :1] for name, value in drawn.hyperparameters.items()}
    covariance = _covariance(assembly, replace(drawn, hyperparameters=one))
    if not isinstance(covariance, Clustered | Blocks):
        return schema.STUDY, len(assembly.effects)
    groups, own = assembly.layout.groups, covariance.groups
    return next(role for role in groups if groups[role] is own), len(own)


def _covariance(assembly: Assembly, drawn: "Draws") -> Covariance:
    return assembly.parts.covariance(by_row(assembly, drawn), assembly.rows)


def kept(drawn: "Draws") -> "Draws":
    """Return draws of its own: whoever has the posterior may change what it holds."""
    own = {name: np.array(value) for name, value in drawn.hyperparameters.items()}
    return replace(drawn, coefficients=np.array(drawn.coefficients), hyperparameters=own)
