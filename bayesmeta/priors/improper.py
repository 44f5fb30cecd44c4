"""Priors that are a word and have no total mass, for the exact engine.

The definitions are those of Röver (2020), J Stat Softw 93(6), with s the
standard errors; the overall Jeffreys prior is written for any design.
"""

from collections.abc import Callable
from inspect import signature
from typing import Never

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.errors import PriorError
from bayesmeta.priors.context import Context
from bayesmeta.priors.family import Family
from bayesmeta.priors.positive import SUITS_TAU, positive_line
from bayesmeta.priors.symmetric import SUITS_MU
from bayesmeta.priors.traits import Bell, Functions, Support, Tail


def _flat(x: FloatArray, log_x: FloatArray) -> FloatArray:
    return np.zeros_like(x)


def _uniform(x: FloatArray, log_x: FloatArray) -> FloatArray:
    return np.where(x < 0, -np.inf, np.zeros_like(log_x))


def _sqrt(x: FloatArray, log_x: FloatArray) -> FloatArray:
    return _positive(x, -0.5 * log_x)


def _jeffreys(x: FloatArray, log_x: FloatArray, *, context: Context) -> FloatArray:
    """Return log(sqrt(sum((tau / (s**2 + tau**2))**2)))."""
    return _positive(x, log_x + 0.5 * context.log_weight_sum(log_x, power=2.0))


def _overall_jeffreys(x: FloatArray, log_x: FloatArray, *, context: Context) -> FloatArray:
    """Return log(sqrt(sum((tau / (s**2 + tau**2))**2) * det(X' W X)))."""
    mean = 0.5 * context.log_information(log_x)
    return _positive(x, _jeffreys(x, log_x, context=context) + mean)


def _berger_deely(x: FloatArray, log_x: FloatArray, *, context: Context) -> FloatArray:
    """Return log(prod(tau / (s**2 + tau**2))**(1/k))."""
    return _positive(x, log_x - context.mean_log_variance(log_x))


def _positive(x: FloatArray, value: FloatArray) -> FloatArray:
    return np.where((x < 0) | np.isnan(value), -np.inf, value)


def _whole_line() -> Support:
    return (-np.inf, np.inf)


def _word(
    name: str,
    log_density: Callable[..., FloatArray],
    tail: Callable[..., Tail],
    *,
    suits: frozenset[str] = SUITS_TAU,
    bell: Callable[..., Bell] | None = None,
) -> Family:
    def refuse(*_: FloatArray, **__: object) -> Never:
        raise PriorError(f"{name} has no total mass, so it has neither probabilities nor draws.")

    return Family(
        name=name,
        kinds={},
        forms=((),),
        suits=suits,
        functions=Functions(log_density, refuse, refuse, refuse),
        support=_whole_line if suits == SUITS_MU else positive_line,
        tail=tail,
        proper=False,
        contextual="context" in signature(log_density).parameters,
        bell=bell,
    )


def _inverse_tail(*, context: Context | None) -> Tail:
    return Tail(1.0)


def _overall_tail(*, context: Context | None) -> Tail:
    return Tail(2.0 if context is None else 1.0 + context.coefficients)


FLAT = _word("flat", _flat, lambda: Tail(0.0), suits=SUITS_MU, bell=lambda: Bell(0.0, np.inf))
UNIFORM_WORD = _word("uniform", _uniform, lambda: Tail(0.0))
SQRT = _word("sqrt", _sqrt, lambda: Tail(0.5))
JEFFREYS = _word("Jeffreys", _jeffreys, _inverse_tail)
OVERALL_JEFFREYS = _word("overallJeffreys", _overall_jeffreys, _overall_tail)
BERGER_DEELY = _word("BergerDeely", _berger_deely, _inverse_tail)
