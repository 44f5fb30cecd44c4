"""Distributions of a correlation, between -1 and 1."""

from collections.abc import Mapping

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.priors.beta import BETA
from bayesmeta.priors.family import Argument, Family
from bayesmeta.priors.traits import LIGHT, Functions, Graph, Kind, Support, Tail, Variable

SUITS_CORRELATION = frozenset({"correlation"})
_PAIR = 2.0


def _log_density(
    x: FloatArray, log_x: FloatArray, *, alpha: FloatArray, beta: FloatArray
) -> FloatArray:
    share = (1 + x) / 2
    found = BETA.functions.log_density(share, log_x, alpha=alpha, beta=beta) - np.log(2)
    return np.asarray(found)


def _cdf(x: FloatArray, *, alpha: FloatArray, beta: FloatArray) -> FloatArray:
    return BETA.functions.cdf((1 + x) / 2, alpha=alpha, beta=beta)


def _survival(x: FloatArray, *, alpha: FloatArray, beta: FloatArray) -> FloatArray:
    return BETA.functions.survival((1 + x) / 2, alpha=alpha, beta=beta)


def _quantile(p: FloatArray, *, alpha: FloatArray, beta: FloatArray) -> FloatArray:
    return 2 * BETA.functions.quantile(p, alpha=alpha, beta=beta) - 1


def _support(**_: Argument) -> Support:
    return (-1.0, 1.0)


def _tail(**_: Argument) -> Tail:
    return LIGHT


def _ends(**_: Variable) -> tuple[Variable, Variable]:
    return (-1.0, 1.0)


def _graph(x: Variable, *, alpha: Variable, beta: Variable) -> Variable:
    import pymc as pm

    return pm.logp(pm.Beta.dist(alpha=alpha, beta=beta), (1 + x) / 2) - np.log(2)


def _draws(*, alpha: Variable, beta: Variable, size: Variable) -> Variable:
    import pymc as pm

    return 2 * pm.Beta.dist(alpha=alpha, beta=beta, size=size) - 1


def _start(*, alpha: Variable, beta: Variable) -> Variable:
    return (alpha - beta) / (alpha + beta)  # the mean


STRETCHED_BETA = Family(
    name="StretchedBeta",
    kinds={"alpha": Kind.SHAPE, "beta": Kind.SHAPE},
    forms=(("alpha", "beta"),),
    suits=SUITS_CORRELATION,
    functions=Functions(_log_density, _cdf, _survival, _quantile),
    support=_support,
    tail=_tail,
    graph=Graph(_graph, _draws, _start, ends=_ends),
)


def _of_one(*, eta: Argument, outcomes: Argument = _PAIR) -> Mapping[str, Argument]:
    """Return the margin of one correlation, Beta(b, b) stretched, b = eta - 1 + outcomes / 2."""
    shape = np.asarray(eta) - 1 + np.asarray(outcomes) / 2
    return {"alpha": shape, "beta": shape}


def _both(eta: Variable, outcomes: Variable) -> dict[str, Variable]:
    shape = eta - 1 + outcomes / 2
    return {"alpha": shape, "beta": shape}


def _lkj_graph(x: Variable, *, eta: Variable, outcomes: Variable = _PAIR) -> Variable:
    return _graph(x, **_both(eta, outcomes))


def _lkj_draws(*, eta: Variable, size: Variable, outcomes: Variable = _PAIR) -> Variable:
    return _draws(**_both(eta, outcomes), size=size)


def _lkj_start(*, eta: Variable, outcomes: Variable = _PAIR) -> Variable:
    return 0 * eta


LKJ = Family(
    name="LKJ",
    kinds={"eta": Kind.SHAPE, "outcomes": Kind.SHAPE},
    forms=(("eta", "outcomes"),),
    suits=SUITS_CORRELATION,
    functions=STRETCHED_BETA.functions,
    canonical=_of_one,
    support=_support,
    tail=_tail,
    defaults={"outcomes": _PAIR},
    graph=Graph(_lkj_graph, _lkj_draws, _lkj_start, ends=_ends),
)
