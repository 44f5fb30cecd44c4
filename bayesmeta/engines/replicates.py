"""Draws of what has not been seen: parameters from their priors, the same studies once more."""

from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

from bayesmeta import schema
from bayesmeta.arrays import FloatArray
from bayesmeta.assembly import Assembly
from bayesmeta.engines.by_study import by_row, kept
from bayesmeta.engines.lazy import when_read
from bayesmeta.priors import draw, is_proper

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bayesmeta.engines.drawn import Draws, Variables

_PRIOR, _PREDICTIVE = 2, 3
"""Streams of random numbers beside those of the engine."""


def from_priors(
    assembly: Assembly, shape: tuple[int, ...], generator: np.random.Generator
) -> "tuple[FloatArray, Mapping[str, FloatArray]]":
    """Return draws of the coefficients, (*shape, coefficient), and of the hyperparameters.

    Every prior must be proper.
    """
    priors = {**assembly.priors, **assembly.coefficient_priors}

    def one(name: str) -> FloatArray:
        return draw(priors[name], shape, seed=generator, context=assembly.context)

    coefficients = np.stack([one(name) for name in assembly.coefficients], axis=-1)
    return coefficients, {item.name: one(item.name) for item in assembly.hyperparameters}


def repeated(
    assembly: Assembly, drawn: "Draws", generator: np.random.Generator
) -> tuple[FloatArray, FloatArray]:
    """Return study effects and estimates of the same studies done anew, (chain, draw, study)."""
    parts, values, rows = assembly.parts, dict(by_row(assembly, drawn)), assembly.rows
    centre = drawn.coefficients @ assembly.design.T
    if parts.heterogeneity.NORMAL:
        values |= parts.bias.expected(values, rows, centre.shape, generator)
        spread = parts.spread(values, rows)
        theta = centre + spread.draw(centre.shape, generator)
    else:
        theta = parts.heterogeneity.new_study(centre, values, generator)
        values |= parts.bias.expected(values, rows, centre.shape, generator)
        own = np.sqrt(parts.bias.variance(values, rows))
        theta = theta + own * generator.standard_normal(centre.shape) if np.ndim(own) else theta
    return theta, parts.likelihood.draw(theta, values, rows, generator)


def posterior_predictive(assembly: Assembly, drawn: "Draws", *, seed: int) -> xr.Variable:
    """Return the estimates of the same studies done anew, made when they are read.

    Their effects are new ones too: what the log likelihood integrates over.
    """
    own = kept(drawn)

    def estimates() -> FloatArray:
        return repeated(assembly, own, np.random.default_rng([seed, _PREDICTIVE]))[1]

    shape = (*own.coefficients.shape[:2], len(assembly.effects))
    later: Any = when_read(shape, estimates)
    return xr.Variable((schema.CHAIN, schema.DRAW, schema.STUDY), later)


def priors_drawn(
    assembly: Assembly,
    like: "Mapping[str, xr.Variable]",
    follow: "Callable[[FloatArray, Mapping[str, FloatArray], np.random.Generator], Variables]",
    *,
    seed: int,
) -> dict[str, xr.Variable]:
    """Return the variables of a posterior drawn from the priors, made when one is read.

    Nothing where a prior has no total mass.

    Parameters
    ----------
    like
        The posterior's variables, whose names, dimensions and shapes these have.
    follow
        Makes them of coefficients, hyperparameters and a generator.
    """
    if not all(is_proper(prior) for prior in assembly.priors.values()):
        return {}
    shape = next(iter(like.values())).shape[:2]

    @cache
    def every() -> "Variables":
        generator = np.random.default_rng([seed, _PRIOR])
        with np.errstate(over="ignore", invalid="ignore"):  # of tails that leave all numbers
            return follow(*from_priors(assembly, shape, generator), generator)

    def later(name: str) -> Any:  # noqa: ANN401  (what xarray takes for an array)
        return when_read(like[name].shape, lambda: np.array(every()[name][1], dtype=float))

    return {name: xr.Variable(one.dims, later(name)) for name, one in like.items()}
