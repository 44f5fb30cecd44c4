"""A positive family from its standard member: x / scale."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.priors.family import Argument, Family, as_given
from bayesmeta.priors.traits import LIGHT, Functions, Graph, Kind, Support, Tail

SUITS_TAU = frozenset({"tau"})


class Standard(NamedTuple):
    """The member of scale 1, in functions of z >= 0 (or p) and the shapes, by keyword."""

    log_density: Callable[..., FloatArray]  # of z and log(z)
    cdf: Callable[..., FloatArray]
    survival: Callable[..., FloatArray]
    quantile: Callable[..., FloatArray]
    of_log: Callable[..., FloatArray] | None = None  # log density of log(z), of z and log(z)


def positive_line(**_: Argument) -> Support:
    """Return the support of every untruncated positive family."""
    return (0.0, np.inf)


def light(**_: Argument) -> Tail:
    """Return the tail of a density that falls faster than any power."""
    return LIGHT


def scale_family(  # noqa: PLR0913  (a family has this many sides)
    name: str,
    standard: Standard,
    *,
    scale: str,
    tail: Callable[..., Tail],
    kinds: Mapping[str, Kind] | None = None,
    forms: tuple[tuple[str, ...], ...] | None = None,
    canonical: Callable[..., Mapping[str, Argument]] = as_given,
    graph: Graph | None = None,
) -> Family:
    """Return the family of x = scale * z; kinds are those of the shapes, unless forms say more."""
    every = {**(kinds or {}), scale: Kind.SCALE} if forms is None else dict(kinds or {})
    return Family(
        name=name,
        kinds=every,
        forms=forms or (tuple(every),),
        suits=SUITS_TAU,
        functions=_scaled(standard, scale),
        support=positive_line,
        tail=lambda **parameters: tail(**_shapes(parameters, scale)),
        canonical=canonical,
        graph=graph,
    )


def _shapes(parameters: Mapping[str, FloatArray], scale: str) -> dict[str, FloatArray]:
    return {name: value for name, value in parameters.items() if name != scale}


def _scaled(standard: Standard, scale: str) -> Functions:
    def log_density(x: FloatArray, log_x: FloatArray, **parameters: FloatArray) -> FloatArray:
        size, shapes = parameters[scale], _shapes(parameters, scale)
        value = standard.log_density(x / size, log_x - np.log(size), **shapes) - np.log(size)
        return np.where((x < 0) | (log_x == np.inf), -np.inf, value)

    def cdf(x: FloatArray, **parameters: FloatArray) -> FloatArray:
        return standard.cdf(np.maximum(x, 0) / parameters[scale], **_shapes(parameters, scale))

    def survival(x: FloatArray, **parameters: FloatArray) -> FloatArray:
        return standard.survival(np.maximum(x, 0) / parameters[scale], **_shapes(parameters, scale))

    def quantile(p: FloatArray, **parameters: FloatArray) -> FloatArray:
        return standard.quantile(p, **_shapes(parameters, scale)) * parameters[scale]

    def of_log(log_x: FloatArray, **parameters: FloatArray) -> FloatArray:
        log_z, shapes = log_x - np.log(parameters[scale]), _shapes(parameters, scale)
        if standard.of_log is None:
            return standard.log_density(np.exp(log_z), log_z, **shapes) + log_z
        return standard.of_log(np.exp(log_z), log_z, **shapes)

    return Functions(log_density, cdf, survival, quantile, of_log)
