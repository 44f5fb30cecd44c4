"""Proper priors that are a word: their scale is a typical standard error of the data.

The definitions are those of Röver (2020), J Stat Softw 93(6). The conventional
prior is normalised by quadrature; the others are Lomax distributions of tau or of tau**2.
"""

from collections.abc import Callable, Mapping

import numpy as np
from scipy import special

from bayesmeta.arrays import FloatArray
from bayesmeta.mixtures.probabilities import probability
from bayesmeta.priors.context import STEP, Context
from bayesmeta.priors.family import Density, Family
from bayesmeta.priors.inversion import invert
from bayesmeta.priors.positive import SUITS_TAU, positive_line
from bayesmeta.priors.traits import Functions, Graph, Tail, Variable
from bayesmeta.priors.waiting import LOMAX

type Alias = Callable[[Context], Density]


def _du_mouchel(context: Context) -> Density:
    """Return the density s0 / (s0 + tau)**2."""
    return Density(LOMAX, {"alpha": 1.0, "scale": context.harmonic_sd})


def _shrinkage(context: Context) -> Density:
    """Return the density 2 * s0**2 * tau / (s0**2 + tau**2)**2."""
    return Density(LOMAX, {"alpha": 1.0, "scale": context.harmonic_sd**2}, on="tau2")


def _i2(context: Context) -> Density:
    """Return the density that makes I2 uniform on 0 to 1."""
    return Density(LOMAX, {"alpha": 1.0, "scale": context.typical_sd**2}, on="tau2")


def _functions(alias: Alias) -> Functions:
    def log_density(x: FloatArray, log_x: FloatArray, *, context: Context) -> FloatArray:
        return alias(context).log_density_both(x, log_x)

    def cdf(x: FloatArray, *, context: Context) -> FloatArray:
        return alias(context).cdf(x)

    def survival(x: FloatArray, *, context: Context) -> FloatArray:
        return alias(context).survival(x)

    def quantile(p: FloatArray, *, context: Context) -> FloatArray:
        return alias(context).quantile(p)

    return Functions(log_density, cdf, survival, quantile)


def _conventional_log_density(x: FloatArray, log_x: FloatArray, *, context: Context) -> FloatArray:
    """Return log(prod(tau / (s**2 + tau**2)**(3/2))**(1/k)), normalised."""
    kernel = log_x - 1.5 * context.mean_log_variance(log_x)
    # Far out both terms pass the largest double only where log(x) itself is infinite.
    outside = (x < 0) | np.isinf(log_x)
    return np.where(outside, -np.inf, kernel - context.log_conventional_mass)


def _conventional_cdf(x: FloatArray, *, context: Context) -> FloatArray:
    u, log_mass = context.conventional
    share = np.exp(log_mass + np.log(STEP) - context.log_conventional_mass)
    # Sinc quadrature of an indefinite integral (Kearfott 1983): the sine integral smooths steps.
    steps = (np.log(np.maximum(x, 0))[..., np.newaxis] - u) / STEP
    return probability(np.sum(share * (0.5 + special.sici(np.pi * steps)[0] / np.pi), axis=-1))


def _conventional_survival(x: FloatArray, *, context: Context) -> FloatArray:
    return 1 - _conventional_cdf(x, context=context)


def _conventional_quantile(p: FloatArray, *, context: Context) -> FloatArray:
    def cdf(x: FloatArray) -> FloatArray:
        return _conventional_cdf(x, context=context)

    return np.where(p < 1, invert(cdf, p, positive=True), np.inf)


def _conventional_numbers(*, context: Context) -> Mapping[str, FloatArray]:
    return {
        "standard_error": context.standard_error,
        "log_mass": np.asarray(context.log_conventional_mass),
    }


def _conventional_member(*, standard_error: FloatArray, **_: object) -> Density:
    return Density(CONVENTIONAL, {}, context=Context(np.asarray(standard_error)))


def _conventional_start(*, standard_error: Variable, **_: Variable) -> Variable:
    return standard_error.mean()


def _conventional_graph(
    x: Variable, *, standard_error: Variable, log_mass: Variable, given: object
) -> Variable:
    import pytensor.tensor as pt

    variance = standard_error**2 + pt.as_tensor_variable(x)[..., None] ** 2
    return pt.log(x) - 1.5 * pt.mean(pt.log(variance), axis=-1) - log_mass


def _word(name: str, functions: Functions, *, tail: float, graph: Graph | None = None) -> Family:
    return Family(
        name=name,
        kinds={},
        forms=((),),
        suits=SUITS_TAU,
        functions=functions,
        support=positive_line,
        tail=lambda **_: Tail(tail),
        contextual=True,
        graph=graph,
    )


ALIASES: dict[str, Alias] = {"DuMouchel": _du_mouchel, "shrinkage": _shrinkage, "I2": _i2}
CONVENTIONAL = _word(
    "conventional",
    Functions(
        _conventional_log_density,
        _conventional_cdf,
        _conventional_survival,
        _conventional_quantile,
    ),
    tail=2.0,
    graph=Graph(
        _conventional_graph,
        start=_conventional_start,
        numbers=_conventional_numbers,
        restore=_conventional_member,
    ),
)
DU_MOUCHEL = _word("DuMouchel", _functions(_du_mouchel), tail=2.0)
SHRINKAGE = _word("shrinkage", _functions(_shrinkage), tail=3.0)
I2 = _word("I2", _functions(_i2), tail=3.0)
